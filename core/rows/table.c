// What is to be known of a table before rows are made: which columns an INSERT names, which of them make a key distinct, and
// which rows of other tables there are to refer to.
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/dialect/sql.h"
#include "core/rows/internal.h"

bool text_mentions(const Dialect *dialect, const char *sql, const char *name)
{
    Lexer lexer;
    if (!sql)
        return false;
    lex_init(&lexer, (Text){ sql, strlen(sql) }, dialect->lex, false);
    for (Token token = lex_next(&lexer); token.kind != TOKEN_END; token = lex_next(&lexer))
        if (token_named(&token, name))
            return true;
    return false;
}

void table_put_name(const Maker *maker, StrBuf *out, const Table *table)
{
    sql(out, maker->dialect, QID(table->head.schema, table->head.name));
}

bool table_is_partition(const Table *table)
{
    return option_get(&table->head.options, "partition_of") != NULL;
}

bool table_column_number(const RowsTable *t, const char *name, size_t *out)
{
    for (int exact = 1; name && exact >= 0; exact--)
        for (size_t i = 0; i < t->count; i++) {
            const char *own = t->columns[i].column->head.name;
            if (exact ? strcmp(own, name) == 0 : strcasecmp(own, name) == 0) {
                *out = i;
                return true;
            }
        }
    return false;
}

const Table *table_referred(const Schema *schema, const Constraint *key)
{
    const Table *found = schema_table(schema, key->referred_schema, key->referred_table);
    for (size_t i = 0; !found && i < schema->tables.count; i++)
        if (same_text(schema->tables.items[i]->head.schema, key->referred_schema) &&
            strcasecmp(schema->tables.items[i]->head.name, key->referred_table) == 0)
            found = schema->tables.items[i];
    return found;
}

// --- columns -----------------------------------------------------------------

static bool is_expression(const Maker *maker, const char *default_sql)
{
    return default_sql && (text_mentions(maker->dialect, default_sql, "nextval") || strchr(default_sql, '('));
}

static const NameList *own_values(const Maker *maker, const Column *column)
{
    const NameList *given = maker->request->own_values;
    const char *name = name_join(maker->arena, column->head.schema, column->head.table);
    const char *whole = arena_printf(maker->arena, "%s.%s", name, column->head.name);
    NameList *found = NULL;
    for (size_t i = 0; given && i + 1 < given->count; i += 2) {
        if (strcmp(given->items[i], whole) != 0)
            continue;
        found = found ? found : ARENA_NEW(maker->arena, NameList);
        *VEC_PUSH(maker->arena, found) = given->items[i + 1];
    }
    return found;
}

// With those of the tables that it inherits from, which say only there what they are.
static void gather_columns(Maker *maker, const Table *table, ColumnList *out, int depth)
{
    const char *parents = option_get(&table->head.options, "inherits");
    for (const char *name; parents && depth > 0 && (name = name_next(maker->arena, &parents));) {
        const Table *parent = schema_table_named(maker->arena, maker->schema, table, name);
        if (parent)
            gather_columns(maker, parent, out, depth - 1);
    }
    VEC_EACH (Column *, it, &table->columns) {
        bool seen = false;
        VEC_EACH (Column *, other, out)
            if (strcmp((*other)->head.name, (*it)->head.name) == 0) {
                *other = *it;
                seen = true;
            }
        if (!seen)
            *VEC_PUSH(maker->arena, out) = *it;
    }
}

static uint64_t taken_by_others(const Maker *maker, const Column *column)
{
    const RowsTakenList *taken = maker->request->taken;
    for (size_t i = 0; taken && i < taken->count; i++)
        if (strcasecmp(taken->items[i].table, column->head.table) == 0 &&
            strcasecmp(taken->items[i].column, column->head.name) == 0)
            return taken->items[i].most;
    return 0;
}

static void look_at_columns(Maker *maker, RowsTable *t)
{
    const Table *table = t->table;
    ColumnList columns = { 0 };
    gather_columns(maker, table, &columns, 8);
    t->count = columns.count;
    t->columns = arena_alloc(maker->arena, (t->count + 1) * sizeof(*t->columns));
    for (size_t i = 0; i < t->count; i++) {
        const Column *column = columns.items[i];
        RowColumn *c = &t->columns[i];
        *c = (RowColumn){ .column = column,
                          .own = own_values(maker, column),
                          .taken = taken_by_others(maker, column) };
        maker->dialect->value_type(maker->arena, maker->schema, table, column, &c->type);
        bool counted = column->autoincrement || column->identity != IDENTITY_NONE ||
                       (maker->dialect->numbers_itself && maker->dialect->numbers_itself(table, column));
        c->left_out = column->generated || counted;
        c->optional = c->left_out || column->default_sql || column->nullable;
        if (!column->generated)
            lookup_words(maker, table, column, &c->type, &c->looked_up);
    }
}

