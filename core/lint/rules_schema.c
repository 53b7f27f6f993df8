// S1, S2: keys, foreign keys and indexes of what a revision makes.
#include <string.h>
#include <strings.h>

#include "core/lint/internal.h"
#include "core/lint/model.h"

static const LintRule rules[] = {
    {.code = "S101",
     .name = "no-primary-key",
     .engines = ON_ALL,
     .level = LINT_WARNING,
     .summary = "The table has no primary key.",
     .why = "No row can be named for certain, logical replication cannot update or delete, and InnoDB "
             "clusters the rows by a "
             "hidden number.", .instead = "add a primary key",
     .aliases = "pk primary_key table.require-pk" },
    { .code = "S102",
     .name = "foreign-key-without-index",
     .engines = ON_POSTGRESQL | ON_SQLITE,
     .level = LINT_WARNING,
     .summary = "No index begins with the columns of the foreign key.",
     .why = "Each delete or key change in the referenced table reads the whole referencing table.",
     .instead = "add an index that begins with these columns and has no predicate",
     .aliases = "unindexed-foreign-keys" },
    { .code = "S103",
     .name = "foreign-key-types-differ",
     .engines = ON_ALL,
     .level = LINT_WARNING,
     .summary = "The column and the one it references have different types.",
     .why = "The comparison casts, an index may not serve it, and a narrower column cannot hold every key.",
     .instead = "give both columns the same type",
     .aliases = "type_pedantic" },
    { .code = "S104",
     .name = "foreign-key-parent-not-unique",
     .engines = ON_BOTH_MYSQL | ON_SQLITE,
     .level = LINT_ERROR,
     .summary = "The referenced columns are no key.",
     .why = "Several rows may be meant. SQLite refuses each later change of either table, MySQL 8.4 and "
             "later refuses the key.", .instead = "reference a primary key or a unique constraint",
     .aliases = "fk-parent" },
    { .code = "S105",
     .name = "key-too-small",
     .engines = ON_ALL,
     .level = LINT_WARNING,
     .summary = "The generated key is of a type that may run out.",
     .why = "A 32-bit key ends at 2,147,483,647, counting rolled back and deleted rows; then every insert "
             "fails, and a wider "
             "type rewrites the table and all that references it.", .instead = "use bigint",
     .aliases = "prefer-bigint-over-int auto-inc" },
    { .code = "S107",
     .name = "nullable-in-unique",
     .engines = ON_ALL,
     .level = LINT_NOTICE,
     .summary = "A column of the unique constraint may be NULL.",
     .why = "NULLs count as different, so rows that agree in every other column are accepted. Of a "
             "constraint on "
             "one column nothing is said: there NULL means that a row has no such value.", .instead = "make the column NOT NULL; on PostgreSQL 15 and later, or say NULLS NOT DISTINCT" },
    { .code = "S108",
     .name = "foreign-keys-forbidden",
     .engines = ON_ALL,
     .level = LINT_OFF,
     .summary = "The table has a foreign key.",
     .why = "For projects that do without them: sharded, or changed by tools that copy tables.",
     .aliases = "has-fk has_foreign_key table.no-foreign-key" },
    { .code = "S109",
     .name = "sqlite-key-may-be-null",
     .engines = ON_SQLITE,
     .level = LINT_WARNING,
     .summary = "The primary key takes NULL.",
     .why = "For historical reasons SQLite takes NULLs in a primary key that is not INTEGER, unless the "
             "table is STRICT or "
             "WITHOUT ROWID.", .instead = "say NOT NULL" },
    { .code = "S110",
     .name = "sqlite-int-not-integer",
     .engines = ON_SQLITE,
     .level = LINT_NOTICE,
     .summary = "The primary key is an integer type other than INTEGER.",
     .why = "Only INTEGER PRIMARY KEY is the rowid: any other spelling keeps a second index and does not "
             "number rows by itself.", .instead = "write INTEGER PRIMARY KEY" },
    { .code = "S111",
     .name = "reference-without-key",
     .engines = ON_ALL,
     .level = LINT_OFF,
     .summary = "A column is named like a reference and has no foreign key.",
     .why = "Nothing keeps rows from pointing nowhere.",
     .instead = "add the foreign key" },
    { .code = "S201",
     .name = "duplicate-index",
     .engines = ON_ALL,
     .level = LINT_WARNING,
     .summary = "Another index is the same.",
     .why = "Each write maintains both, and only one is ever read.",
     .instead = "drop one of them",
     .aliases = "dupe-index redundant_indexes" },
    { .code = "S202",
     .name = "redundant-index",
     .engines = ON_ALL,
     .level = LINT_NOTICE,
     .summary = "A longer index begins with the same columns.",
     .why = "The longer one serves the same queries; each write maintains both.",
     .instead = "drop the shorter one, unless its size matters" },
    { .code = "S205",
     .name = "too-many-indexes",
     .engines = ON_ALL,
     .level = LINT_OFF,
     .summary = "The table has more indexes than is usual.",
     .why = "Each write maintains all of them. `max: N` of the rule sets the limit (8).",
     .aliases = "index.total-number-limit" },
    { .code = "S206",
     .name = "too-many-index-columns",
     .engines = ON_ALL,
     .level = LINT_OFF,
     .summary = "The index has more than three columns.",
     .why = "Wide indexes are big and seldom read to their end. `max: N` of the rule sets the limit (3).",
     .aliases = "add_index_columns index.key-number-limit" },
    { .code = "S207",
     .name = "range-column-first",
     .engines = ON_ALL,
     .level = LINT_OFF,
     .summary = "A date or time is not the last column of the index.",
     .why = "Such columns are searched by ranges, and columns after a range do not narrow the search.",
     .instead = "put it last",
     .aliases = "datetime_index_position" },
    { 0                                                                          },
};

