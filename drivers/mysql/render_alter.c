#include "drivers/mysql/render.h"

#include <string.h>
#include <strings.h>

#include "drivers/mysql/dialect_types.h"

// One ALTER TABLE under construction.
typedef struct Alter {
    const StepGraph *graph;
    const Step *step;
    const Table *have, *want;
    Spelling how;
    StrBuf text;
    size_t clauses;
    ChangeList changes; // the step's, and what a column that is made anew takes along
    NameList remade;    // columns that are dropped and added for another one's sake
} Alter;

static const Dialect *const D = &mysql_dialect;

static void clause(Alter *a) { strbuf_puts(&a->text, a->clauses++ ? ",\n  " : "\n  "); }

static bool same_text(const char *a, const char *b) { return a == b || (a && b && strcmp(a, b) == 0); }

static const Constraint *as_constraint(const Object *object)
{
    return (const Constraint *)(const void *)object;
}
static const Column *as_column(const Object *object) { return (const Column *)(const void *)object; }
static const Index *as_index(const Object *object) { return (const Index *)(const void *)object; }

// Only visibility or enforcement differs: the server changes that by itself, without making the thing anew.
static bool only_visibility(const Change *change)
{
    if (change->kind != CHANGE_ALTER || change->have->kind != OBJECT_INDEX ||
        (change->facets & ~(unsigned)FACET_NAME) != FACET_OPTIONS)
        return false;
    static const char *const others[] = { "key_block_size", "parser", "engine_attribute",
                                          "secondary_engine_attribute", "other_options" };
    for (size_t i = 0; i < COUNT_OF(others); i++)
        if (!same_text(option_get(&change->have->options, others[i]),
                       option_get(&change->want->options, others[i])))
            return false;
    return true;
}

static bool only_enforcement(const Alter *a, const Change *change)
{
    return change->kind == CHANGE_ALTER && change->have->kind == OBJECT_CHECK &&
           change->facets == FACET_VALIDITY && !a->how.mariadb;
}

static bool only_name(const Change *change)
{
    return change->kind == CHANGE_ALTER && change->have->kind == OBJECT_INDEX && change->facets == FACET_NAME;
}

static bool keeps_its_key(const Alter *a, const Change *change)
{
    return only_visibility(change) || only_enforcement(a, change) || only_name(change);
}

static bool is_virtual(const Column *column) { return column->generated && !column->stored; }

// A virtual column cannot become one with values, nor the reverse; MariaDB does not even change its expression.
static bool is_remade(const Alter *a, const Change *change)
{
    if (change->kind != CHANGE_ALTER || change->have->kind != OBJECT_COLUMN)
        return false;
    const Column *have = as_column(change->have), *want = as_column(change->want);
    if (is_virtual(have) != is_virtual(want) || names_have(&a->remade, want->head.name))
        return true;
    return a->how.mariadb && is_virtual(have) &&
           (change->facets & (FACET_GENERATED | FACET_TYPE | FACET_COLLATION)) != 0;
}

// Where the values of a virtual column are kept until it has become a plain one.
static const char *keeper(const Alter *a, const char *name)
{
    return arena_printf(a->how.arena, "cmigrate_%.55s", name);
}

static bool keeps_values(const Change *change) { return !as_column(change->want)->generated; }