// --- what makes it distinct --------------------------------------------------

static RowsKey *key_of_column(const RowsTable *t, size_t column)
{
    VEC_EACH (RowsKey, key, &t->keys)
        for (size_t i = 0; i < key->count; i++)
            if (key->columns[i] == column)
                return key;
    return NULL;
}

static void use_digit(Maker *maker, RowsTable *t, size_t *digit, size_t size)
{
    if (*digit)
        return;
    *VEC_PUSH(maker->arena, &t->radix) = size ? size : 1;
    *digit = t->radix.count;
}

// How many distinct values, up to what is of interest.
static size_t distinct_values(const Maker *maker, const RowsTable *t, const TypeValues *type)
{
    size_t need = t->there + maker->wanted + 1, most = need > 4096 ? need : 4096;
    if (value_key(maker->arena, maker->dialect, type, most))
        return most;
    size_t n = 0;
    while (n < most && value_key(maker->arena, maker->dialect, type, n))
        n++;
    return n;
}

// Can the column carry the numbers of a key: a value for each row?
static bool may_carry(const Maker *maker, const RowsTable *t, size_t column)
{
    const RowColumn *c = &t->columns[column];
    return !key_of_column(t, column) && !(c->own && c->own->count) &&
           distinct_values(maker, t, &c->type) > t->there + maker->wanted;
}

// The one that carries them best: integers, then texts, then by the place in the key. One that a check speaks of may take few
// values, so only where there is no other.
static size_t find_carrier(const Maker *maker, const RowsTable *t, const size_t *columns, size_t count,
                           bool checked)
{
    size_t best = SIZE_MAX;
    for (size_t i = 0; i < count; i++) {
        const RowColumn *c = &t->columns[columns[i]];
        if (c->checked != checked || !may_carry(maker, t, columns[i]))
            continue;
        if (best == SIZE_MAX || c->type.kind == TAKES_TEXT || c->type.kind == TAKES_INTEGER)
            best = columns[i];
        if (c->type.kind == TAKES_INTEGER)
            break;
    }
    return best;
}

static void limit_to(RowsTable *t, size_t capacity, const char *title)
{
    if (capacity >= t->capacity)
        return;
    t->capacity = capacity;
    t->limit = title;
}

// How many values there are for the column; 0 where another column of the same foreign key has been counted.
static size_t choices_of(const Maker *maker, const RowsTable *t, const size_t *columns, size_t i)
{
    const RowColumn *c = &t->columns[columns[i]];
    const RowsKey *key = key_of_column(t, columns[i]);
    for (size_t k = 0; key && k < i; k++)
        if (key_of_column(t, columns[k]) == key)
            return 0;
    return key                       ? key->pool.count
           : c->own && c->own->count ? c->own->count
                                     : distinct_values(maker, t, &c->type);
}

// Enough for all rows without the columns that a check speaks of?
static bool others_suffice(const Maker *maker, const RowsTable *t, const size_t *columns, size_t count)
{
    size_t all = 1, need = t->there + maker->wanted;
    bool any = false;
    for (size_t i = 0; i < count && all < need; i++) {
        size_t choices = t->columns[columns[i]].checked ? 0 : choices_of(maker, t, columns, i);
        any |= choices > 0;
        all *= choices ? choices : 1;
    }
    return any && all >= need;
}

// Rows are told apart by one numbered column or, where none can carry a number, by a mixed radix over them.
static void keep_distinct(Maker *maker, RowsTable *t, const size_t *columns, size_t count, const char *title)
{
    for (size_t i = 0; i < count; i++)
        if (t->columns[columns[i]].left_out || t->columns[columns[i]].numbered)
            return;
    bool suffice = others_suffice(maker, t, columns, count);
    size_t carrier = find_carrier(maker, t, columns, count, false), capacity = 1;
    if (carrier == SIZE_MAX && !suffice)
        carrier = find_carrier(maker, t, columns, count, true);
    if (carrier != SIZE_MAX) {
        t->columns[carrier].numbered = true;
        return;
    }
    for (size_t i = 0; i < count; i++) {
        RowColumn *c = &t->columns[columns[i]];
        RowsKey *key = key_of_column(t, columns[i]);
        size_t size = choices_of(maker, t, columns, i);
        if (suffice && c->checked)
            continue;
        if (size || !key)
            use_digit(maker, t, key ? &key->digit : &c->digit, size);
        if (key && key->later)
            return; // NULL, which is distinct from NULL
        if (capacity < 1000000)
            capacity *= size ? size : 1;
    }
    limit_to(t, capacity, title);
}

