#include "drivers/mysql/render/alter.h"

#include <string.h>
#include <strings.h>

#include "drivers/mysql/dialect/types.h"

static const Dialect *const D = &mysql_dialect;

static void clause(Alter *a) { strbuf_puts(&a->text, a->clauses++ ? ",\n  " : "\n  "); }

static void drop_one(Alter *a, const Change *change)
{
    const Object *have = change->have;
    if ((have->kind == OBJECT_INDEX && names_have(&a->dropped, have->name)) ||
        (have->kind == OBJECT_FOREIGN_KEY && names_have(&a->dropped_keys, have->name)))
        return;
    if (have->kind == OBJECT_COLUMN && alter_versions_anew(a) && alter_is_of_period(as_column(have)))
        return;
    if (have->kind == OBJECT_CHECK && my_check_is_in_column(&a->how, as_constraint(have)))
        return;
    clause(a);
    switch ((int)have->kind) {
    case OBJECT_FOREIGN_KEY: sql(&a->text, D, KW("DROP FOREIGN KEY"), ID(have->name)); break;
    case OBJECT_CHECK:
        sql(&a->text, D, EXPR(a->how.mariadb ? "DROP CONSTRAINT" : "DROP CHECK"), ID(have->name));
        break;
    case OBJECT_PRIMARY_KEY: sql(&a->text, D, KW("DROP PRIMARY KEY")); break;
    case OBJECT_UNIQUE:
    case OBJECT_INDEX: sql(&a->text, D, KW("DROP INDEX"), ID(have->name)); break;
    default: sql(&a->text, D, KW("DROP COLUMN"), ID(have->name)); break;
    }
}

static void put_drops(Alter *a)
{
    static const ObjectKind order[] = { OBJECT_FOREIGN_KEY, OBJECT_CHECK,       OBJECT_INDEX,
                                        OBJECT_UNIQUE,      OBJECT_PRIMARY_KEY, OBJECT_COLUMN };
    for (size_t i = 0; i < COUNT_OF(order); i++)
        VEC_EACH (Change, change, &a->changes) {
            if (!change->have || change->have->kind != order[i])
                continue;
            bool replaced =
                change->kind == CHANGE_ALTER && order[i] != OBJECT_COLUMN && !alter_keeps_key(a, change);
            if (change->kind == CHANGE_DROP || replaced || alter_is_remade(a, change))
                drop_one(a, change);
        }
}

static const Change *column_change(const Alter *a, const Column *column)
{
    VEC_EACH (Change, change, &a->changes)
        if (change->want == &column->head && change->want->kind == OBJECT_COLUMN)
            return change;
    return NULL;
}

// A check that MariaDB keeps in the column's definition comes or goes with it.
static bool check_of_column_changes(const Alter *a, const Column *column)
{
    VEC_EACH (Change, change, &a->changes) {
        const Object *sides[] = { change->have, change->want };
        for (size_t i = 0; i < COUNT_OF(sides); i++)
            if (sides[i] && sides[i]->kind == OBJECT_CHECK &&
                my_check_is_in_column(&a->how, as_constraint(sides[i])) &&
                strcasecmp(as_constraint(sides[i])->column, column->head.name) == 0)
                return true;
    }
    return false;
}

// A column without a collation of its own follows its table when that changes.
static bool follows_new_collation(const Alter *a, const Column *column)
{
    return !column->collation && !option_get(&column->head.options, "charset") &&
           my_type_is_string(column->type) &&
           (!same_text(option_get(&a->have->head.options, "collation"),
                       option_get(&a->want->head.options, "collation")) ||
            !same_text(option_get(&a->have->head.options, "charset"),
                       option_get(&a->want->head.options, "charset")));
}

static void put_place(Alter *a, const Column *column)
{
    const Column *before = NULL;
    VEC_EACH (Column *, it, &a->want->columns) {
        if (*it == column)
            break;
        before = *it;
    }
    if (before)
        sql(&a->text, D, KW("AFTER"), ID(before->head.name));
    else
        sql(&a->text, D, KW("FIRST"));
}

static bool is_last(const Alter *a, const Column *column)
{
    return a->want->columns.items[a->want->columns.count - 1] == column;
}

// Rows that are there would get a date that is none: they get the time at which the revision runs.
static bool needs_date(const Alter *a, const Column *column, const Change *change)
{
    return change && change->kind == CHANGE_CREATE && a->have != a->want &&
           column_leaves_rows_empty(column) && !option_get(&column->head.options, "row_period") &&
           strncasecmp(column->type, "timestamp", 9) == 0;
}

static void put_dated(Alter *a, const Column *column)
{
    Column copy = *column;
    copy.default_sql = arena_printf(a->how.arena, "CURRENT_TIMESTAMP%s", column->type + strlen("timestamp"));
    my_put_column(&a->text, &a->how, &copy);
    *VEC_PUSH(a->how.arena, &a->dated) = column->head.name;
}

