#include "core/compare/foresight.h"

#include <stdlib.h>
#include <string.h>

// One change that is looked at.
typedef struct Look {
    Arena *arena;
    Db *db;
    const Comparison *c;
    const Change *change;
    const Table *have, *want; // `have` is under its new name
    bool allow_loss;
} Look;

const char *compare_name_now(const Comparison *c, ObjectKind kind, const char *table, const char *name)
{
    VEC_EACH (Rename, it, &c->made)
        if (it->kind == kind && strcmp(it->to, name) == 0 &&
            (!table || (it->table && strcmp(it->table, table) == 0)))
            return it->from;
    return name;
}

void compare_put_table(StrBuf *out, const Comparison *c, const Db *db, const Table *table)
{
    const char *schema = table->head.schema ? table->head.schema : db ? db->server.default_schema : NULL;
    if (schema) {
        c->dialect->put_identifier(out, schema);
        strbuf_putc(out, '.');
    }
    c->dialect->put_identifier(out, compare_name_now(c, OBJECT_TABLE, NULL, table->head.name));
}

static StrBuf text(const Look *look)
{
    StrBuf out;
    strbuf_init(&out, look->arena);
    return out;
}

// ---- the rows as they will be

static const Column *column_as(const Object *object) { return (const Column *)(const void *)object; }

static const Change *column_change(const Look *look, const char *column)
{
    VEC_EACH (Change, it, &look->c->changes)
        if (it->kind == CHANGE_ALTER && it->want->kind == OBJECT_COLUMN &&
            it->want_table == look->change->want_table && strcmp(it->want->name, column) == 0)
            return it;
    return NULL;
}

// Has each row a value in this column of the model that can be told now?
static bool is_known(const Look *look, const Column *want)
{
    const Column *have = table_column(look->have, want->head.name);
    if (want->generated)
        return have && have->generated && !column_change(look, want->head.name);
    return have ? !have->generated
                : !want->autoincrement && want->identity == IDENTITY_NONE && !column_leaves_rows_empty(want);
}

static bool is_plain(const Look *look, const Table *table, const Table *want)
{
    if (strcmp(compare_name_now(look->c, OBJECT_TABLE, NULL, table->head.name), table->head.name) != 0)
        return false;
    VEC_EACH (Column *, it, &table->columns)
        if (strcmp(compare_name_now(look->c, OBJECT_COLUMN, table->head.name, (*it)->head.name),
                   (*it)->head.name) != 0)
            return false;
    if (want)
        VEC_EACH (Column *, it, &want->columns)
            if (!table_column(table, (*it)->head.name))
                return false;
    return true;
}

static void put_column_now(StrBuf *out, const Look *look, const Table *table, const Column *column)
{
    const char *name = column->head.name;
    look->c->dialect->put_identifier(out, compare_name_now(look->c, OBJECT_COLUMN, table->head.name, name));
    strbuf_puts(out, " AS ");
    look->c->dialect->put_identifier(out, name);
}

// FROM what: the table, or where names change or columns are added, a query that gives its rows under the new names.
static void put_rows(StrBuf *out, const Look *look, const Table *table, const Table *want, const char *alias)
{
    const Dialect *dialect = look->c->dialect;
    bool plain = is_plain(look, table, want);
    if (!plain) {
        strbuf_puts(out, "(SELECT ");
        VEC_EACH (Column *, it, &table->columns) {
            strbuf_puts(out, it == table->columns.items ? "" : ", ");
            put_column_now(out, look, table, *it);
        }
        if (want)
            VEC_EACH (Column *, it, &want->columns)
                if (!table_column(table, (*it)->head.name) && is_known(look, *it)) {
                    strbuf_printf(out, ", %s AS ", (*it)->default_sql ? (*it)->default_sql : "NULL");
                    dialect->put_identifier(out, (*it)->head.name);
                }
        strbuf_puts(out, " FROM ");
    }
    compare_put_table(out, look->c, look->db, table);
    strbuf_puts(out, plain ? "" : ")");
    if (!plain || alias) {
        strbuf_puts(out, " AS ");
        dialect->put_identifier(out, alias ? alias : table->head.name);
    }
}

