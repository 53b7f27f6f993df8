#include "drivers/mysql/render/alter.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "drivers/mysql/dialect/types.h"
#include "drivers/mysql/facts/charsets.h"
#include "drivers/mysql/facts/narrowing.h"

// What InnoDB does with the rows for each change, as MySQL 9 and MariaDB 10.11 answered when each was asked for with every
// ALGORITHM on an empty table: tests/live/test_mysql_costs.py asks them again. Older servers do the same or more.

static bool only(unsigned facets, unsigned allowed) { return (facets & ~allowed) == 0; }

static unsigned long length_of(const char *type)
{
    const char *open = strchr(type, '(');
    return open ? strtoul(open + 1, NULL, 10) : 0;
}

static const char *charset_of(const Alter *a, const Table *table, const Column *column)
{
    const Schema *schema = a->graph->have ? a->graph->have : a->graph->want;
    return my_charset_of(a->how.arena, &schema->server, table, column);
}

// How many bytes a value takes at most; 0: it is neither varchar nor varbinary.
static unsigned long bytes_of(const Alter *a, const Table *table, const Column *column)
{
    if (strncmp(column->type, "varbinary(", strlen("varbinary(")) == 0)
        return length_of(column->type);
    return strncmp(column->type, "varchar(", strlen("varchar(")) == 0
               ? length_of(column->type) * my_charset_bytes(charset_of(a, table, column))
               : 0;
}

// Up to 255 bytes the length takes one byte before the value, and two beyond. MariaDB keeps lengths below 128 as they are.
static bool keeps_length_bytes(const Alter *a, unsigned long old, unsigned long new)
{
    enum { ONE_BYTE = 255, SHORT = 127 };
    return new >= old && ((old <= ONE_BYTE) == (new <= ONE_BYTE) || (a->how.mariadb && old <= SHORT));
}

static size_t members_of(const Alter *a, const char *type)
{
    TokenList tokens = lex_all(a->how.arena, (Text){ type, strlen(type) }, mysql_dialect.lex);
    size_t count = 0;
    VEC_EACH (Token, token, &tokens)
        count += token->kind == TOKEN_STRING;
    return count;
}

// A set is kept in 1, 2, 3, 4 or 8 bytes, an enum in 1 or 2.
static size_t bytes_of_members(bool set, size_t members)
{
    enum { BITS = 8, MOST_OF_A_BYTE = 255, LAST_STEP = 4, WHOLE = 8 };
    size_t bytes = (members + BITS - 1) / BITS;
    if (!set)
        return members > MOST_OF_A_BYTE ? 2 : 1;
    return bytes > LAST_STEP ? WHOLE : bytes;
}

static bool grows_in_place(const Alter *a, const Column *have, const Column *want)
{
    unsigned long old = bytes_of(a, a->have, have), new = bytes_of(a, a->want, want);
    if (old && new && (have->type[3] == want->type[3])) // both varchar, or both varbinary
        return keeps_length_bytes(a, old, new);
    bool set = strncmp(have->type, "set(", strlen("set(")) == 0;
    size_t kept = strlen(have->type) - 1; // values appended to an enum or set
    return (set || strncmp(have->type, "enum(", strlen("enum(")) == 0) &&
           strncmp(have->type, want->type, kept) == 0 && want->type[kept] == ',' &&
           bytes_of_members(set, members_of(a, have->type)) ==
               bytes_of_members(set, members_of(a, want->type));
}

static bool has_virtual(const Table *table)
{
    VEC_EACH (Column *, it, &table->columns)
        if ((*it)->generated && !(*it)->stored)
            return true;
    return false;
}

static bool has_key_part(const PartList *parts, const char *name)
{
    VEC_EACH (Part, it, parts)
        if (it->column && strcasecmp(it->column, name) == 0)
            return true;
    return false;
}

static bool is_indexed(const Table *table, const char *name)
{
    VEC_EACH (Index *, it, &table->indexes)
        if (has_key_part(&(*it)->parts, name))
            return true;
    VEC_EACH (Constraint *, it, &table->constraints)
        if ((*it)->head.kind != OBJECT_CHECK && has_key_part(&(*it)->parts, name))
            return true;
    return false;
}