static void drop_one(Alter *a, const Change *change)
{
    const Object *have = change->have;
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
                change->kind == CHANGE_ALTER && order[i] != OBJECT_COLUMN && !keeps_its_key(a, change);
            if (change->kind == CHANGE_DROP || replaced || is_remade(a, change))
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

static void put_column_clause(Alter *a, const Column *column)
{
    const Change *change = column_change(a, column);
    bool remade = change && is_remade(a, change);
    if (change && (change->kind == CHANGE_CREATE || (remade && !keeps_values(change)))) {
        clause(a);
        sql(&a->text, D, KW("ADD COLUMN"));
        my_put_column(&a->text, &a->how, column);
        if (!is_last(a, column))
            put_place(a, column);
        return;
    }
    if (!change && !check_of_column_changes(a, column) && !follows_new_collation(a, column))
        return;
    clause(a);
    const char *old = remade   ? keeper(a, change->have->name)
                      : change ? change->have->name
                               : column->head.name;
    if (strcmp(old, column->head.name) == 0)
        sql(&a->text, D, KW("MODIFY COLUMN"));
    else
        sql(&a->text, D, KW("CHANGE COLUMN"), ID(old));
    my_put_column(&a->text, &a->how, column);
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
        if (change->kind != CHANGE_ALTER || !keeps_its_key(a, change))
            continue;
        if (change->facets & FACET_NAME) {
            clause(a);
            sql(&a->text, D, KW("RENAME INDEX"), ID(change->have->name), KW("TO"), ID(change->want->name));
        }
        if (only_visibility(change)) {
            bool hidden = option_is(&change->want->options, "invisible");
            clause(a);
            sql(&a->text, D, KW("ALTER INDEX"), ID(change->want->name),
                EXPR(a->how.mariadb ? (hidden ? "IGNORED" : "NOT IGNORED")
                                    : (hidden ? "INVISIBLE" : "VISIBLE")));
        } else if (only_enforcement(a, change)) {
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
            if (!change->want || change->want->kind != order[i] || keeps_its_key(a, change))
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
    if (same_text(old, new))
        return;
    const char *back = new ? NULL : word->unset ? word->unset : default_of_option(a, word->key);
    if (!new && !back)
        return;
    clause(a);
    sql(&a->text, D, EXPR(word->keyword), KW("="));
    if (!new)
        sql(&a->text, D, EXPR(back));
    else
        sql(&a->text, D, word->quoted ? LIT(new) : EXPR(new));
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
    if (old == new || (old && new &&my_same_sql(a->how.arena, old, new)))
        return;
    a->clauses++;
    if (new)
        sql(&a->text, D, KW("\nPARTITION BY"), EXPR(new));
    else
        sql(&a->text, D, KW("\nREMOVE PARTITIONING"));
}

// By itself: MariaDB looks at the table as it was when a column in the same ALTER speaks of its versioning.
static void change_versioning(const Alter *a, bool add, StatementList *out)
{
    bool old = option_is(&a->have->head.options, "system_versioning"),
         new = option_is(&a->want->head.options, "system_versioning");
    if (old == new || new != add)
        return;
    StrBuf text;
    strbuf_init(&text, a->how.arena);
    sql(&text, D, KW("ALTER TABLE"), ID(a->want->head.name),
        EXPR(add ? "ADD SYSTEM VERSIONING" : "DROP SYSTEM VERSIONING"));
    my_statement(a->how.arena, out, text.text);
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
        if (has_line(others, text, n))
            continue;
        clause(a);
        size_t shown = add ? n : strcspn(text, "(");
        sql(&a->text, D, EXPR(add ? "ADD PERIOD FOR" : "DROP PERIOD FOR"),
            EXPR(arena_strndup(a->how.arena, text, shown)));
    }
}

// ---- columns that are made anew take along what stands on them

static bool has_change(const Alter *a, const Object *have)
{
    VEC_EACH (Change, change, &a->changes)
        if (change->have == have)
            return true;
    return false;
}

static bool mentions(const Alter *a, const char *text, const char *name)
{
    if (!text)
        return false;
    TokenList tokens = lex_all(a->how.arena, (Text){ text, strlen(text) }, D->lex);
    VEC_EACH (Token, token, &tokens)
        if (token_named(token, name))
            return true;
    return false;
}

static bool parts_stand_on(const Alter *a, const PartList *parts, const char *name)
{
    VEC_EACH (Part, part, parts)
        if ((part->column && strcasecmp(part->column, name) == 0) || mentions(a, part->expression, name))
            return true;
    return false;
}

static void take_along(Alter *a, const Object *have, const Object *want, unsigned facet)
{
    if (want && !has_change(a, have))
        *VEC_PUSH(a->how.arena, &a->changes) = (Change){ CHANGE_ALTER, facet, have, want, a->have, a->want };
}

// MySQL does not let go of a column that a generated one mentions: that one is made anew too.
static void remake_mentions(Alter *a, const char *name)
{
    VEC_EACH (Column *, it, &a->have->columns) {
        const Column *want = table_column(a->want, (*it)->head.name);
        if (!want || strcmp((*it)->head.name, name) == 0 || !mentions(a, (*it)->generated, name))
            continue;
        take_along(a, &(*it)->head, &want->head, FACET_GENERATED);
        *VEC_PUSH(a->how.arena, &a->remade) = want->head.name;
    }
}

static void take_along_all(Alter *a, const char *name)
{
    if (!a->how.mariadb)
        remake_mentions(a, name);
    VEC_EACH (Index *, it, &a->have->indexes) {
        const Index *want = table_index(a->want, (*it)->head.name);
        if (parts_stand_on(a, &(*it)->parts, name))
            take_along(a, &(*it)->head, want ? &want->head : NULL, FACET_PARTS);
    }
    VEC_EACH (Constraint *, it, &a->have->constraints) {
        const Constraint *want = table_constraint(a->want, (*it)->head.name);
        if ((*it)->head.kind == OBJECT_CHECK && mentions(a, (*it)->expression, name))
            take_along(a, &(*it)->head, want ? &want->head : NULL, FACET_EXPRESSION);
    }
}

// An index that the server made for an earlier foreign key gives way when it makes one for a new key, named otherwise:
// restated in the same ALTER it is our own and stays.
static void keep_index_of_key(Alter *a, const Constraint *key)
{
    const Table *live = schema_table(a->graph->have, NULL, a->want->head.name);
    if (!live)
        return;
    VEC_EACH (Index *, it, &live->indexes) {
        if ((*it)->unique || (*it)->method || !parts_equal(&(*it)->parts, &key->parts))
            continue;
        VEC_EACH (Index *, index, &a->want->indexes)
            if (parts_equal(&(*index)->parts, &key->parts) &&
                strcmp((*index)->head.name, key->head.name) != 0)
                take_along(a, &(*index)->head, &(*index)->head, FACET_PARTS);
        return;
    }
}

static void gather_changes(Alter *a)
{
    if (a->step->want && a->step->want->kind == OBJECT_FOREIGN_KEY)
        keep_index_of_key(a, as_constraint(a->step->want));
    VEC_EACH (Change, change, &a->step->changes)
        *VEC_PUSH(a->how.arena, &a->changes) = *change;
    for (size_t i = 0; i < a->changes.count; i++) // the list grows: what is made anew takes others along
        if (is_remade(a, &a->changes.items[i]))
            take_along_all(a, a->changes.items[i].have->name);
}

// A virtual column becomes a plain one: its values are computed into a new column, which takes its name and place.
static void keep_values(const Alter *a, const Change *change, StatementList *out)
{
    StrBuf text;
    Column copy = *as_column(change->want);
    const char *name = keeper(a, change->have->name);
    copy.head.name = name;
    copy.nullable = true;
    copy.autoincrement = false;
    Spelling how = a->how;
    how.table = &(Table){ .head = a->want->head }; // without its checks
    strbuf_init(&text, a->how.arena);
    sql(&text, D, KW("ALTER TABLE"), ID(a->want->head.name), KW("ADD COLUMN"));
    my_put_column(&text, &how, &copy);
    my_statement(a->how.arena, out, text.text);
    strbuf_clear(&text);
    sql(&text, D, KW("UPDATE"), ID(a->want->head.name), KW("SET"), ID(name), KW("="), ID(change->have->name));
    my_statement(a->how.arena, out, text.text);
}

// Rows that the change would refuse are named before it begins.
static void assert_no_nulls(const Alter *a, const Change *change, StatementList *out)
{
    if (change->kind != CHANGE_ALTER || change->have->kind != OBJECT_COLUMN ||
        !(change->facets & FACET_NULLABLE) || as_column(change->want)->nullable ||
        as_column(change->want)->generated || as_column(change->have)->generated)
        return;
    StrBuf text;
    strbuf_init(&text, a->how.arena);
    sql(&text, D, KW("SELECT * FROM"), ID(a->want->head.name), KW("WHERE"), ID(change->have->name),
        KW("IS NULL LIMIT 1"));
    my_statement(a->how.arena, out, text.text)->assertion =
        arena_printf(a->how.arena, "%s.%s is to be NOT NULL, but has rows with NULL", a->want->head.name,
                     change->have->name);
}

bool my_render_alter_table(const StepGraph *graph, const Step *step, Arena *arena, StatementList *out,
                           Error *err)
{
    (void)err;
    Alter a = { .graph = graph, .step = step, .have = step->have_table, .want = step->want_table };
    a.how = (Spelling){ .arena = arena, .mariadb = my_for_mariadb(graph), .table = a.want };
    strbuf_init(&a.text, arena);
    gather_changes(&a);
    VEC_EACH (Change, change, &a.changes) {
        assert_no_nulls(&a, change, out);
        if (is_remade(&a, change) && keeps_values(change))
            keep_values(&a, change, out);
    }
    change_versioning(&a, true, out);
    sql(&a.text, D, KW("ALTER TABLE"), ID(a.want->head.name));
    put_drops(&a);
    put_periods(&a, a.have, a.want, false);
    put_columns(&a);
    put_periods(&a, a.want, a.have, true);
    put_kept_keys(&a);
    put_added_keys(&a);
    put_table(&a);
    put_partitions(&a);
    if (a.clauses)
        my_statement(arena, out, a.text.text);
    change_versioning(&a, false, out);
    return true;
}