static void put_qualified(StrBuf *out, const Look *look, const char *table, const char *column)
{
    look->c->dialect->put_identifier(out, table);
    strbuf_putc(out, '.');
    look->c->dialect->put_identifier(out, column);
}

static const char *own_column(const Look *look, const char *column)
{
    StrBuf out = text(look);
    put_qualified(&out, look, look->have->head.name, column);
    return out.text;
}

// ---- asking

typedef struct Numbers {
    unsigned long long items[2];
} Numbers;

static bool keep_numbers(void *payload, const Row *row, Error *err)
{
    (void)err;
    Numbers *numbers = payload;
    for (size_t i = 0; i < row->count && i < COUNT_OF(numbers->items); i++)
        numbers->items[i] = row->values[i] ? strtoull(row->values[i], NULL, 10) : 0;
    return true;
}

// Where names are looked up: ours among the server's own alone, for whoever may create in a schema of the project's path could
// put an operator or a function there that fits better, and would have it called with our rights. A text of the model (an
// expression, a default) means what it means on that path.
static NameScope scope_of(const Look *look, bool has_text_of_model)
{
    bool theirs = has_text_of_model;
    if (!is_plain(look, look->have, look->want))
        VEC_EACH (Column *, it, &look->want->columns)
            theirs |=
                !table_column(look->have, (*it)->head.name) && is_known(look, *it) && (*it)->default_sql;
    return theirs ? SCOPE_LOOKUP : SCOPE_OWN;
}

// `what` of the rows for which `condition` holds: none where the database does not answer.
static Numbers ask(const Look *look, const char *what, const char *condition, bool has_text_of_model)
{
    StrBuf query = text(look);
    Numbers numbers = { { 0 } };
    Error ignored = { 0 };
    strbuf_printf(&query, "SELECT %s FROM ", what);
    put_rows(&query, look, look->have, look->want, NULL);
    if (condition)
        strbuf_printf(&query, " WHERE %s", condition);
    if (look->have->row_estimate >= FORESIGHT_ROWS ||
        !db_query_in(look->db, scope_of(look, has_text_of_model), query.text, keep_numbers, &numbers,
                     &ignored))
        return (Numbers){ { 0 } };
    return numbers;
}

static const char *rows_where(const Look *look, const char *condition)
{
    StrBuf query = text(look);
    strbuf_puts(&query, "SELECT * FROM ");
    if (condition)
        put_rows(&query, look, look->have, look->want, NULL);
    else
        compare_put_table(&query, look->c, look->db, look->have);
    if (condition)
        strbuf_printf(&query, " WHERE %s", condition);
    return query.text;
}

static Foreseen rows_that(const Look *look, const char *condition, bool has_text_of_model, const char *one,
                          const char *many)
{
    unsigned long long n = ask(look, "count(*)", condition, has_text_of_model).items[0];
    if (!n)
        return (Foreseen){ 0 };
    return (Foreseen){ arena_printf(look->arena, "%llu row%s %s", n, n == 1 ? "" : "s", n == 1 ? one : many),
                       rows_where(look, condition) };
}

// ---- columns

static Foreseen look_at_nulls(const Look *look)
{
    const Column *have = column_as(look->change->have), *want = column_as(look->change->want);
    bool filled = (look->c->dialect->caps & FILLS_NULLS) && want->default_sql;
    if (!(look->change->facets & FACET_NULLABLE) || !have->nullable || want->nullable || have->generated ||
        want->generated || filled)
        return (Foreseen){ 0 };
    const char *column = own_column(look, want->head.name);
    Numbers n = ask(look, arena_printf(look->arena, "count(*) - count(%s), count(*)", column), NULL, false);
    if (!n.items[0])
        return (Foreseen){ 0 };
    return (Foreseen){ arena_printf(look->arena, "%llu of %llu row%s %s NULL", n.items[0], n.items[1],
                                    n.items[1] == 1 ? "" : "s", n.items[0] == 1 ? "is" : "are"),
                       rows_where(look, arena_printf(look->arena, "%s IS NULL", column)) };
}