static void look_at_parts(Maker *maker, RowsTable *t, const PartList *parts, const char *where,
                          const Object *head)
{
    size_t *columns = arena_alloc(maker->arena, (t->count * 2 + 1) * sizeof(*columns)), count = 0;
    VEC_EACH (Part, part, parts) {
        size_t number;
        if (table_column_number(t, part->column, &number)) {
            columns[count++] = number;
            continue;
        }
        for (size_t i = 0; part->expression && i < t->count && count < t->count * 2; i++)
            if (text_mentions(maker->dialect, part->expression, t->columns[i].column->head.name))
                columns[count++] = i;
    }
    (void)where;
    if (count)
        keep_distinct(maker, t, columns, count,
                      head->name ? head->name
                                 : arena_printf(maker->arena, "a key of %s", t->table->head.name));
}

static void look_at_keys(Maker *maker, RowsTable *t)
{
    VEC_EACH (Constraint *, it, &t->table->constraints)
        if ((*it)->head.kind == OBJECT_PRIMARY_KEY || (*it)->head.kind == OBJECT_UNIQUE)
            look_at_parts(maker, t, &(*it)->parts, NULL, &(*it)->head);
    VEC_EACH (Constraint *, it, &t->table->constraints) {
        if ((*it)->head.kind != OBJECT_EXCLUDE)
            continue;
        look_at_parts(maker, t, &(*it)->parts, (*it)->where, &(*it)->head);
    }
    VEC_EACH (Index *, it, &t->table->indexes)
        if ((*it)->unique)
            look_at_parts(maker, t, &(*it)->parts, (*it)->where, &(*it)->head);
}

// A column that is unique by a default of the engine's (a UUID, a sequence) is left to it.
static void leave_to_defaults(Maker *maker, RowsTable *t)
{
    for (size_t i = 0; i < t->count; i++) {
        RowColumn *c = &t->columns[i];
        if (c->numbered && !c->own && is_expression(maker, c->column->default_sql) &&
            !text_mentions(maker->dialect, c->column->default_sql, "now"))
            c->left_out = c->optional = c->by_default = true;
    }
}

// A key that its own rows refer to and that must not be NULL: the first row refers to itself, so it must be known.
static void name_own_keys(RowsTable *t)
{
    VEC_EACH (RowsKey, key, &t->keys)
        if (key->itself && !key->nullable && !key->pool.count)
            for (size_t i = 0; i < t->count; i++) {
                RowColumn *c = &t->columns[i];
                if (c->left_out && !c->column->generated)
                    c->explicit_key = c->numbered = true;
            }
}

// The engine would give the numbers that are for others. One row more is numbered by it, as an application has it.
static void name_keys_behind(const Maker *maker, RowsTable *t)
{
    for (size_t i = 0; !maker->trying && i < t->count; i++) {
        RowColumn *c = &t->columns[i];
        if (c->taken && c->left_out && !c->column->generated)
            c->explicit_key = c->numbered = true;
    }
}

// Other tables refer to the first keys of this one already.
static void keep_promise(const Maker *maker, RowsTable *t)
{
    VEC_EACH (Promise, it, &maker->promises) {
        const Constraint *primary = it->to == t->table ? table_primary_key(t->table) : NULL;
        for (size_t i = 0; primary && !t->there && i < t->count; i++) {
            RowColumn *c = &t->columns[i];
            if (parts_have_column(&primary->parts, c->column->head.name) && !c->column->generated)
                c->explicit_key = c->numbered = true;
        }
    }
}

static size_t rows_there(const Maker *maker, const Table *table)
{
    for (size_t i = 0; i < maker->counted; i++)
        if (maker->schema->tables.items[i] == table)
            return maker->counts[i];
    return 0;
}

static void find_partitions(Maker *maker, RowsTable *t)
{
    VEC_EACH (Table *, it, &maker->schema->tables)
        if (table_partitioned(maker, *it) == t->table)
            *VEC_PUSH(maker->arena, &t->partitions) = *it;
}

bool table_prepare(Maker *maker, RowsTable *out, const Table *table, const char **refused, Error *err)
{
    *out = (RowsTable){ .table = table,
                        .capacity = SIZE_MAX,
                        .hash = value_hash(maker->request->seed, table->head.name) };
    look_at_columns(maker, out);
    out->there = rows_there(maker, table);
    if (!keys_find(maker, out, refused, err))
        return false;
    find_partitions(maker, out);
    partition_values(maker, out);
    check_mark(maker, out);
    name_own_keys(out);
    name_keys_behind(maker, out);
    keep_promise(maker, out);
    look_at_keys(maker, out);
    leave_to_defaults(maker, out);
    return *refused || check_find(maker, out, err);
}
