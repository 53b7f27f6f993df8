#include "drivers/mysql/dialect/dialect.h"

#include <string.h>
#include <strings.h>

#include "drivers/mysql/dialect/types.h"

// What MySQL and MariaDB imply, filled in on a model so that it compares with a live schema: one spelling of types
// and defaults, UNIQUE as the unique index that it is, AUTO_INCREMENT, the index after each foreign key, names that
// the server would give.

static const char *enum_spelling(Arena *arena, const EnumType *type)
{
    StrBuf out;
    strbuf_init(&out, arena);
    strbuf_puts(&out, "enum(");
    VEC_EACH (const char *, value, &type->values) {
        if (value != type->values.items)
            strbuf_putc(&out, ',');
        my_put_literal(&out, *value);
    }
    strbuf_putc(&out, ')');
    return out.text;
}

static void resolve_column(Arena *arena, Column *column)
{
    if (column->enum_type)
        column->type = enum_spelling(arena, column->enum_type);
    TypeParts parts = my_type_split(arena, column->type);
    column->type = parts.type;
    if (parts.charset && !option_get(&column->head.options, "charset"))
        option_set(arena, &column->head.options, "charset", parts.charset);
    if (parts.collation && !column->collation)
        column->collation = parts.collation;
    column->default_sql = my_default_canonical(arena, column->type, column->default_sql);
    const char *on_update = option_get(&column->head.options, "on_update");
    if (on_update)
        option_set(arena, &column->head.options, "on_update",
                   my_default_canonical(arena, column->type, on_update));
    if (column->identity != IDENTITY_NONE) {
        column->autoincrement = true;
        column->nullable = false;
        column->identity = IDENTITY_NONE;
        column->identity_options = NULL;
    }
}

// A key's columns are NOT NULL here: nothing is left open.
static void resolve_nullable(Table *table)
{
    const Constraint *key = table_primary_key(table);
    VEC_EACH (Column *, it, &table->columns) {
        (*it)->nullable_implied = false;
        if (option_get(&(*it)->head.options, "row_period")) { // the server says neither
            (*it)->nullable = true;
            continue;
        }
        if (key && parts_have_column(&key->parts, (*it)->head.name))
            (*it)->nullable = false;
    }
}

static const char *free_index_name(Arena *arena, const Table *table, const char *base)
{
    const char *name = base;
    for (unsigned n = 2; table_index(table, name); n++)
        name = arena_printf(arena, "%s_%u", base, n);
    return name;
}

static const char *first_column(const PartList *parts)
{
    return parts->count && parts->items[0].column ? parts->items[0].column : "functional_index";
}

// UNIQUE is an index here, and nothing else.
static void unique_to_index(Arena *arena, Table *table, const Constraint *unique)
{
    Index *index = index_new(arena, table, unique->head.name);
    index->head.comment = unique->head.comment;
    index->head.options = unique->head.options;
    index->head.at = unique->head.at;
    index->head.renamed_from = unique->head.renamed_from;
    index->parts = unique->parts;
    index->method = unique->method;
    index->unique = true;
    index->named_by_convention = unique->named_by_convention;
    if (!index->head.name) {
        index->head.name = free_index_name(arena, table, first_column(&unique->parts));
        index->named_by_convention = true;
    }
    *VEC_PUSH(arena, &table->indexes) = index;
}

static void name_primary_key(Constraint *key)
{
    key->head.name = "PRIMARY";
    key->named_by_convention = true;
}

static bool name_taken(const Table *table, const char *name) { return table_constraint(table, name) != NULL; }

static void name_by_server(Arena *arena, const Table *table, Constraint *constraint, const char *infix,
                           unsigned *next)
{
    if (constraint->head.name)
        return;
    const char *name;
    do
        name = arena_printf(arena, "%s_%s_%u", table->head.name, infix, ++*next);
    while (name_taken(table, name));
    constraint->head.name = name;
    constraint->named_by_convention = true;
}

static bool leads_with(const PartList *index, const PartList *key)
{
    if (index->count < key->count)
        return false;
    for (size_t i = 0; i < key->count; i++) {
        const Part *have = &index->items[i];
        if (!have->column || have->length || strcasecmp(have->column, key->items[i].column) != 0)
            return false;
    }
    return true;
}

static bool is_plain(const Index *index)
{
    return !index->method ||
           (strcasecmp(index->method, "fulltext") != 0 && strcasecmp(index->method, "spatial") != 0);
}