// The type as the model would spell it: it reads the same for every engine.
static const char *type_shown(const Look *look, const char *type)
{
    const char *portable = look->c->dialect->type_portable(look->arena, type);
    return portable ? portable : type;
}

static const struct {
    const char *one, *many;
} not_in_enum = { "has a value that the enum does not have", "have a value that the enum does not have" };

// The dialect says which values the new type refuses. Of an enum, the message speaks of values.
static Foreseen look_at_type(const Look *look)
{
    const Column *have = column_as(look->change->have), *want = column_as(look->change->want);
    if (!(look->change->facets & FACET_TYPE) || have->generated || want->generated ||
        !look->c->dialect->misfit)
        return (Foreseen){ 0 };
    const MisfitQuestion question = { .have_schema = look->c->renamed,
                                      .want_schema = &look->c->want,
                                      .have_table = look->have,
                                      .want_table = look->want,
                                      .have = have,
                                      .want = want,
                                      .value = own_column(look, want->head.name),
                                      .allow_loss = look->allow_loss };
    const char *condition = look->c->dialect->misfit(look->arena, &question);
    if (!condition)
        return (Foreseen){ 0 };
    if (want->enum_type)
        return rows_that(look, condition, false, not_in_enum.one, not_in_enum.many);
    const char *type = type_shown(look, want->type);
    return rows_that(look, condition, false,
                     arena_printf(look->arena, "has a value that %s cannot hold", type),
                     arena_printf(look->arena, "have a value that %s cannot hold", type));
}

// " AND m NOT IN ('ok')": values that get another name on the way; or an empty text.
static const char *but_renamed_values(const Look *look, const Column *want)
{
    const NameList pairs = enum_column_renames(look->arena, look->have, want->head.name, want);
    StrBuf out = text(look);
    for (size_t i = 0; i + 1 < pairs.count; i += 2) {
        strbuf_puts(&out, i ? ", " : " AND ");
        if (!i) {
            look->c->dialect->put_identifier(&out, want->head.name);
            strbuf_puts(&out, " NOT IN (");
        }
        look->c->dialect->put_literal(&out, pairs.items[i]);
    }
    strbuf_puts(&out, pairs.count ? ")" : "");
    return out.text;
}

// An enum that is a text with a check, which belongs to its column and is no change of its own.
static Foreseen look_at_list(const Look *look)
{
    const Column *want = column_as(look->change->want);
    if (!(look->change->facets & FACET_TYPE) || !want->enum_type || column_as(look->change->have)->generated)
        return (Foreseen){ 0 };
    VEC_EACH (Constraint *, it, &look->want->constraints)
        if ((*it)->of_column && (*it)->column && strcmp((*it)->column, want->head.name) == 0)
            return rows_that(
                look,
                arena_printf(look->arena, "NOT (%s)%s", (*it)->expression, but_renamed_values(look, want)),
                true, not_in_enum.one, not_in_enum.many);
    return (Foreseen){ 0 };
}

static Foreseen look_at_column(const Look *look)
{
    if (look->change->kind == CHANGE_ALTER) {
        Foreseen found = look_at_nulls(look);
        if (!found.text)
            found = look_at_type(look);
        return found.text ? found : look_at_list(look);
    }
    const Column *column = column_as(look->change->want);
    const Dialect *dialect = look->c->dialect;
    bool filled = dialect->filler && dialect->filler(&look->c->have, column);
    return column_leaves_rows_empty(column) && !filled
               ? rows_that(look, NULL, false, "would have no value", "would have no value")
               : (Foreseen){ 0 };
}

// ---- keys

