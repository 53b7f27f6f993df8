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

// The values and the pointers to them in one piece, since there may be many rows.
static const char **keep_row(Arena *arena, const Row *row, size_t first, size_t count)
{
    size_t bytes = count * sizeof(char *);
    for (size_t i = 0; i < count; i++)
        bytes += row_value(row, first + i) ? strlen(row_value(row, first + i)) + 1 : 0;
    const char **values = arena_alloc(arena, bytes + 1);
    char *text = (char *)(values + count);
    for (size_t i = 0; i < count; i++) {
        const char *value = row_value(row, first + i);
        size_t n = value ? strlen(value) + 1 : 0;
        if (n)
            memcpy(text, value, n);
        values[i] = n ? text : NULL;
        text += n;
    }
    return values;
}

static bool take_row(void *payload, const Row *row, Error *err)
{
    Reader *reader = payload;
    Arena *arena = reader->image->arena;
    (void)err;
    const char *number = reader->alone ? NULL : row_value(row, 0);
    size_t index = reader->first + (number ? strtoul(number, NULL, 10) : 0);
    if (index >= reader->image->tables.count)
        return true;
    TableImage *table = &reader->image->tables.items[index];
    *VEC_PUSH(arena, &table->rows) = keep_row(arena, row, !reader->alone, table->column_count);
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

bool image_take(Db *db, const Schema *schema, Image *out, Error *err)
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
        count += it->rows.count;
    return count;
}