// InnoDB makes an index for a foreign key where none leads with its columns.
static void index_foreign_key(Arena *arena, Table *table, const Constraint *key)
{
    const Constraint *primary = table_primary_key(table);
    if (primary && leads_with(&primary->parts, &key->parts))
        return;
    VEC_EACH (Index *, index, &table->indexes)
        if (is_plain(*index) && leads_with(&(*index)->parts, &key->parts))
            return;
    const char *base = key->head.name ? key->head.name : first_column(&key->parts);
    Index *index = index_new(arena, table, free_index_name(arena, table, base));
    index->head.at = key->head.at;
    index->parts = key->parts;
    index->named_by_convention = true;
    *VEC_PUSH(arena, &table->indexes) = index;
}

// Names keys, checks and indexes as the server would. The index that a foreign key needs has the name of the
// key if the model gives one, and otherwise that of its column.
static void resolve_constraints(Arena *arena, Table *table)
{
    ConstraintList kept = { 0 };
    VEC_EACH (Constraint *, it, &table->constraints) {
        if ((*it)->head.kind == OBJECT_UNIQUE)
            unique_to_index(arena, table, *it);
        else
            *VEC_PUSH(arena, &kept) = *it;
    }
    table->constraints = kept;
    unsigned checks = 0, keys = 0;
    VEC_EACH (Constraint *, it, &table->constraints) {
        if ((*it)->head.kind == OBJECT_PRIMARY_KEY)
            name_primary_key(*it);
        else if ((*it)->head.kind == OBJECT_CHECK && !(*it)->column) // in a column, MariaDB leaves it unnamed
            name_by_server(arena, table, *it, "chk", &checks);
    }
    VEC_EACH (Index *, index, &table->indexes)
        if (!(*index)->head.name) {
            (*index)->head.name = free_index_name(arena, table, first_column(&(*index)->parts));
            (*index)->named_by_convention = true;
        }
    VEC_EACH (Constraint *, it, &table->constraints)
        if ((*it)->head.kind == OBJECT_FOREIGN_KEY) {
            bool unnamed = !(*it)->head.name;
            if (!unnamed)
                index_foreign_key(arena, table, *it);
            name_by_server(arena, table, *it, "ibfk", &keys);
            if (unnamed) {
                Constraint by_column = **it;
                by_column.head.name = NULL;
                index_foreign_key(arena, table, &by_column);
            }
        }
}

static void resolve_references(Arena *arena, const Schema *schema, Table *table)
{
    VEC_EACH (Constraint *, it, &table->constraints) {
        Constraint *key = *it;
        if (key->head.kind != OBJECT_FOREIGN_KEY || key->referred_columns.count)
            continue;
        const Table *referred = schema_table(schema, key->referred_schema, key->referred_table);
        const Constraint *primary = referred ? table_primary_key(referred) : NULL;
        if (primary)
            VEC_EACH (Part, part, &primary->parts)
                *VEC_PUSH(arena, &key->referred_columns) = part->column;
    }
}

// MATCH is read and forgotten by both servers.
static void resolve_match(Table *table)
{
    VEC_EACH (Constraint *, it, &table->constraints)
        if ((*it)->head.kind == OBJECT_FOREIGN_KEY)
            (*it)->match = NULL;
}

static void left_out(Arena *arena, Schema *schema, const Object *object, const char *what)
{
    Warning *warning = VEC_PUSH(arena, &schema->warnings);
    warning->at = object->at;
    warning->text =
        arena_printf(arena, "%s '%s' of table '%s': MySQL and MariaDB have no %s, so it is left out",
                     object_kinds[object->kind].word, object->name ? object->name : "", object->table, what);
}

// What a model written for every engine may say of an index, and these have no word for. A predicate that makes a
// unique index narrower cannot be left out: it would refuse rows that are meant to be.
static bool resolve_index(Arena *arena, Schema *schema, Index *index, Error *err)
{
    index->include.count = 0; // a covering column only spares a look at the row
    if (index->where && index->unique) {
        error_at(err, ERR_UNSUPPORTED, index->head.at,
                 "MySQL and MariaDB have no partial indexes, and '%s' is unique", index->head.name);
        return error_hint(err,
                          "Say where the index is meant for: its predicate as {postgresql: …, sqlite: …}.");
    }
    if (index->where)
        left_out(arena, schema, &index->head, "partial indexes");
    index->where = NULL;
    if (index->nulls_not_distinct)
        left_out(arena, schema, &index->head, "NULLS NOT DISTINCT");
    index->nulls_not_distinct = false;
    return true;
}

// The servers would say it themselves, but in the middle of an upgrade (Reference Manual, 11.2.1 "Identifier Length Limits").
static bool is_short_enough(const Object *object, Error *err)
{
    enum { LONGEST = 64 }; // characters
    size_t n = 0;
    for (const char *c = object->name ? object->name : ""; *c; c++)
        n += ((unsigned char)*c & 0xC0) != 0x80;
    if (n <= LONGEST)
        return true;
    error_at(err, ERR_SCHEMA, object->at, "the name of %s '%s' has %zu characters",
             object_kinds[object->kind].word, object->name, n);
    return error_hint(err, "MySQL and MariaDB take %d at most.", LONGEST);
}