static const char *columns_text(Arena *arena, const PartList *parts)
{
    StrBuf out;
    strbuf_init(&out, arena);
    VEC_EACH (Part, it, parts)
        strbuf_printf(&out, "%s%s", out.length ? ", " : "", it->column ? it->column : it->expression);
    return out.text;
}

static unsigned long limit_of(const JudgeRevision *judge, const char *code, unsigned long otherwise)
{
    const char *text = lint_pattern(judge->lint, code, "max");
    unsigned long value = 0;
    for (const char *p = text; p && *p >= '0' && *p <= '9'; p++)
        value = value * 10 + (unsigned long)(*p - '0');
    return value ? value : otherwise;
}

// --- keys ------------------------------------------------------------------

static bool is_partition(const Table *table)
{
    return option_get(&table->head.options, "partition_of") != NULL;
}

static bool is_numbered(const Column *column)
{
    return column->autoincrement || column->identity != IDENTITY_NONE ||
           (column->default_sql && strstr(column->default_sql, "nextval"));
}

// No key, a key that takes NULL (a legacy of SQLite), one that looks like the rowid but is not, and one that
// runs out of numbers.
static void judge_primary_key(const JudgeRevision *judge, const Table *table)
{
    const Constraint *key = table_primary_key(table);
    const char *name = table->head.name;
    LintPlace place = lint_place_of(judge, &table->head);
    if (!key) {
        if (!is_partition(table) && !table->is_virtual)
            lint_found_in(judge, "S101", place, name, "table %s has no primary key", name);
        return;
    }
    bool sqlite = lint_is_engine(judge->lint, ON_SQLITE);
    bool strict = option_is(&table->head.options, "strict"),
         rowid = !option_is(&table->head.options, "without_rowid");
    VEC_EACH (Part, part, &key->parts) {
        const Column *column = part->column ? table_column(table, part->column) : NULL;
        if (!column)
            continue;
        bool integer = strcasecmp(column->type, "integer") == 0;
        if (sqlite && rowid && !strict && column->nullable && !(integer && key->parts.count == 1))
            lint_found_in(judge, "S109", place, name, "primary key column %s of table %s takes NULL",
                          part->column, name);
        if (sqlite && rowid && key->parts.count == 1 && !integer &&
            column_has_type(column, "int|bigint|smallint|int8"))
            lint_found_in(judge, "S110", place, name,
                          "primary key column %s of table %s is %s, so it is not the rowid", part->column,
                          name, column->type);
        if (!sqlite && is_numbered(column) &&
            column_has_type(column, "int|integer|smallint|mediumint|tinyint|int4|int2"))
            lint_found_in(judge, "S105", place, name, "the generated key %s of table %s is %s", part->column,
                          name, column->type);
    }
}

