// picture.h -- a Schema, or how two of them differ, as a diagram of tables and foreign keys.
//
//     picture_build   one Schema, or a pair with its Changes -> Picture: which tables, which columns, which links
//     picture_split   a Picture -> the blocks that one diagram each may hold
//     picture_mermaid, picture_dot, picture_dbml             -> text
//     picture_svg     the text of picture_dot, laid out by Graphviz
//
// The writers know nothing of files. Names are somebody's: each writer escapes every one of them, so that none can
// end its quotes or break the syntax. Same input, same bytes. Everything lives in the arena of the Picture and points
// into the schemas that it was built from. Only picture_build (a table that does not exist) and picture_svg fail.
#ifndef CORE_PICTURE_PICTURE_H
#define CORE_PICTURE_PICTURE_H

#include "core/dialect/dialect.h"
#include "core/model/change.h"

typedef enum PictureMark { MARK_NONE, MARK_ADDED, MARK_DROPPED, MARK_CHANGED } PictureMark;

typedef enum PictureColumns { PICTURE_ALL, PICTURE_KEYS, PICTURE_NONE } PictureColumns;

typedef struct PictureOptions {
    NameList only;      // globs over "table" and "schema.table"; empty: all tables
    const char *around; // a table: it and what is linked with it over `distance` links; NULL: all tables
    unsigned distance;
    PictureColumns columns;
    bool comments;
    unsigned most_tables; // of one mermaid diagram
} PictureOptions;

typedef struct PictureColumn {
    const Column *column;
    const char *type; // portable where there is a portable form
    bool primary, foreign, unique;
    PictureMark mark;
} PictureColumn;

typedef struct PictureTable {
    const Table *table;
    const char *title; // as a model's key writes it
    PictureMark mark;
    VEC(PictureColumn) columns;
    size_t hidden; // columns that the options leave out
} PictureTable;

// A foreign key between two tables of the picture.
typedef struct PictureLink {
    const Constraint *key;
    size_t child, parent;    // numbers of tables
    NameList parent_columns; // also where the key leaves them to the parent's primary key
    bool one;                // no two rows of the child have the same parent
    bool optional;           // a row of the child need not have one
    PictureMark mark;
} PictureLink;

typedef struct Picture {
    Arena *arena;
    const Dialect *dialect;
    PictureOptions options;
    bool difference;
    VEC(PictureTable) tables; // by schema, then name
    VEC(PictureLink) links;   // by child, then as the table has its keys
} Picture;

// `have` and `changes` (both NULL: no difference is asked for) as diff_schemas gave them: `have` under its new names.
// ERR_USAGE where --around names no table.
bool picture_build(Arena *arena, const Schema *want, const Schema *have, const ChangeList *changes,
                   const PictureOptions *options, Picture *out, Error *err) MUST_USE;

// Which tables each mermaid diagram holds, in the order in which they are drawn. Linked tables stay together as far as
// they fit. A foreign key is drawn in the block of its table; the other end is an empty box where it is in another block.
typedef VEC(size_t) PictureBlock;
typedef VEC(PictureBlock) PictureBlocks;
void picture_split(const Picture *picture, PictureBlocks *out);

// One block as mermaid's erDiagram, without a fence.
void picture_mermaid(const Picture *picture, const PictureBlock *block, StrBuf *out);
// A Markdown document: an index where there are several blocks, and each in its fence.
void picture_markdown(const Picture *picture, const PictureBlocks *blocks, StrBuf *out);
void picture_dot(const Picture *picture, StrBuf *out);  // Graphviz's language, with HTML-like labels
void picture_dbml(const Picture *picture, StrBuf *out); // dbml.org

// Has Graphviz make an SVG of the text of picture_dot: by its library, loaded now, else by its program `dot`.
// ERR_UNSUPPORTED with the name of the package where there is neither.
bool picture_svg(Arena *arena, const char *dot, StrBuf *out, Error *err) MUST_USE;

// What a link is called: its columns.
const char *picture_link_label(Arena *arena, const PictureLink *link);

#endif
