// What PostgreSQL implies, filled in on a model so that it compares with a live schema: serial columns, NOT NULL of
// keys, the columns that a bare reference means, and the names that the server would give.
#include <string.h>

#include "drivers/postgresql/dialect.h"

enum { NAME_BYTES = 63 };

// Not in the middle of a character: cut like pg_mbcliplen().
static size_t clip(const char *text, size_t n, size_t limit)
{
    if (n <= limit)
        return n;
    while (limit > 0 && ((unsigned char)text[limit] & 0xc0) == 0x80)
        limit--;
    return limit;
}

const char *pg_object_name(Arena *arena, const char *name1, const char *name2, const char *label)
{
    size_t overhead = (name2 ? 1 : 0) + (label ? strlen(label) + 1 : 0);
    size_t n1 = strlen(name1), n2 = name2 ? strlen(name2) : 0, room = NAME_BYTES - overhead;
    while (n1 + n2 > room) {
        if (n1 > n2)
            n1--;
        else
            n2--;
    }
    n1 = clip(name1, strlen(name1), n1);
    n2 = name2 ? clip(name2, strlen(name2), n2) : 0;
    return arena_printf(arena, "%.*s%s%.*s%s%s", (int)n1, name1, name2 ? "_" : "", (int)n2,
                        name2 ? name2 : "", label ? "_" : "", label ? label : "");
}

static const char *cut_name(Arena *arena, const char *name)
{
    if (!name || strlen(name) <= NAME_BYTES)
        return name;
    return arena_strndup(arena, name, clip(name, strlen(name), NAME_BYTES));
}

// column1_column2, as ChooseIndexNameAddition() builds it.
static const char *joined_columns(Arena *arena, const PartList *parts)
{
    StrBuf out;
    strbuf_init(&out, arena);
    VEC_EACH (Part, part, parts) {
        if (out.length)
            strbuf_putc(&out, '_');
        strbuf_puts(&out, part->column ? part->column : "expr");
        if (out.length >= NAME_BYTES)
            break;
    }
    return out.text;
}

static bool name_is_taken(const Schema *schema, const Table *table, const char *name, bool relation)
{
    if (table_constraint(table, name))
        return true;
    if (!relation)
        return false;
    VEC_EACH (Table *, it, &schema->tables)
        if (strcmp((*it)->head.name, name) == 0 || table_index(*it, name))
            return true;
    return false;
}

static const char *label_of(ObjectKind kind)
{
    switch ((int)kind) {
    case OBJECT_PRIMARY_KEY: return "pkey";
    case OBJECT_UNIQUE: return "key";
    case OBJECT_EXCLUDE: return "excl";
    case OBJECT_CHECK: return "check";
    default: return "fkey";
    }
}

static void name_constraint(Arena *arena, const Schema *schema, const Table *table, Constraint *constraint)
{
    ObjectKind kind = constraint->head.kind;
    const char *label = label_of(kind), *columns = NULL;
    if (kind == OBJECT_CHECK)
        columns = constraint->column;
    else if (kind != OBJECT_PRIMARY_KEY)
        columns = joined_columns(arena, &constraint->parts);
    bool relation = kind == OBJECT_PRIMARY_KEY || kind == OBJECT_UNIQUE || kind == OBJECT_EXCLUDE;
    const char *name = pg_object_name(arena, table->head.name, columns, label);
    for (unsigned n = 1; name_is_taken(schema, table, name, relation); n++)
        name = pg_object_name(arena, table->head.name, columns, arena_printf(arena, "%s%u", label, n));
    constraint->head.name = name;
    constraint->named_by_convention = true;
}

static void resolve_serial(Column *column)
{
    static const struct {
        const char *serial, *type;
    } serials[] = {
        {"serial",       "integer" },
        { "serial4",     "integer" },
        { "bigserial",   "bigint"  },
        { "serial8",     "bigint"  },
        { "smallserial", "smallint"},
        { "serial2",     "smallint"}
    };
    for (size_t i = 0; i < COUNT_OF(serials); i++)
        if (strcmp(column->type, serials[i].serial) == 0) {
            column->type = serials[i].type;
            column->autoincrement = true;
        }
    if (column->identity != IDENTITY_NONE)
        column->autoincrement = false;
    if (column->autoincrement || column->identity != IDENTITY_NONE)
        column->nullable = false;
}

static void resolve_enum(Arena *arena, Column *column)
{
    const EnumType *type = column->enum_type;
    if (!type || !type->head.name)
        return;
    bool array = strlen(column->type) > 2 && strcmp(column->type + strlen(column->type) - 2, "[]") == 0;
    const char *name = pg_quote_ident(arena, type->head.name);
    if (type->head.schema)
        name = arena_printf(arena, "%s.%s", pg_quote_ident(arena, type->head.schema), name);
    column->type = array ? arena_printf(arena, "%s[]", name) : name;
}

// REFERENCES t alone means t's primary key.
static void resolve_reference(Arena *arena, const Schema *schema, Constraint *key)
{
    if (key->head.kind != OBJECT_FOREIGN_KEY || key->referred_columns.count)
        return;
    const Table *target = schema_table(schema, key->referred_schema, key->referred_table);
    const Constraint *primary = target ? table_primary_key(target) : NULL;
    if (primary)
        VEC_EACH (Part, part, &primary->parts)
            *VEC_PUSH(arena, &key->referred_columns) = part->column;
}

static void resolve_table(Arena *arena, Schema *schema, Table *table)
{
    VEC_EACH (Column *, column, &table->columns) {
        (*column)->head.name = cut_name(arena, (*column)->head.name);
        resolve_enum(arena, *column);
        resolve_serial(*column);
    }
    VEC_EACH (Constraint *, it, &table->constraints) {
        Constraint *constraint = *it;
        constraint->head.name = cut_name(arena, constraint->head.name);
        if (constraint->head.kind == OBJECT_PRIMARY_KEY)
            VEC_EACH (Part, part, &constraint->parts) {
                Column *column = part->column ? table_column(table, part->column) : NULL;
                if (column)
                    column->nullable = false;
            }
        resolve_reference(arena, schema, constraint);
    }
    VEC_EACH (Constraint *, it, &table->constraints)
        if (!(*it)->head.name)
            name_constraint(arena, schema, table, *it);
    VEC_EACH (Index *, it, &table->indexes) {
        Index *index = *it;
        index->head.name = cut_name(arena, index->head.name);
        if (index->method && strcmp(index->method, "btree") == 0)
            index->method = NULL;
        if (!index->head.name) {
            index->head.name =
                pg_object_name(arena, table->head.name, joined_columns(arena, &index->parts), "idx");
            index->named_by_convention = true;
        }
    }
}

bool pg_resolve(Arena *arena, Schema *schema, Error *err)
{
    (void)err;
    VEC_EACH (Table *, table, &schema->tables)
        (*table)->head.name = cut_name(arena, (*table)->head.name);
    VEC_EACH (Table *, table, &schema->tables)
        resolve_table(arena, schema, *table);
    VEC_EACH (Object *, it, &schema->objects) {
        if ((*it)->kind != OBJECT_DOMAIN)
            continue;
        DomainType *domain = (DomainType *)(void *)*it;
        VEC_EACH (Constraint *, check, &domain->checks)
            if (!(*check)->head.name) {
                (*check)->head.name = pg_object_name(arena, domain->head.name, NULL, "check");
                (*check)->named_by_convention = true;
            }
    }
    return true;
}