static void judge_unique(const JudgeRevision *judge, const Table *table, const Constraint *key)
{
    if (key->nulls_not_distinct || key->parts.count < 2)
        return;
    VEC_EACH (Part, part, &key->parts) {
        const Column *column = part->column ? table_column(table, part->column) : NULL;
        if (column && column->nullable) {
            lint_found_in(judge, "S107", lint_place_of(judge, &key->head), table->head.name,
                          "unique (%s) of table %s has column %s, which may be NULL",
                          columns_text(judge->arena, &key->parts), table->head.name, part->column);
            return;
        }
    }
}

// --- foreign keys ----------------------------------------------------------

// The type without what may differ: lengths of texts, time zones apart.
static bool same_type(const Lint *lint, const char *a, const char *b)
{
    if (strcasecmp(a, b) == 0)
        return true;
    if (lint_is_engine(lint, ON_SQLITE)) // by affinity only, which is not for this rule
        return (type_is(a, "integer") || type_is(a, "int") || type_is(a, "bigint")) ==
               (type_is(b, "integer") || type_is(b, "int") || type_is(b, "bigint"));
    size_t n = strcspn(a, "("), m = strcspn(b, "(");
    bool text = strncasecmp(a, "character", 9) == 0 || strncasecmp(a, "varchar", 7) == 0 ||
                strncasecmp(a, "text", 4) == 0;
    bool text_b = strncasecmp(b, "character", 9) == 0 || strncasecmp(b, "varchar", 7) == 0 ||
                  strncasecmp(b, "text", 4) == 0;
    if (text && text_b)
        return true;
    return n == m && strncasecmp(a, b, n) == 0 && strcasecmp(a + strcspn(a, ")"), b + strcspn(b, ")")) == 0 &&
           n > 0 && !type_is(a, "numeric") && !type_is(a, "decimal");
}

static void referred_names(Arena *arena, const Constraint *key, const Table *parent, NameList *out)
{
    VEC_EACH (const char *, it, &key->referred_columns)
        *VEC_PUSH(arena, out) = *it;
    const Constraint *primary = key->referred_columns.count || !parent ? NULL : table_primary_key(parent);
    if (primary)
        VEC_EACH (Part, it, &primary->parts)
            *VEC_PUSH(arena, out) = it->column;
}

static bool has_unique_index(const Table *table, const NameList *columns)
{
    VEC_EACH (Index *, it, &table->indexes) {
        bool all = (*it)->unique && !(*it)->where && (*it)->parts.count == columns->count;
        VEC_EACH (const char *, name, columns)
            all = all && parts_have_column(&(*it)->parts, *name);
        if (all)
            return true;
    }
    return false;
}

// The table without its other constraints: what can cover columns. It shares all else with `table`.
static Table with_keys_only(const JudgeRevision *judge, const Table *table)
{
    Table keyed = *table;
    keyed.constraints = (ConstraintList){ 0 };
    VEC_EACH (Constraint *, it, &table->constraints)
        if ((*it)->head.kind == OBJECT_PRIMARY_KEY || (*it)->head.kind == OBJECT_UNIQUE)
            *VEC_PUSH(judge->arena, &keyed.constraints) = *it;
    return keyed;
}