static bool is_of_primary_key(const Table *table, const char *name)
{
    const Constraint *key = table_primary_key(table);
    return key && has_key_part(&key->parts, name);
}

// Another collation of the same characters: the rows stay, and MySQL alone writes indexes over it by a copy.
static Cost cost_of_collation(const Alter *a, const Column *have, const Column *want)
{
    const char *name = have->head.name;
    if (strcasecmp(charset_of(a, a->have, have), charset_of(a, a->want, want)) != 0 ||
        is_of_primary_key(a->have, name) || (!a->how.mariadb && is_indexed(a->have, name)))
        return COST_COPY;
    return COST_IN_PLACE;
}

// A default that is another value each time; MySQL takes any expression in a copy only.
static bool is_computed_apart(const Alter *a, const char *expression)
{
    static const char *const functions[] = { "uuid", "uuid_short",   "uuid_v4", "uuid_v7", "sys_guid",
                                             "rand", "random_bytes", "nextval", "lastval", "sleep" };
    if (!a->how.mariadb)
        return expression && expression[0] == '(';
    for (size_t i = 0; expression && i < COUNT_OF(functions); i++)
        if (alter_mentions(a, expression, functions[i]))
            return true;
    return false;
}

static Cost cost_of_new_column(const Alter *a, const Column *want)
{
    bool last = a->want->columns.count && a->want->columns.items[a->want->columns.count - 1] == want;
    if (want->autoincrement)
        return COST_REBUILD;
    if ((want->generated && want->stored) || is_computed_apart(a, want->default_sql))
        return COST_COPY;
    bool plain = !want->generated;
    return a->how.mariadb && plain && !last && has_virtual(a->have) ? COST_COPY : COST_INSTANT;
}

static bool column_option_differs(const Column *have, const Column *want, const char *key)
{
    return !same_text(option_get(&have->head.options, key), option_get(&want->head.options, key));
}

// What the rows of a column cost. A change of its words alone is done at once; NOT NULL, and on MySQL another place, writes the
// table again; another form of its values copies it.
static Cost cost_of_column(const Alter *a, const Change *change)
{
    if (change->kind == CHANGE_DROP)
        return COST_INSTANT;
    const Column *want = as_column(change->want);
    if (change->kind == CHANGE_CREATE)
        return cost_of_new_column(a, want);
    if (alter_is_remade(a, change))
        return want->generated && !want->stored ? COST_INSTANT : COST_COPY;
    const Column *have = as_column(change->have);
    bool numbered = (change->facets & FACET_AUTOINCREMENT) && !(a->how.mariadb && have->autoincrement);
    if ((change->facets & FACET_GENERATED) || numbered || column_option_differs(have, want, "charset") ||
        column_option_differs(have, want, "compressed"))
        return COST_COPY;
    if (change->facets & FACET_COLLATION && cost_of_collation(a, have, want) == COST_COPY)
        return COST_COPY;
    if ((change->facets & FACET_TYPE) && !grows_in_place(a, have, want))
        return COST_COPY;
    if ((change->facets & FACET_NULLABLE) || (!a->how.mariadb && (change->facets & FACET_POSITION)))
        return COST_REBUILD;
    return only(change->facets, FACET_NAME | FACET_DEFAULT | FACET_COMMENT | FACET_POSITION) ? COST_INSTANT
                                                                                             : COST_IN_PLACE;
}

// Columns without a collation of their own follow their table; where none does, only the default is another one.
static Cost cost_of_default_collation(const Alter *a)
{
    Cost cost = COST_IN_PLACE;
    VEC_EACH (Column *, it, &a->have->columns) {
        const Column *want = table_column(a->want, (*it)->head.name);
        bool follows = want && my_type_is_string(want->type) && !want->collation && !(*it)->collation &&
                       !option_get(&want->head.options, "charset");
        if (follows && cost_of_collation(a, *it, want) > cost)
            cost = COST_COPY;
    }
    return cost;
}

static bool option_differs(const Change *change, const char *key)
{
    return !same_text(option_get(&change->have->options, key), option_get(&change->want->options, key));
}