// What tells rows apart, and the condition that spares a row: NULL is equal to nothing. False: it cannot be told.
static bool put_groups(const Look *look, const PartList *parts, bool nulls_are_equal, StrBuf *groups,
                       StrBuf *condition)
{
    VEC_EACH (Part, part, parts) {
        const Column *want = part->column ? table_column(look->want, part->column) : NULL;
        if (part->with_operator || (part->column && (!want || !is_known(look, want))))
            return false;
        const char *value = part->column ? own_column(look, part->column)
                                         : arena_printf(look->arena, "(%s)", part->expression);
        strbuf_puts(groups, groups->length ? ", " : "");
        if (part->length)
            strbuf_printf(groups, "LEFT(%s, %u)", value, part->length);
        else
            strbuf_puts(groups, value);
        if (part->collation) {
            strbuf_puts(groups, " COLLATE ");
            look->c->dialect->put_identifier(groups, part->collation);
        }
        if (!nulls_are_equal)
            strbuf_printf(condition, "%s%s IS NOT NULL", condition->length ? " AND " : "", value);
    }
    return groups->length > 0;
}

static bool has_expression(const PartList *parts)
{
    VEC_EACH (Part, part, parts)
        if (part->expression)
            return true;
    return false;
}

// Asks for groups of equal values that a unique key or index would refuse. Tables that are too large are not
// asked; a query that fails says nothing, since a forecast must not stop the plan.
static Foreseen look_at_unique(const Look *look, const PartList *parts, bool nulls_are_equal,
                               const char *where)
{
    StrBuf groups = text(look), condition = text(look), query = text(look), shown = text(look);
    Numbers n = { { 0 } };
    Error ignored = { 0 };
    if (where)
        strbuf_printf(&condition, "(%s)", where);
    if (!put_groups(look, parts, nulls_are_equal, &groups, &condition))
        return (Foreseen){ 0 };
    StrBuf rest = text(look);
    put_rows(&rest, look, look->have, look->want, NULL);
    strbuf_printf(&rest, "%s%s GROUP BY %s HAVING count(*) > 1", condition.length ? " WHERE " : "",
                  condition.length ? condition.text : "", groups.text);
    strbuf_printf(&query, "SELECT count(*) FROM (SELECT 1 AS one FROM %s) AS repeated", rest.text);
    strbuf_printf(&shown, "SELECT %s, count(*) FROM %s", groups.text, rest.text);
    if (look->have->row_estimate >= FORESIGHT_ROWS ||
        !db_query_in(look->db, scope_of(look, where || has_expression(parts)), query.text, keep_numbers, &n,
                     &ignored) ||
        !n.items[0])
        return (Foreseen){ 0 };
    return (Foreseen){ arena_printf(look->arena, "%llu value%s more than once", n.items[0],
                                    n.items[0] == 1 ? " occurs" : "s occur"),
                       shown.text };
}

// NULLs in the columns of a new primary key, where no change of the column itself tells of them (SQLite).
static Foreseen look_at_primary_key(const Look *look, const PartList *parts)
{
    StrBuf condition = text(look);
    VEC_EACH (Part, part, parts) {
        const Column *have = part->column ? table_column(look->have, part->column) : NULL;
        if (have && have->nullable && !have->generated && !column_change(look, part->column))
            strbuf_printf(&condition, "%s%s IS NULL", condition.length ? " OR " : "",
                          own_column(look, part->column));
    }
    const Foreseen found = condition.length ? rows_that(look, condition.text, false, "has NULL in the key",
                                                        "have NULL in the key")
                                            : (Foreseen){ 0 };
    return found.text ? found : look_at_unique(look, parts, false, NULL);
}

// Does the text name a column whose values cannot be told now, or will be of another type?
static bool names_unknown(const Look *look, const char *expression)
{
    TokenList tokens = lex_all(look->arena, (Text){ expression, strlen(expression) }, look->c->dialect->lex);
    VEC_EACH (Token, token, &tokens) {
        if (token->kind != TOKEN_WORD && token->kind != TOKEN_NAME)
            continue;
        const Column *want = table_column(look->want, token_name(look->arena, token));
        const Change *change = want ? column_change(look, want->head.name) : NULL;
        if (want && (!is_known(look, want) || (change && (change->facets & FACET_TYPE))))
            return true;
    }
    return false;
}

static Foreseen look_at_check(const Look *look, const Constraint *check)
{
    if (check->not_valid || check->not_enforced || !check->expression ||
        names_unknown(look, check->expression))
        return (Foreseen){ 0 };
    const char *condition = arena_printf(look->arena, "NOT (%s)", check->expression);
    return rows_that(look, condition, true, "violates it", "violate it");
}