static void put_definition(Alter *a, const Column *column, const Change *change)
{
    if (needs_date(a, column, change)) {
        put_dated(a, column);
        return;
    }
    if (!alter_gives_other_values(a, column)) {
        my_put_column(&a->text, &a->how, column);
        return;
    }
    Column copy = *column;
    copy.default_sql = NULL;
    my_put_column(&a->text, &a->how, &copy);
    static const Change restated = { .kind = CHANGE_ALTER };
    Change *kept = ARENA_NEW(a->how.arena, Change);
    *kept = change ? *change : restated;
    kept->want = &column->head;
    *VEC_PUSH(a->how.arena, &a->defaults) = kept;
}

static void add_column(Alter *a, const Column *column, const Change *change)
{
    clause(a);
    sql(&a->text, D, KW("ADD COLUMN"));
    put_definition(a, column, change);
    if (!is_last(a, column))
        put_place(a, column);
}

// The clause of one column, or none. A column that is recreated but keeps its values is changed from its
// keeper's name.
static void put_column_clause(Alter *a, const Column *column)
{
    const Change *change = column_change(a, column);
    bool remade = change && alter_is_remade(a, change);
    if (alter_is_of_period(column) && alter_versions_anew(a)) {
        add_column(a, column, change);
        return;
    }
    if (change && (change->kind == CHANGE_CREATE || (remade && !alter_keeps_values(change)))) {
        add_column(a, column, change);
        return;
    }
    if (!change && !check_of_column_changes(a, column) && !follows_new_collation(a, column))
        return;
    clause(a);
    const char *old = remade   ? alter_keeper(a, change->have->name)
                      : change ? change->have->name
                               : column->head.name;
    if (strcmp(old, column->head.name) == 0)
        sql(&a->text, D, KW("MODIFY COLUMN"));
    else
        sql(&a->text, D, KW("CHANGE COLUMN"), ID(old));
    put_definition(a, column, change);
    if (remade || (change && (change->facets & FACET_POSITION)))
        put_place(a, column);
}

static void put_columns(Alter *a)
{
    VEC_EACH (Column *, column, &a->want->columns)
        put_column_clause(a, *column);
}

static void put_kept_keys(Alter *a)
{
    VEC_EACH (Change, change, &a->changes) {
        if (change->kind != CHANGE_ALTER || !alter_keeps_key(a, change))
            continue;
        if (change->facets & FACET_NAME) {
            clause(a);
            sql(&a->text, D, KW("RENAME INDEX"), ID(change->have->name), KW("TO"), ID(change->want->name));
        }
        if (alter_only_visibility(change)) {
            bool hidden = option_is(&change->want->options, "invisible");
            clause(a);
            sql(&a->text, D, KW("ALTER INDEX"), ID(change->want->name),
                EXPR(a->how.mariadb ? (hidden ? "IGNORED" : "NOT IGNORED")
                                    : (hidden ? "INVISIBLE" : "VISIBLE")));
        } else if (alter_only_enforcement(a, change)) {
            clause(a);
            sql(&a->text, D, KW("ALTER CHECK"), ID(change->want->name),
                EXPR(as_constraint(change->want)->not_enforced ? "NOT ENFORCED" : "ENFORCED"));
        }
    }
}

static void put_added_keys(Alter *a)
{
    static const ObjectKind order[] = { OBJECT_PRIMARY_KEY, OBJECT_UNIQUE, OBJECT_INDEX, OBJECT_CHECK,
                                        OBJECT_FOREIGN_KEY };
    for (size_t i = 0; i < COUNT_OF(order); i++)
        VEC_EACH (Change, change, &a->changes) {
            if (!change->want || change->want->kind != order[i] || alter_keeps_key(a, change))
                continue;
            if (order[i] == OBJECT_CHECK && my_check_is_in_column(&a->how, as_constraint(change->want)))
                continue;
            clause(a);
            sql(&a->text, D, KW("ADD"));
            if (order[i] == OBJECT_INDEX)
                my_put_index(&a->text, &a->how, as_index(change->want));
            else
                my_put_constraint(&a->text, &a->how, as_constraint(change->want));
        }
}

// What the database gives a table that says nothing.
static const char *default_of_option(const Alter *a, const char *key)
{
    const Schema *have = a->graph->have;
    if (strcmp(key, "collation") == 0)
        return have && have->server.default_collation ? have->server.default_collation : NULL;
    return strcmp(key, "engine") == 0 ? "InnoDB" : NULL;
}

static void put_word(Alter *a, const OptionWord *word)
{
    const char *old = option_get(&a->have->head.options, word->key),
               *new = option_get(&a->want->head.options, word->key);
    const char *written = my_word_as_written(a->how.arena, &a->want->head.options, word);
    bool same_name =
        !new || strcmp(written, my_word_as_written(a->how.arena, &a->have->head.options, word)) == 0;
    if (same_text(old, new) && same_name)
        return;
    const char *back = new ? NULL : word->unset ? word->unset : default_of_option(a, word->key);
    if (!new && !back)
        return;
    clause(a);
    sql(&a->text, D, EXPR(written), KW("="), new ? my_word_part(word, new) : WORD(back));
}