static bool lists_differ(const Change *change, const OptionList *options, const char *but)
{
    VEC_EACH (Option, it, options)
        if (strcmp(it->key, but) != 0 && option_differs(change, it->key))
            return true;
    return false;
}

// Partitions that are moved by a statement of their own, and nothing else of the table.
static bool only_moves_partitions(const Alter *a, const Change *change)
{
    return change->facets == FACET_OPTIONS && alter_moves_partitions(a) &&
           !lists_differ(change, &change->have->options, "partition_by") &&
           !lists_differ(change, &change->want->options, "partition_by");
}

static Cost cost_of_table(const Alter *a, const Change *change)
{
    if (only_moves_partitions(a, change))
        return COST_INSTANT;
    static const char *const copying[] = { "engine",     "partition_by", "system_versioning",
                                           "encryption", "encrypted",    "compression" };
    static const char *const rebuilding[] = { "row_format", "key_block_size", "page_compressed" };
    for (size_t i = 0; i < COUNT_OF(copying); i++)
        if (option_differs(change, copying[i]) &&
            !(strcmp(copying[i], "partition_by") == 0 && alter_moves_partitions(a)))
            return COST_COPY;
    Cost cost = option_differs(change, "collation") || option_differs(change, "charset")
                    ? cost_of_default_collation(a)
                    : COST_IN_PLACE;
    for (size_t i = 0; i < COUNT_OF(rebuilding); i++)
        if (option_differs(change, rebuilding[i]) && cost < COST_REBUILD)
            cost = COST_REBUILD;
    return cost;
}

// Rows are looked at where they have to obey from now on.
static Cost cost_of_rule(const Alter *a, const Change *change)
{
    const Object *rule = change->want ? change->want : change->have;
    if (change->kind == CHANGE_DROP)
        return rule->kind == OBJECT_CHECK ? COST_INSTANT : COST_IN_PLACE;
    bool unchecked = rule->kind == OBJECT_CHECK && as_constraint(rule)->not_enforced;
    return unchecked && !a->how.mariadb ? COST_INSTANT : COST_COPY;
}

static Cost cost_of(const Alter *a, const Change *change)
{
    const Object *object = change->want ? change->want : change->have;
    switch ((int)object->kind) {
    case OBJECT_TABLE: return cost_of_table(a, change);
    case OBJECT_COLUMN: return cost_of_column(a, change);
    case OBJECT_PRIMARY_KEY: return change->kind == CHANGE_DROP ? COST_COPY : COST_REBUILD;
    case OBJECT_CHECK:
    case OBJECT_FOREIGN_KEY: return cost_of_rule(a, change);
    default: return COST_IN_PLACE;
    }
}

static size_t indexes_by(const Table *table, const char *method)
{
    size_t count = 0;
    VEC_EACH (Index *, it, &table->indexes)
        count += (*it)->method && strcasecmp((*it)->method, method) == 0;
    return count;
}

static bool is_innodb(const Table *table)
{
    const char *engine = option_get(&table->head.options, "engine");
    return !engine || strcasecmp(engine, "InnoDB") == 0;
}

static bool is_compressed(const Table *table)
{
    const char *format = option_get(&table->head.options, "row_format");
    return (format && strcasecmp(format, "compressed") == 0) ||
           option_get(&table->head.options, "key_block_size");
}

static bool moves_virtual(const Alter *a, const Change *change)
{
    const Object *object = change->want ? change->want : change->have;
    if (object->kind != OBJECT_COLUMN || (change->kind == CHANGE_ALTER && !alter_is_remade(a, change)))
        return false;
    return as_column(object)->generated && !as_column(object)->stored;
}

// A virtual column comes or goes at once by itself, and not together with much else.
static bool mixes_virtual(const Alter *a, Cost cost)
{
    size_t virtual = 0;
    bool remade = false;
    VEC_EACH (Change, change, &a->changes) {
        virtual += moves_virtual(a, change);
        remade |= moves_virtual(a, change) && change->kind == CHANGE_ALTER;
    }
    bool mixed = (remade && !a->how.mariadb) || (virtual && virtual < a->changes.count);
    return mixed && (a->how.mariadb || cost != COST_INSTANT);
}

