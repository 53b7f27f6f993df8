// What a child's column says beside its parent's. One that says nothing is no part of the child: the server tells of none.
#include <string.h>

#include "drivers/postgresql/dialect/dialect.h"

// The default that a child of a serial column has: its parent's sequence.
static const char *serial_default(Arena *arena, const Column *column)
{
    const char *name = option_get(&column->head.options, PG_SEQUENCE_NAME);
    if (!name)
        name = pg_object_name(arena, column->head.table, column->head.name, "seq");
    StrBuf out, qualified;
    strbuf_init(&out, arena);
    strbuf_init(&qualified, arena);
    if (column->head.schema)
        strbuf_printf(&qualified, "%s.", pg_quote_ident(arena, column->head.schema));
    strbuf_puts(&qualified, pg_quote_ident(arena, name));
    strbuf_puts(&out, "nextval(");
    strbuf_quoted(&out, '\'', "'", qualified.text);
    strbuf_puts(&out, "::regclass)");
    return out.text;
}

static bool same_default(Arena *arena, const Column *child, const Column *parent)
{
    if (parent->identity != IDENTITY_NONE && !child->default_sql)
        return true; // before 17 a partition does not know of its parent's identity
    const char *have = child->autoincrement ? serial_default(arena, child) : child->default_sql;
    const char *want = parent->autoincrement ? serial_default(arena, parent) : parent->default_sql;
    return same_text(have, want) && same_text(child->generated, parent->generated);
}

static bool same_settings(const Column *child, const Column *parent)
{
    static const char *const keys[] = { PG_STORAGE, PG_COMPRESSION, PG_STATISTICS, PG_ATTRIBUTE_OPTIONS,
                                        PG_SERVER_OPTIONS };
    for (size_t i = 0; i < COUNT_OF(keys); i++) {
        const char *value = option_get(&child->head.options, keys[i]);
        bool inherited = i < 2 && same_text(value, option_get(&parent->head.options, keys[i]));
        if (value && !inherited)
            return false;
    }
    return true;
}

bool pg_column_says_nothing(Arena *arena, const Column *child, const Column *parent)
{
    return same_default(arena, child, parent) && same_settings(child, parent);
}

// As a model has them: whatever else it states is compared too.
static bool same_options(const Column *child, const Column *parent)
{
    VEC_EACH (const Option, option, &child->head.options)
        if (strcmp(option->key, PG_INHERITED) != 0 &&
            !same_text(option->value, option_get(&parent->head.options, option->key)))
            return false;
    return true;
}

static const Column *column_above(Arena *arena, const Schema *schema, const Table *table, const char *name)
{
    TableList above = pg_ancestors_of(arena, schema, table);
    VEC_EACH (Table *, it, &above) {
        const Column *column = table_column(*it, name);
        if (column)
            return column;
    }
    return NULL;
}

static bool is_its_parents(Arena *arena, const Column *column, const Column *parent)
{
    return !column->head.comment && (column->nullable || !parent->nullable) &&
           same_text(column->type, parent->type) && same_text(column->collation, parent->collation) &&
           column->identity == IDENTITY_NONE && same_options(column, parent) &&
           pg_column_says_nothing(arena, column, parent);
}

// All columns of a partition come from its parent, and a model may name them without a word of that.
void pg_leave_out_inherited(Arena *arena, const Schema *schema, Table *table)
{
    size_t kept = 0;
    bool partition = option_get(&table->head.options, PG_PARTITION_OF) != NULL;
    VEC_EACH (Column *, it, &table->columns) {
        Column *column = *it;
        const Column *parent = partition || option_is(&column->head.options, PG_INHERITED)
                                   ? column_above(arena, schema, table, column->head.name)
                                   : NULL;
        if (partition && parent && !option_get(&column->head.options, PG_INHERITED))
            option_set(arena, &column->head.options, PG_INHERITED, "true");
        if (parent && is_its_parents(arena, column, parent))
            column->head.kind = OBJECT_KIND_COUNT; // no longer an object of its own
        else
            table->columns.items[kept++] = column;
    }
    table->columns.count = kept;
}
