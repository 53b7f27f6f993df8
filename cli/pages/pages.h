// pages.h -- the pages of a schema: a README with all tables, a page for each table, one for each kind of other objects.
//
// pages_make writes them into memory; what is on the disk is for cli/commands/docs.c to compare and to write.
#ifndef CLI_PAGES_PAGES_H
#define CLI_PAGES_PAGES_H

#include "cli/workflow/schema_history.h"
#include "core/lint/lint.h"

typedef struct PageFile {
    const char *path; // from the folder of the pages: "tables/user.md"
    Text text;
} PageFile;
typedef VEC(PageFile) PageFiles;

typedef enum PageDiagrams { DIAGRAMS_NONE, DIAGRAMS_MERMAID, DIAGRAMS_SVG } PageDiagrams;

// What the pages tell of.
typedef struct PageSource {
    Arena *arena;
    const Schema *schema;
    const SchemaHistory *history;    // NULL: not asked for
    const LintFindingList *findings; // of the schema
    bool html;
    PageDiagrams diagrams;
} PageSource;

// Fails where a diagram cannot be drawn.
bool pages_make(const PageSource *source, PageFiles *out, Error *err) MUST_USE;

#endif
