// image.h -- the rows of a database, value by value, so that two moments can be compared column by column.
//
// Each value is the text that the dialect gives for it (Dialect.put_value_text); a row is found again by its key. They are read
// in a few queries, however many tables there are. The rows of the first moment are held in memory, as bytes one after the other;
// an image of a later moment holds only those that have changed since.
#ifndef CORE_PROVE_IMAGE_H
#define CORE_PROVE_IMAGE_H

#include "core/db/driver.h"

typedef struct TableImage {
    const Table *table;
    const Column **columns; // those that are stored or computed: all of the table
    size_t column_count;
    const struct TableImage *earlier; // of the same table; NULL: none
    size_t same;                      // so many rows at the beginning are those of `earlier`
    VEC(const char *) own;            // the rows after them, packed (see image_values)
    size_t looked_at;                 // rows of `earlier`, while this one is read
} TableImage;

typedef struct Image {
    Arena *arena;           // its own
    char *room;             // for the next rows
    size_t free;            // bytes of it
    VEC(TableImage) tables; // in the order of the schema
} Image;

// The rows of all tables of a schema that was read from this database, which must outlive them. Virtual and foreign tables are
// left out. `earlier`, which must outlive the new one, was taken before; NULL: none. The caller frees them, also after a failure.
bool image_take(Db *db, const Schema *schema, const Image *earlier, Image *out, Error *err) MUST_USE;
void image_free(Image *image);
size_t image_table_rows(const TableImage *table);
// A row as it is kept. Rows that are the same may have the same address.
const char *image_row(const TableImage *table, size_t n);
// Its values, one for each column; NULL where the engine's text of NULL is none. They live as long as the row.
void image_values(const TableImage *table, const char *row, const char **out);
const TableImage *image_table(const Image *image, const char *schema, const char *name); // NULL: absent
size_t image_rows(const Image *image);

// How a table differs between two images: by rows and by columns.
typedef struct ColumnChange {
    const Column *before, *after; // after NULL: the column is gone
    size_t differs;               // rows of both in which its value is another one
    size_t nulls;                 // of these, where it was NULL before
    const char *key;              // of the first of them: "id = 3"
    const char *moved_to;         // gone: a column of the same values; NULL: none
} ColumnChange;
typedef struct TableChange {
    const TableImage *before, *after; // after NULL: the table is gone; before NULL: it is new
    size_t missing, added;            // rows
    const char *missing_key, *added_key;
    VEC(ColumnChange) columns;
} TableChange;
typedef VEC(TableChange) ImageChanges;

// Tables and columns by their names. Where the type of a column is another one, values that mean the same are equal ("1" and
// "1.00", a date and its midnight); *loose says whether they may.
// Rows without a key are known again by the columns that are `steady`: whose values nothing is expected to have changed. NULL: all.
// Where several rows are alike in these, nobody can tell which is which: their other columns are not compared.
typedef struct ImageSteady {
    bool (*is_steady)(const void *payload, const Table *table, const Column *column);
    bool (*is_lost)(const void *payload, const Table *table,
                    const Column *column); // no row is known by its key then
    const void *payload;
} ImageSteady;
void image_compare(Arena *arena, const Image *before, const Image *after, bool loose,
                   const ImageSteady *steady, ImageChanges *out);

#endif
