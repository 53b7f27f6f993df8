#include <string.h>

#include "drivers/mysql/introspect/introspect.h"

typedef struct BinaryDefaults {
    Look *look;
    VEC(Column *) columns;
} BinaryDefaults;

static bool is_printable(const char *hex)
{
    for (; hex[0] && hex[1]; hex += 2)
        if (hex[0] > '7' || (hex[0] < '2'))
            return false;
    return true;
}

static bool take_binary_defaults(void *payload, const Row *row, Error *err)
{
    (void)err;
    BinaryDefaults *asked = payload;
    for (size_t i = 0; i < asked->columns.count && i < row->count; i++)
        if (row->values[i] && !is_printable(row->values[i]))
            asked->columns.items[i]->default_sql = arena_printf(asked->look->arena, "0x%s", row->values[i]);
    return true;
}

void look_read_binary_defaults(Look *look, Table *table)
{
    BinaryDefaults asked = { .look = look };
    StrBuf text;
    strbuf_init(&text, look->arena);
    VEC_EACH (Column *, it, &table->columns) {
        Column *column = *it;
        bool bytes = strncmp(column->type, "binary", 6) == 0 || strncmp(column->type, "varbinary", 9) == 0;
        if (!bytes || !column->default_sql || *column->default_sql == '(' ||
            (!strchr(column->default_sql, '?') && strncmp(column->default_sql, "0x", 2) != 0))
            continue;
        sql(&text, &mysql_dialect, EXPR(asked.columns.count ? ", HEX(DEFAULT(t." : "SELECT HEX(DEFAULT(t."));
        my_put_identifier(&text, column->head.name);
        strbuf_puts(&text, "))");
        *VEC_PUSH(look->arena, &asked.columns) = column;
    }
    if (!asked.columns.count)
        return;
    sql(&text, &mysql_dialect, KW("FROM (SELECT 1) AS one LEFT JOIN"), ID(table->head.name),
        KW("AS t ON FALSE"));
    (void)my_query_on(look->connection, text.text, take_binary_defaults, &asked, NULL);
}