// The key of the other table, where the model does not say which columns.
static const char *referred_column(const Table *parent, const Constraint *key, size_t i)
{
    if (i < key->referred_columns.count)
        return key->referred_columns.items[i];
    const Constraint *primary = parent ? table_primary_key(parent) : NULL;
    return primary && i < primary->parts.count ? primary->parts.items[i].column : NULL;
}

// Rows whose key is not among those of the other table; a table that is not there yet has no rows.
static Foreseen look_at_foreign_key(const Look *look, const Constraint *key)
{
    static const char alias[] = "parent_row";
    const Table *parent = schema_table(look->c->renamed, key->referred_schema, key->referred_table);
    StrBuf condition = text(look), same = text(look);
    if (key->not_valid || key->not_enforced || (key->unchecked && !parent))
        return (Foreseen){ 0 };
    for (size_t i = 0; i < key->parts.count; i++) {
        const char *name = key->parts.items[i].column, *other = referred_column(parent, key, i);
        const Column *want = name ? table_column(look->want, name) : NULL;
        if (!want || !is_known(look, want) || (parent && (!other || !table_column(parent, other))))
            return (Foreseen){ 0 };
        const char *value = own_column(look, name);
        strbuf_printf(&condition, "%s%s IS NOT NULL", i ? " AND " : "", value);
        strbuf_puts(&same, i ? " AND " : "");
        put_qualified(&same, look, alias, other ? other : name);
        strbuf_printf(&same, " = %s", value);
    }
    if (parent) {
        strbuf_puts(&condition, " AND NOT EXISTS (SELECT 1 FROM ");
        put_rows(&condition, look, parent, NULL, alias);
        strbuf_printf(&condition, " WHERE %s)", same.text);
    }
    const char *table = key->referred_table;
    return rows_that(look, condition.text, false, arena_printf(look->arena, "refers to no row of %s", table),
                     arena_printf(look->arena, "refer to no row of %s", table));
}

static Foreseen look_at(const Look *look)
{
    const Change *change = look->change;
    const Constraint *constraint = (const Constraint *)(const void *)change->want;
    const Index *index = (const Index *)(const void *)change->want;
    unsigned rules = FACET_PARTS | FACET_EXPRESSION | FACET_REFERENCES | FACET_METHOD | FACET_VALIDITY;
    if (change->want->kind == OBJECT_COLUMN)
        return look_at_column(look);
    if (change->kind == CHANGE_ALTER && !(change->facets & rules))
        return (Foreseen){ 0 };
    if (change->want->kind == OBJECT_PRIMARY_KEY)
        return look_at_primary_key(look, &constraint->parts);
    if (change->want->kind == OBJECT_UNIQUE)
        return look_at_unique(look, &constraint->parts, constraint->nulls_not_distinct, NULL);
    if (change->want->kind == OBJECT_INDEX)
        return index->unique ? look_at_unique(look, &index->parts, index->nulls_not_distinct, index->where)
                             : (Foreseen){ 0 };
    if (change->want->kind == OBJECT_CHECK)
        return look_at_check(look, constraint);
    return change->want->kind == OBJECT_FOREIGN_KEY ? look_at_foreign_key(look, constraint) : (Foreseen){ 0 };
}

Foreseen *foresee_rows(Arena *arena, Db *db, const Comparison *c, bool allow_loss)
{
    Foreseen *out = arena_alloc(arena, (c->changes.count + 1) * sizeof(*out));
    for (size_t i = 0; i < c->changes.count; i++) {
        const Change *change = &c->changes.items[i];
        const Table *have = change->have_table;
        bool asks = change->kind != CHANGE_DROP && have && change->want_table && !have->is_virtual &&
                    change->want->kind != OBJECT_TABLE;
        if (asks && (!c->dialect->holds_rows_to_rules || c->dialect->holds_rows_to_rules(have)))
            out[i] = look_at(&(Look){ arena, db, c, change, have, change->want_table, allow_loss });
    }
    return out;
}
