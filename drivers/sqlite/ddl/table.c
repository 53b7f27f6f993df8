#include "drivers/sqlite/ddl/internal.h"

#include <string.h>
#include <strings.h>

static bool name_list(Ddl *ddl, NameList *out)
{
    if (!ddl_take(ddl, "("))
        return true;
    do {
        const char *name;
        if (!ddl_name(ddl, &name))
            return false;
        // COLLATE and an order are read here and have no meaning
        while (ddl_at(ddl, "COLLATE") || ddl_at(ddl, "ASC") || ddl_at(ddl, "DESC")) {
            bool collate = ddl_at(ddl, "COLLATE");
            ddl_step(ddl);
            if (collate)
                ddl_step(ddl);
        }
        *VEC_PUSH(ddl->arena, out) = name;
    } while (ddl_take(ddl, ","));
    return ddl_expect(ddl, ")");
}

static bool read_action(Ddl *ddl, const char **out)
{
    if (ddl_take_two(ddl, "NO", "ACTION"))
        *out = NULL;
    else if (ddl_take(ddl, "CASCADE"))
        *out = "CASCADE";
    else if (ddl_take(ddl, "RESTRICT"))
        *out = "RESTRICT";
    else if (ddl_take_two(ddl, "SET", "NULL"))
        *out = "SET NULL";
    else if (ddl_take_two(ddl, "SET", "DEFAULT"))
        *out = "SET DEFAULT";
    else
        return ddl_unexpected(ddl, "an action");
    return true;
}

bool ddl_deferral(Ddl *ddl, Constraint *key)
{
    if (ddl_take_two(ddl, "NOT", "DEFERRABLE"))
        option_set(ddl->arena, &key->head.options, "not_deferrable", "true");
    else if (ddl_take(ddl, "DEFERRABLE"))
        key->deferral = DEFERRABLE_IMMEDIATE;
    else
        return false;
    if (ddl_take_two(ddl, "INITIALLY", "DEFERRED"))
        key->deferral = DEFERRABLE_DEFERRED;
    else
        (void)ddl_take_two(ddl, "INITIALLY", "IMMEDIATE");
    return true;
}

bool ddl_references(Ddl *ddl, Constraint *key)
{
    if (!ddl_name(ddl, &key->referred_table) || !name_list(ddl, &key->referred_columns))
        return false;
    for (;;) {
        const char *ignored = NULL;
        if (ddl_take(ddl, "MATCH")) {
            if (!ddl_name(ddl, &key->match))
                return false;
        } else if (ddl_take_two(ddl, "ON", "DELETE")) {
            if (!read_action(ddl, &key->on_delete))
                return false;
        } else if (ddl_take_two(ddl, "ON", "UPDATE")) {
            if (!read_action(ddl, &key->on_update))
                return false;
        } else if (ddl_take_two(ddl, "ON", "INSERT")) { // accepted by SQLite, without effect
            if (!read_action(ddl, &ignored))
                return false;
        } else if (!ddl_deferral(ddl, key)) {
            break;
        }
    }
    key->match = match_rule(ddl->arena, key->match);
    return true;
}

static Constraint *add_constraint(Ddl *ddl, Table *table, ObjectKind kind, const char *name)
{
    Constraint *constraint = constraint_new(ddl->arena, table, kind, name);
    *VEC_PUSH(ddl->arena, &table->constraints) = constraint;
    return constraint;
}

static bool read_key(Ddl *ddl, Table *table, ObjectKind kind, const char *name)
{
    Constraint *key = add_constraint(ddl, table, kind, name);
    bool autoincrement = false;
    if (!ddl_parts(ddl, &key->parts, &autoincrement))
        return false;
    VEC_EACH (Column *, column, &table->columns)
        if (autoincrement && sqlite_same_name((*column)->head.name, key->parts.items[0].column))
            (*column)->autoincrement = true;
    return ddl_conflict(ddl, &key->head.options, "on_conflict");
}

static bool read_foreign_key(Ddl *ddl, Table *table, const char *name)
{
    Constraint *key = add_constraint(ddl, table, OBJECT_FOREIGN_KEY, name);
    return ddl_parts(ddl, &key->parts, NULL) && ddl_expect(ddl, "REFERENCES") && ddl_references(ddl, key);
}

static bool begins_constraint(const Ddl *ddl)
{
    static const char *const words[] = { "CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN" };
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (ddl_at(ddl, words[i]))
            return true;
    return false;
}

static bool read_constraint(Ddl *ddl, Table *table)
{
    const char *name = NULL;
    while (ddl_take(ddl, "CONSTRAINT"))
        if (!ddl_name(ddl, &name))
            return false;
    if (ddl_take_two(ddl, "PRIMARY", "KEY"))
        return read_key(ddl, table, OBJECT_PRIMARY_KEY, name);
    if (ddl_take(ddl, "UNIQUE"))
        return read_key(ddl, table, OBJECT_UNIQUE, name);
    if (ddl_take_two(ddl, "FOREIGN", "KEY"))
        return read_foreign_key(ddl, table, name);
    if (ddl_take(ddl, "CHECK")) {
        Constraint *check = add_constraint(ddl, table, OBJECT_CHECK, name);
        return ddl_parenthesised(ddl, &check->expression) &&
               ddl_conflict(ddl, &check->head.options, "on_conflict");
    }
    return ddl_at(ddl, ",") || ddl_at(ddl, ")") || ddl_unexpected(ddl, "a constraint");
}

static bool read_body(Ddl *ddl, Table *table)
{
    for (;;) {
        if (!(begins_constraint(ddl) ? read_constraint(ddl, table) : ddl_column(ddl, table)))
            return false;
        if (ddl_take(ddl, ")"))
            return true;
        if (ddl_take(ddl, ",") || begins_constraint(ddl)) // between constraints the comma may be missing
            continue;
        return ddl_unexpected(ddl, ", or )");
    }
}

static bool read_table_options(Ddl *ddl, Table *table)
{
    do {
        if (ddl_take_two(ddl, "WITHOUT", "ROWID"))
            option_set(ddl->arena, &table->head.options, "without_rowid", "true");
        else if (ddl_take(ddl, "STRICT"))
            option_set(ddl->arena, &table->head.options, "strict", "true");
    } while (ddl_take(ddl, ","));
    (void)ddl_take(ddl, ";");
    return ddl->now.kind == TOKEN_END || ddl_unexpected(ddl, "WITHOUT ROWID, STRICT or the end");
}

bool ddl_table(Arena *arena, const char *name, const char *text, Table **out, Error *err)
{
    Ddl ddl;
    ddl_open(&ddl, arena, text, err);
    Table *table = table_new(arena, NULL, name);
    table->ddl = text;
    if (token_is(&ddl.now, "CREATE") && token_is(&ddl.next, "VIRTUAL")) {
        table->is_virtual = true;
        table->head.definition = text;
        *out = table;
        return true;
    }
    if (!ddl_create(&ddl, "TABLE") || !ddl_expect(&ddl, "(") || !read_body(&ddl, table) ||
        !read_table_options(&ddl, table))
        return false;
    *out = table;
    return true;
}