static bool shifts_columns(const Alter *a)
{
    VEC_EACH (Change, change, &a->changes) {
        const Object *object = change->want ? change->want : change->have;
        if (object->kind == OBJECT_COLUMN && !moves_virtual(a, change) &&
            (change->kind != CHANGE_ALTER || (change->facets & FACET_POSITION)))
            return true;
    }
    return false;
}

static bool has_expression(const Index *index)
{
    VEC_EACH (Part, it, &index->parts)
        if (it->expression)
            return true;
    return false;
}

static bool is_new_index(const Alter *a, const Change *change)
{
    return change->want && change->want->kind == OBJECT_INDEX &&
           (change->kind == CHANGE_CREATE || !alter_keeps_key(a, change));
}

static bool builds_index(const Alter *a)
{
    VEC_EACH (Change, change, &a->changes)
        if (is_new_index(a, change) || (change->kind == CHANGE_CREATE && change->want->kind == OBJECT_UNIQUE))
            return true;
    return false;
}

static bool is_index_of_expression(const Object *object)
{
    return object && object->kind == OBJECT_INDEX && has_expression(as_index(object));
}

static bool is_plain(const Index *index)
{
    return !index->unique && (!index->method || strcasecmp(index->method, "fulltext") != 0);
}

// MySQL keeps an expression in a hidden virtual column, which comes or goes with other plain indexes, and with nothing else.
static bool mixes_expression(const Alter *a)
{
    bool comes = false, goes = false, mixed = false;
    VEC_EACH (Change, change, &a->changes) {
        const Object *object = change->want ? change->want : change->have;
        bool made = is_new_index(a, change), gone = change->have && (made || change->kind == CHANGE_DROP);
        comes |= made && is_index_of_expression(change->want);
        goes |= gone && is_index_of_expression(change->have);
        mixed |= object->kind != OBJECT_INDEX || !(made || gone) || !is_plain(as_index(object)) ||
                 (gone && !is_plain(as_index(change->have)));
    }
    return !a->how.mariadb && ((comes && goes) || ((comes || goes) && mixed));
}

static size_t new_fulltexts(const Alter *a)
{
    size_t count = 0;
    VEC_EACH (Change, change, &a->changes) {
        const char *method = change->want && change->want->kind == OBJECT_INDEX && !alter_keeps_key(a, change)
                                 ? as_index(change->want)->method
                                 : NULL;
        count += method && strcasecmp(method, "fulltext") == 0;
    }
    return count;
}

// What the table is decides too: its engine, its format, its full-text indexes.
static Cost cost_in_table(const Alter *a, Cost cost)
{
    size_t fulltext = indexes_by(a->have, "fulltext"), later = indexes_by(a->want, "fulltext");
    if (!is_innodb(a->have) || !is_innodb(a->want) || mixes_virtual(a, cost) || mixes_expression(a) ||
        new_fulltexts(a) > 1)
        return COST_COPY;
    if (cost < COST_REBUILD && shifts_columns(a) && (fulltext || is_compressed(a->have)))
        cost = COST_REBUILD;
    // MySQL moves columns at once only where nothing else is done, MariaDB where no index is built
    if (cost == COST_IN_PLACE && shifts_columns(a) && (!a->how.mariadb || builds_index(a)))
        cost = COST_REBUILD;
    if (cost < COST_REBUILD && new_fulltexts(a) && !fulltext) // the rows get a number for it
        cost = COST_REBUILD;
    bool one = a->how.mariadb && fulltext == 1 && later <= 1;
    return cost == COST_REBUILD && fulltext && !one ? COST_COPY : cost;
}

Cost alter_cost(const Alter *a)
{
    Cost cost = COST_INSTANT;
    VEC_EACH (Change, change, &a->changes) {
        Cost one = cost_of(a, change);
        if (one > cost)
            cost = one;
    }
    return a->changes.count ? cost_in_table(a, cost) : cost;
}

