// internal.h -- what the makers of pages share.
#ifndef CLI_PAGES_INTERNAL_H
#define CLI_PAGES_INTERNAL_H

#include "cli/pages/page.h"
#include "cli/pages/pages.h"

typedef struct PageMaker {
    const PageSource *source;
    Arena *arena;
    const Schema *schema;
    const char **table_files; // of each table, by its number: "tables/user"
    PageFiles *out;
} PageMaker;

void pages_add(const PageMaker *maker, const char *file, Page *page); // under its name, with the suffix
// The file of a table's page, without suffix; README for a table that is not one of the schema.
const char *pages_table_file(const PageMaker *maker, const Table *table);
void pages_put_parts(Page *page, const PartList *parts); // "a, lower(b)" as code
// A diagram of the whole schema, or of one table and its neighbours.
bool pages_put_diagram(const PageMaker *maker, Page *page, const Table *around, Error *err) MUST_USE;

bool pages_table(const PageMaker *maker, const Table *table, Error *err) MUST_USE; // table_page.c
bool pages_readme(const PageMaker *maker, Error *err) MUST_USE;                    // readme.c
// The page of all objects of a kind, where there are any (readme.c).
void pages_objects(const PageMaker *maker, ObjectKind kind);

#endif
