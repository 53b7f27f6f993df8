#include "core/prove/image.h"

#include <stdlib.h>
#include <string.h>

#include "core/dialect/sql.h"

enum {
    TABLES_AT_ONCE = 40,
    WIDE =
        1000, // columns: a table of more is read alone, since engines bound how many a query gives (SQLite: 2000)
};

typedef struct Reader {
    Image *image;
    size_t first; // table of the query
    bool alone;   // no number stands before its columns
} Reader;

// --- rows as they are kept -----------------------------------------------------

// A value is a byte that says whether there is one, and its text with the zero at its end.
enum { ABSENT = 1, PRESENT = 2, ROOM = 256 * 1024 };

static char *take_room(Image *image, size_t bytes)
{
    if (bytes > image->free) {
        image->free = bytes > ROOM ? bytes : ROOM;
        image->room = arena_alloc(image->arena, image->free);
    }
    char *place = image->room;
    image->room += bytes;
    image->free -= bytes;
    return place;
}

static const char *keep_row(Image *image, const Row *row, size_t first, size_t count)
{
    size_t bytes = 1;
    for (size_t i = 0; i < count; i++)
        bytes += row_value(row, first + i) ? strlen(row_value(row, first + i)) + 2 : 1;
    char *kept = take_room(image, bytes), *p = kept;
    for (size_t i = 0; i < count; i++) {
        const char *value = row_value(row, first + i);
        size_t n = value ? strlen(value) + 1 : 0;
        *p++ = value ? PRESENT : ABSENT;
        if (n)
            memcpy(p, value, n);
        p += n;
    }
    *p = '\0';
    return kept;
}

static bool is_same_row(const char *kept, const Row *row, size_t first, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const char *value = row_value(row, first + i);
        if (*kept++ != (value ? PRESENT : ABSENT))
            return false;
        if (!value)
            continue;
        size_t n = strlen(value) + 1;
        if (strncmp(kept, value, n) != 0)
            return false;
        kept += n;
    }
    return true;
}

void image_values(const TableImage *table, const char *row, const char **out)
{
    for (size_t i = 0; i < table->column_count; i++) {
        bool present = *row++ == PRESENT;
        out[i] = present ? row : NULL;
        row += present ? strlen(row) + 1 : 0;
    }
}

size_t image_table_rows(const TableImage *table) { return table->same + table->own.count; }

const char *image_row(const TableImage *table, size_t n)
{
    while (n < table->same)
        table = table->earlier;
    return table->own.items[n - table->same];
}

// --- reading -------------------------------------------------------------------

enum { AHEAD = 16 }; // rows that may have gone from between two others, or moved to the end

// The row of the earlier image, if it is there at the place where it was, or soon after; else NULL.
static const char *same_as_earlier(TableImage *table, const Row *row, size_t first)
{
    size_t count = table->earlier ? image_table_rows(table->earlier) : 0, from = table->looked_at;
    for (size_t i = from; i < count && i < from + AHEAD; i++) {
        const char *was = image_row(table->earlier, i);
        if (is_same_row(was, row, first, table->column_count)) {
            table->looked_at = i + 1;
            return was;
        }
    }
    table->looked_at++;
    return NULL;
}

// Engines give the rows of a table that nothing has changed in the same order again, most of the time: while they do, all that is
// kept of them is how many there are.
static bool take_row(void *payload, const Row *row, Error *err)
{
    Reader *reader = payload;
    (void)err;
    const char *number = reader->alone ? NULL : row_value(row, 0);
    size_t index = reader->first + (number ? strtoul(number, NULL, 10) : 0), first = !reader->alone;
    if (index >= reader->image->tables.count)
        return true;
    TableImage *table = &reader->image->tables.items[index];
    const char *was = same_as_earlier(table, row, first);
    if (was && !table->own.count && table->looked_at == table->same + 1)
        table->same++;
    else
        *VEC_PUSH(reader->image->arena, &table->own) =
            was ? was : keep_row(reader->image, row, first, table->column_count);
    return true;
}

// `number` NULL: the table is read alone.
static void put_select(StrBuf *out, const Dialect *dialect, const TableImage *image, const size_t *number,
                       size_t width)
{
    StrBuf name;
    strbuf_init(&name, out->arena);
    strbuf_puts(out, "SELECT ");
    if (number)
        strbuf_printf(out, "%zu", *number);
    for (size_t i = 0; i < width; i++) {
        strbuf_puts(out, i || number ? ", " : "");
        if (i >= image->column_count) {
            strbuf_puts(out, "NULL");
            continue;
        }
        strbuf_clear(&name);
        dialect->put_identifier(&name, image->columns[i]->head.name);
        dialect->put_value_text(out, image->columns[i]->type, name.text);
    }
    sql(out, dialect, KW(" FROM"), QID(image->table->head.schema, image->table->head.name));
}

// One query for many tables: their columns side by side as text, filled up to the widest.
static bool read_tables(Db *db, Image *image, size_t first, size_t count, Error *err)
{
    Reader reader = { image, first, image->tables.items[first].column_count > WIDE };
    StrBuf query;
    size_t width = 0;
    strbuf_init(&query, image->arena);
    for (size_t i = first; i < first + count; i++)
        if (image->tables.items[i].column_count > width)
            width = image->tables.items[i].column_count;
    for (size_t i = first; i < first + count; i++) {
        strbuf_puts(&query, i > first ? " UNION ALL " : "");
        size_t number = i - first;
        put_select(&query, db->dialect, &image->tables.items[i], reader.alone ? NULL : &number, width);
    }
    return db_query_in(db, SCOPE_SCRIPT, query.text, take_row, &reader, err);
}

void image_free(Image *image)
{
    arena_free(image->arena);
    *image = (Image){ 0 };
}

bool image_take(Db *db, const Schema *schema, const Image *earlier, Image *out, Error *err)
{
    Arena *arena = arena_new();
    *out = (Image){ .arena = arena };
    VEC_EACH (Table *, it, &schema->tables) {
        if ((*it)->is_virtual || option_get(&(*it)->head.options, "server") || !(*it)->columns.count)
            continue;
        TableImage image = { .table = *it };
        image.columns = arena_alloc(arena, ((*it)->columns.count + 1) * sizeof(*image.columns));
        VEC_EACH (Column *, column, &(*it)->columns)
            image.columns[image.column_count++] = *column;
        const TableImage *was = earlier ? image_table(earlier, (*it)->head.schema, (*it)->head.name) : NULL;
        if (was && was->column_count == image.column_count)
            image.earlier = was;
        *VEC_PUSH(arena, &out->tables) = image;
    }
    for (size_t first = 0, count; first < out->tables.count; first += count) {
        count = 1;
        while (count < TABLES_AT_ONCE && first + count < out->tables.count &&
               out->tables.items[first].column_count <= WIDE &&
               out->tables.items[first + count].column_count <= WIDE)
            count++;
        if (!read_tables(db, out, first, count, err))
            return false;
    }
    return true;
}

const TableImage *image_table(const Image *image, const char *schema, const char *name)
{
    VEC_EACH (TableImage, it, &image->tables)
        if (same_text(it->table->head.schema, schema) && strcmp(it->table->head.name, name) == 0)
            return it;
    return NULL;
}

size_t image_rows(const Image *image)
{
    size_t count = 0;
    VEC_EACH (TableImage, it, &image->tables)
        count += image_table_rows(it);
    return count;
}
