// The rows of a live table as a model says them.
#include <string.h>

#include "core/base/base64.h"
#include "core/data/internal.h"

// Rows are known by the primary key, or else by a unique key none of whose columns may be NULL.
static const PartList *key_of(const Table *table)
{
    const Constraint *primary = table_primary_key(table);
    if (primary)
        return &primary->parts;
    VEC_EACH (Constraint *, it, &table->constraints) {
        bool firm = (*it)->head.kind == OBJECT_UNIQUE;
        for (size_t i = 0; firm && i < (*it)->parts.count; i++) {
            const Column *column = table_column(table, (*it)->parts.items[i].column);
            firm = column && !column->nullable;
        }
        if (firm)
            return &(*it)->parts;
    }
    return NULL;
}

bool data_has_key(const Table *table) { return key_of(table) != NULL; }

typedef struct Reading {
    Arena *arena;
    const Dialect *dialect;
    DataSet *set;
} Reading;

static unsigned digit_of(char c) { return (unsigned)(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10); }

// Bytes came as hexadecimal digits.
static const char *as_base64(Arena *arena, const char *hex)
{
    size_t n = strlen(hex) / 2;
    unsigned char *bytes = arena_alloc(arena, n + 1);
    StrBuf out;
    strbuf_init(&out, arena);
    for (size_t i = 0; i < n; i++)
        bytes[i] = (unsigned char)(digit_of(hex[2 * i]) << 4 | digit_of(hex[2 * i + 1]));
    base64_encode(&out, bytes, n);
    return out.text;
}

static bool take_row(void *payload, const Row *got, Error *err)
{
    (void)err;
    const Reading *reading = payload;
    DataRow *row = VEC_PUSH(reading->arena, &reading->set->rows);
    row->values = arena_alloc(reading->arena, (reading->set->columns.count + 1) * sizeof(DataValue));
    for (size_t i = 0; i < reading->set->columns.count; i++) {
        const char *text = row_value(got, i);
        bool bytes = text && reading->dialect->rows->is_binary(reading->set->columns.items[i].column->type);
        row->values[i] = (DataValue){ .kind = text ? DATA_TEXT : DATA_NULL,
                                      .text = bytes ? as_base64(reading->arena, text)
                                                    : arena_strdup(reading->arena, text) };
    }
    return true;
}

bool data_read_table(Arena *arena, Db *db, Schema *schema, const Table *table, Error *err)
{
    const PartList *key = key_of(table);
    DataSet *set = ARENA_NEW(arena, DataSet);
    Reading reading = { arena, db->dialect, set };
    const DataJob job = { .arena = arena, .db = db, .dialect = db->dialect };
    if (!key) {
        error_set(err, ERR_UNSUPPORTED, "table '%s' has no key by which its rows are known",
                  table->head.name);
        return error_hint(err,
                          "Declared rows need a primary key, or a unique key whose columns are NOT NULL.");
    }
    *set = (DataSet){ .table = table, .mode = DATA_UPSERT };
    StrBuf sql, order;
    strbuf_init(&sql, arena);
    strbuf_init(&order, arena);
    strbuf_puts(&sql, "SELECT ");
    VEC_EACH (Column *, column, &table->columns) {
        StrBuf name;
        if ((*column)->generated)
            continue;
        strbuf_init(&name, arena);
        db->dialect->put_identifier(&name, (*column)->head.name);
        strbuf_puts(&sql, set->columns.count ? ", " : "");
        db->dialect->rows->put_as_text(&sql, *column, name.text);
        *VEC_PUSH(arena, &set->columns) =
            (DataColumn){ *column, DATA_COMPARED, parts_have_column(key, (*column)->head.name) };
    }
    VEC_EACH (Part, part, key) {
        strbuf_puts(&order, order.length ? ", " : "");
        if (part->column)
            db->dialect->put_identifier(&order, part->column);
    }
    strbuf_printf(&sql, " FROM %s ORDER BY %s", data_live_name(&job, table), order.text);
    if (!db->driver->query(db, sql.text, take_row, &reading, err))
        return error_prefix(err, "reading the rows of table '%s': ", table->head.name);
    *VEC_PUSH(arena, &schema->data) = set;
    return true;
}