// An index for the referring side, a key on the referred side, and the same types on both: without them a key
// is slow or does not hold. `table` has its keys only, so that many foreign keys are not read for each of them.
static void judge_foreign_key(const JudgeRevision *judge, const Table *table, const Constraint *key)
{
    const char *name = table->head.name;
    LintPlace place = lint_place_of(judge, &key->head);
    const char *columns = columns_text(judge->arena, &key->parts);
    const Table *parent = schema_table(judge->after, key->referred_schema, key->referred_table);
    NameList referred = { 0 };
    lint_found_in(judge, "S108", place, name, "table %s has a foreign key (%s)", name, columns);
    if (!table_covers(table, &key->parts))
        lint_found_in(judge, "S102", place, name, "no index of table %s begins with the foreign key's %s",
                      name, columns);
    if (!parent)
        return;
    referred_names(judge->arena, key, parent, &referred);
    if (referred.count && !table_key_of(parent, &referred) && !has_unique_index(parent, &referred))
        lint_found_in(judge, "S104", place, name,
                      "the foreign key (%s) of table %s references columns of %s that are no key", columns,
                      name, parent->head.name);
    for (size_t i = 0; i < referred.count && i < key->parts.count; i++) {
        const Column *own =
            key->parts.items[i].column ? table_column(table, key->parts.items[i].column) : NULL;
        const Column *other = table_column(parent, referred.items[i]);
        if (own && other && !same_type(judge->lint, own->type, other->type))
            lint_found_in(judge, "S103", place, name, "%s.%s is %s, but references %s.%s, which is %s", name,
                          own->head.name, own->type, parent->head.name, other->head.name, other->type);
    }
}

// a_id without a foreign key, where a table a is there
static void judge_inferred(const JudgeRevision *judge, const Table *table, const Column *column)
{
    size_t n = strlen(column->head.name);
    if (n <= 3 || strcmp(column->head.name + n - 3, "_id") != 0)
        return;
    const char *parent = arena_strndup(judge->arena, column->head.name, n - 3);
    if (!schema_table(judge->after, table->head.schema, parent))
        return;
    VEC_EACH (Constraint *, it, &table->constraints)
        if ((*it)->head.kind == OBJECT_FOREIGN_KEY && parts_have_column(&(*it)->parts, column->head.name))
            return;
    lint_found_in(judge, "S111", lint_place_of(judge, &column->head), table->head.name,
                  "%s.%s reads like a reference to %s and has no foreign key", table->head.name,
                  column->head.name, parent);
}

// --- indexes ---------------------------------------------------------------

// An index, or the one behind a key.
typedef struct Keyed {
    const Object *head;
    const PartList *parts;
    const NameList *include;
    const char *where, *method;
    bool unique, key;
} Keyed;

static size_t all_keys(const Table *table, Keyed *out, size_t room)
{
    size_t n = 0;
    VEC_EACH (Constraint *, it, &table->constraints)
        if (((*it)->head.kind == OBJECT_PRIMARY_KEY || (*it)->head.kind == OBJECT_UNIQUE) && n < room)
            out[n++] =
                (Keyed){ &(*it)->head, &(*it)->parts, &(*it)->include, NULL, (*it)->method, true, true };
    VEC_EACH (Index *, it, &table->indexes)
        if (n < room)
            out[n++] = (Keyed){ &(*it)->head,  &(*it)->parts, &(*it)->include, (*it)->where, (*it)->method,
                                (*it)->unique, false };
    return n;
}

static bool same_part(const Part *a, const Part *b)
{
    return same_text(a->column, b->column) && same_text(a->expression, b->expression) &&
           same_text(a->collation, b->collation) && same_text(a->opclass, b->opclass) &&
           a->length == b->length && a->descending == b->descending && a->nulls_first == b->nulls_first;
}