static bool names_are_short(const Schema *schema, Error *err)
{
    VEC_EACH (Table *, it, &schema->tables) {
        const Table *table = *it;
        if (!is_short_enough(&table->head, err))
            return false;
        VEC_EACH (Column *, column, &table->columns)
            if (!is_short_enough(&(*column)->head, err))
                return false;
        VEC_EACH (Index *, index, &table->indexes)
            if (!is_short_enough(&(*index)->head, err))
                return false;
        VEC_EACH (Constraint *, constraint, &table->constraints)
            if (!is_short_enough(&(*constraint)->head, err))
                return false;
    }
    VEC_EACH (Object *, object, &schema->objects)
        if (((*object)->kind == OBJECT_VIEW || (*object)->kind == OBJECT_TRIGGER) &&
            !is_short_enough(*object, err))
            return false;
    return true;
}

static bool may_be_named(const Object *key, Error *err)
{
    if (!key->name || strcasecmp(key->name, "primary") != 0)
        return true;
    error_at(err, ERR_SCHEMA, key->at, "%s '%s' of table '%s': that name is the primary key's",
             object_kinds[key->kind].word, key->name, key->table);
    return error_hint(err, "Give it another name.");
}

static bool resolve_unique(Arena *arena, Schema *schema, Table *table, Error *err)
{
    VEC_EACH (Constraint *, it, &table->constraints) {
        Constraint *key = *it;
        if (key->head.kind == OBJECT_UNIQUE && !may_be_named(&key->head, err))
            return false;
        key->include.count = 0;
        if (key->nulls_not_distinct)
            left_out(arena, schema, &key->head, "NULLS NOT DISTINCT");
        key->nulls_not_distinct = false;
        if (key->deferral != NOT_DEFERRABLE)
            left_out(arena, schema, &key->head, "deferrable keys");
        key->deferral = NOT_DEFERRABLE;
    }
    return true;
}

static bool has_bars(Arena *arena, const char *text)
{
    if (!text || !strstr(text, "||"))
        return false;
    TokenList tokens = lex_all(arena, (Text){ text, strlen(text) }, mysql_dialect.lex);
    VEC_EACH (Token, token, &tokens)
        if (token->text.n >= 1 && token->text.p[0] == '|' && token->text.p[1] == '|')
            return true;
    return false;
}

// As other engines join texts; here it is OR, which makes numbers of them.
static void warn_of_bars(Arena *arena, Schema *schema, const Object *object, const char *text)
{
    if (has_bars(arena, text))
        *VEC_PUSH(arena, &schema->warnings) =
            (Warning){ .at = object->at,
                       .text = arena_printf(
                           arena, "%s '%s': || is OR on MySQL and MariaDB; texts are joined by CONCAT()",
                           object_kinds[object->kind].word, object->name ? object->name : "") };
}

static void warn_of_table(Arena *arena, Schema *schema, const Table *table)
{
    VEC_EACH (Column *, it, &table->columns) {
        warn_of_bars(arena, schema, &(*it)->head, (*it)->generated);
        warn_of_bars(arena, schema, &(*it)->head, (*it)->default_sql);
    }
}

static bool partitions_are_ignored(const Table *table, Error *err)
{
    const char *word = option_get(&table->head.options, "partitions");
    if (!word || strcmp(word, "ignored") == 0)
        return true;
    error_at(err, ERR_SCHEMA, table->head.at, "'partitions' of table '%s' cannot be '%s'", table->head.name,
             word);
    return error_hint(err, "Its only word is 'ignored'. The partitions are listed in 'partition_by'.");
}

bool my_resolve(Arena *arena, Schema *schema, Error *err)
{
    if (!names_are_short(schema, err))
        return false;
    VEC_EACH (Table *, table, &schema->tables) {
        VEC_EACH (Index *, index, &(*table)->indexes)
            if (!may_be_named(&(*index)->head, err) || !resolve_index(arena, schema, *index, err))
                return false;
        if (!resolve_unique(arena, schema, *table, err) || !partitions_are_ignored(*table, err))
            return false;
        VEC_EACH (Column *, column, &(*table)->columns)
            resolve_column(arena, *column);
        resolve_nullable(*table);
        resolve_references(arena, schema, *table);
        resolve_match(*table);
        warn_of_table(arena, schema, *table);
        resolve_constraints(arena, *table);
    }
    return my_order_triggers(arena, schema, err);
}