static void put_table(Alter *a)
{
    for (size_t i = 0; i < MY_TABLE_WORD_COUNT; i++)
        put_word(a, &my_table_words[i]);
    if (!same_text(a->have->head.comment, a->want->head.comment)) {
        clause(a);
        sql(&a->text, D, KW("COMMENT ="), LIT(a->want->head.comment ? a->want->head.comment : ""));
    }
    const char *other = option_get(&a->want->head.options, "other_options");
    if (other && !same_text(option_get(&a->have->head.options, "other_options"), other)) {
        clause(a);
        sql(&a->text, D, EXPR(other));
    }
}

// Stands last, without a comma before it.
static void put_partitions(Alter *a)
{
    const char *old = option_get(&a->have->head.options, "partition_by"),
               *new = option_get(&a->want->head.options, "partition_by");
    if (alter_unpartitions_first(a))
        old = NULL;
    if (old == new || (old && new &&my_same_sql(a->how.arena, old, new)) || alter_moves_partitions(a))
        return;
    a->clauses++;
    if (new)
        sql(&a->text, D, KW("\nPARTITION BY"), EXPR(new));
    else
        sql(&a->text, D, KW("\nREMOVE PARTITIONING"));
}

static bool has_line(const char *text, const char *line, size_t n)
{
    for (; text && *text; text += strcspn(text, "\n"), text += *text == '\n')
        if (strcspn(text, "\n") == n && memcmp(text, line, n) == 0)
            return true;
    return false;
}

// The periods of `from` that `other` does not have.
static void put_periods(Alter *a, const Table *from, const Table *other, bool add)
{
    const char *text = option_get(&from->head.options, "periods"),
               *others = option_get(&other->head.options, "periods");
    for (; text && *text; text += strcspn(text, "\n"), text += *text == '\n') {
        size_t n = strcspn(text, "\n");
        bool anew = alter_versions_anew(a) && strncasecmp(text, "system_time", 11) == 0;
        if (anew ? !add : has_line(others, text, n))
            continue;
        clause(a);
        size_t shown = add ? n : strcspn(text, "(");
        sql(&a->text, D, EXPR(add ? "ADD PERIOD FOR" : "DROP PERIOD FOR"),
            EXPR(arena_strndup(a->how.arena, text, shown)));
    }
}

// A check that is not part of its column is dropped by its name, which only a database can tell where the model does not.
static bool checks_are_named(const Alter *a, Error *err)
{
    VEC_EACH (Change, change, &a->step->changes) {
        const Object *have = change->have;
        if (!have || have->kind != OBJECT_CHECK || have->name ||
            my_check_is_in_column(&a->how, as_constraint(have)))
            continue;
        error_at(err, ERR_UNSUPPORTED, have->at,
                 "the check of table '%s' has no name: no statement can change or drop it",
                 a->want->head.name);
        return error_hint(err,
                          "Name it, or compare with a database, which knows the name that it has there.");
    }
    return true;
}

bool my_render_alter_table(const StepGraph *graph, const Step *step, Arena *arena, StatementList *out,
                           Error *err)
{
    Alter a = { .graph = graph, .step = step, .have = step->have_table, .want = step->want_table };
    a.how = (Spelling){ .arena = arena, .mariadb = my_for_mariadb(graph), .table = a.want };
    a.how.versioned_later = alter_versions_columns_later(&a);
    strbuf_init(&a.text, arena);
    if (!checks_are_named(&a, err))
        return false;
    alter_gather(&a);
    alter_put_before(&a, out);
    sql(&a.text, D, KW("ALTER TABLE"), ID(a.want->head.name));
    bool alone = alter_is_of_part(step); // the table's own options are another step's
    put_drops(&a);
    if (!alone)
        put_periods(&a, a.have, a.want, false);
    put_columns(&a);
    if (!alone)
        put_periods(&a, a.want, a.have, true);
    if (alter_adds_versioning_inside(&a)) {
        clause(&a);
        sql(&a.text, D, KW("ADD SYSTEM VERSIONING"));
    }
    put_kept_keys(&a);
    put_added_keys(&a);
    if (!alone)
        put_table(&a);
    Cost cost = alter_cost(&a);
    const char *algorithm = a.clauses ? alter_algorithm(&a, cost) : NULL;
    if (algorithm) {
        clause(&a);
        sql(&a.text, D, EXPR(algorithm));
    }
    if (!alone)
        put_partitions(&a);
    if (a.clauses)
        alter_note_cost(&a, cost, my_statement(arena, out, a.text.text));
    if (!alone)
        alter_put_partitions(&a, out);
    alter_put_after(&a, out);
    return true;
}