static bool begins_with(const PartList *longer, const PartList *shorter)
{
    for (size_t i = 0; i < shorter->count; i++)
        if (i >= longer->count || !same_part(&longer->items[i], &shorter->items[i]))
            return false;
    return true;
}

static bool is_btree(const char *method) { return !method || strcasecmp(method, "btree") == 0; }

static void judge_index_pair(const JudgeRevision *judge, const Table *table, const Keyed *a, const Keyed *b)
{
    if (!same_text(a->where, b->where) || !begins_with(b->parts, a->parts) ||
        (is_btree(a->method) ? !is_btree(b->method) : !same_text(a->method, b->method)))
        return;
    bool same = a->parts->count == b->parts->count && names_equal(a->include, b->include);
    const char *name = a->head->name ? a->head->name : columns_text(judge->arena, a->parts);
    const char *other = b->head->name ? b->head->name : columns_text(judge->arena, b->parts);
    LintPlace place = lint_place_of(judge, model_is_new(judge, table, a->head) ? a->head : b->head);
    if (same && a->unique == b->unique) {
        if (a < b && !(a->key && b->key))
            lint_found_in(judge, "S201", place, table->head.name, "index %s of table %s is the same as %s",
                          other, table->head.name, name);
    } else if (!a->unique && is_btree(a->method)) {
        lint_found_in(judge, "S202", place, table->head.name, "index %s of table %s is covered by %s", name,
                      table->head.name, other);
    }
}

static void judge_indexes(const JudgeRevision *judge, const Table *table)
{
    Keyed keys[256];
    size_t n = all_keys(table, keys, COUNT_OF(keys));
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < n; k++)
            if (i != k &&
                (model_is_new(judge, table, keys[i].head) || model_is_new(judge, table, keys[k].head)))
                judge_index_pair(judge, table, &keys[i], &keys[k]);
    if (table->indexes.count > limit_of(judge, "S205", 8))
        lint_found_in(judge, "S205", lint_place_of(judge, &table->head), table->head.name,
                      "table %s has %zu indexes", table->head.name, table->indexes.count);
}

static void judge_index(const JudgeRevision *judge, const Table *table, const Index *index)
{
    LintPlace place = lint_place_of(judge, &index->head);
    if (index->parts.count > limit_of(judge, "S206", 3))
        lint_found_in(judge, "S206", place, table->head.name, "index %s has %zu columns", index->head.name,
                      index->parts.count);
    for (size_t i = 0; i + 1 < index->parts.count; i++) {
        const Part *part = &index->parts.items[i];
        const Column *column = part->column ? table_column(table, part->column) : NULL;
        if (column &&
            column_has_type(column,
                            "date|datetime|timestamp|timestamp without time zone|timestamp with time zone"))
            lint_found_in(judge, "S207", place, table->head.name, "index %s has %s before other columns",
                          index->head.name, part->column);
    }
}

static void judge_table(const JudgeRevision *judge, const Table *table, bool whole)
{
    if (whole)
        judge_primary_key(judge, table);
    const Table keyed = with_keys_only(judge, table);
    VEC_EACH (Constraint *, it, &table->constraints) {
        if (!model_is_new(judge, table, &(*it)->head))
            continue;
        if ((*it)->head.kind == OBJECT_FOREIGN_KEY)
            judge_foreign_key(judge, &keyed, *it);
        else if ((*it)->head.kind == OBJECT_UNIQUE)
            judge_unique(judge, table, *it);
    }
    VEC_EACH (Column *, it, &table->columns)
        if (model_is_new(judge, table, &(*it)->head))
            judge_inferred(judge, table, *it);
    VEC_EACH (Index *, it, &table->indexes)
        if (model_is_new(judge, table, &(*it)->head))
            judge_index(judge, table, *it);
    judge_indexes(judge, table);
}

static void judge_revision(const JudgeRevision *judge) { model_each_changed(judge, judge_table); }

const LintFamily lint_schema = {
    .group = "schema", .rules = rules, .revision = judge_revision, .schema = judge_revision
};