// Full-text and spatial indexes and those of expressions are built while nobody writes, new ones and those of a table that is
// rewritten; the numbers of a new AUTO_INCREMENT are given while nobody writes either.
static bool needs_shared_lock(const Alter *a, Cost cost)
{
    if (cost == COST_REBUILD && (indexes_by(a->have, "fulltext") || indexes_by(a->have, "spatial")))
        return true;
    VEC_EACH (Change, change, &a->changes) {
        if (!change->want || (change->kind == CHANGE_ALTER && alter_keeps_key(a, change)))
            continue;
        if (change->want->kind == OBJECT_COLUMN && change->kind == CHANGE_CREATE &&
            as_column(change->want)->autoincrement)
            return true;
        if (change->want->kind != OBJECT_INDEX)
            continue;
        const Index *index = as_index(change->want);
        bool plain = !index->method || strcasecmp(index->method, "btree") == 0 ||
                     strcasecmp(index->method, "hash") == 0;
        if (!plain || has_expression(index))
            return true;
    }
    return false;
}

// Under `online` the server is told what it may do, and refuses at once rather than block for hours. Several new
// full-text indexes MySQL makes in a copy only, and refuses where it is not told to.
const char *alter_algorithm(const Alter *a, Cost cost)
{
    if (!a->how.mariadb && new_fulltexts(a) > 1)
        return "ALGORITHM = COPY";
    if (!a->graph->options || !a->graph->options->online)
        return NULL;
    switch (cost) {
    case COST_INSTANT: return "ALGORITHM = INSTANT";
    case COST_IN_PLACE:
    case COST_REBUILD:
        return needs_shared_lock(a, cost) ? "ALGORITHM = INPLACE, LOCK = SHARED"
                                          : "ALGORITHM = INPLACE, LOCK = NONE";
    case COST_COPY: return NULL;
    }
    return NULL;
}

// MySQL and MariaDB give rows that are there the empty value of the type, and report nothing.
static const char *filled_with(const Alter *a, const Change *change)
{
    bool filled = change->kind == CHANGE_CREATE && change->want->kind == OBJECT_COLUMN &&
                  column_leaves_rows_empty(as_column(change->want)) &&
                  !option_get(&change->want->options, "row_period");
    return filled ? my_filler(a->how.mariadb, as_column(change->want)->type) : NULL;
}

#define COPIES "copies table %s: it can be read, but not written, meanwhile"

static const char *cost_note(const Alter *a, Cost cost)
{
    const char *table = a->want->head.name;
    StrBuf note;
    strbuf_init(&note, a->how.arena);
    if (a->step->risk.loses_data && a->step->risk.note)
        strbuf_printf(&note, "may lose data: %s", a->step->risk.note);
    if (cost == COST_COPY)
        strbuf_printf(&note, "%s" COPIES, note.length ? "\n" : "", table);
    if (cost == COST_REBUILD)
        strbuf_printf(&note, "%srewrites table %s, while it is read%s", note.length ? "\n" : "", table,
                      needs_shared_lock(a, cost) ? ", but not written" : " and written");
    if (cost == COST_IN_PLACE && needs_shared_lock(a, cost))
        strbuf_printf(&note, "%stable %s can be read, but not written, meanwhile", note.length ? "\n" : "",
                      table);
    VEC_EACH (Change, change, &a->changes)
        if (filled_with(a, change))
            strbuf_printf(&note, "%srows of %s that are there get %s in %s: it is NOT NULL without a default",
                          note.length ? "\n" : "", table, filled_with(a, change), change->want->name);
    return note.length ? note.text : NULL;
}

void alter_note_cost(const Alter *a, Cost cost, Statement *statement)
{
    if (step_find_create(a->graph, &a->want->head))
        return; // a table that the same plan makes: no rows, and nobody waits for it
    statement->comment = cost_note(a, cost);
    statement->rewrites = cost == COST_COPY || cost == COST_REBUILD;
    statement->algorithm = cost == COST_INSTANT ? "INSTANT" : cost == COST_COPY ? "COPY" : "INPLACE";
    if (cost == COST_COPY || needs_shared_lock(a, cost))
        statement->lock = "SHARED";
}

void alter_note_copy(const Alter *a, Statement *statement)
{
    statement->comment = arena_printf(a->how.arena, COPIES, a->want->head.name);
    statement->rewrites = true;
    statement->algorithm = "COPY";
    statement->lock = "SHARED";
}
