#include <string.h>
#include <strings.h>

#include "drivers/postgresql/dialect/dialect.h"

// What PostgreSQL implies, filled in on a model so that it compares with a live schema: serial types as integers that
// autoincrement, keys' columns not null, the names that the server gives to what has none, long names cut as it cuts.

static const char *clipped(Arena *arena, const char *name) { return name ? pg_name_clip(arena, name) : NULL; }

static void clip_names(Arena *arena, NameList *names)
{
    VEC_EACH (const char *, name, names)
        *name = pg_name_clip(arena, *name);
}

static void clip_parts(Arena *arena, PartList *parts)
{
    VEC_EACH (Part, part, parts)
        part->column = clipped(arena, part->column);
}

typedef struct Resolving {
    Arena *arena;
    Schema *schema;
} Resolving;

// The server cuts it without an error, and says so in a notice only.
static void clip_name(const Resolving *r, Object *object)
{
    const char *name = object->name;
    object->name = clipped(r->arena, name);
    if (!name || strcmp(object->name, name) == 0)
        return;
    const char *of_table = object->table ? arena_printf(r->arena, " of table '%s'", object->table) : "";
    *VEC_PUSH(r->arena, &r->schema->warnings) = (Warning){
        .at = object->at,
        .text = arena_printf(r->arena, "the name of %s '%s'%s has %zu bytes: PostgreSQL cuts it to '%s'",
                             object_kinds[object->kind].word, name, of_table, strlen(name), object->name)
    };
}

static void clip_object(void *payload, Object *object, Table *table)
{
    const Resolving *r = payload;
    Arena *arena = r->arena;
    (void)table;
    object->schema = clipped(arena, object->schema);
    object->table = clipped(arena, object->table);
    if (!pg_is_named_by_text(object->kind))
        clip_name(r, object);
    pg_clip_texts(arena, object);
    // An empty comment is none, and that with which every database comes is not told of.
    bool usual = object->kind == OBJECT_SCHEMA && strcmp(object->name, PG_PUBLIC) == 0;
    if (object->comment && (!*object->comment || (usual && strcmp(object->comment, PG_PUBLIC_COMMENT) == 0)))
        object->comment = NULL;
}

static void resolve_serial(Column *column)
{
    static const char *const serials[][2] = {
        {"serial",       "integer" },
        { "bigserial",   "bigint"  },
        { "smallserial", "smallint"}
    };
    for (size_t i = 0; i < COUNT_OF(serials); i++)
        if (strcmp(column->type, serials[i][0]) == 0) {
            column->type = serials[i][1];
            column->autoincrement = true;
        }
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

static bool is_word(const char *sql, const char *word)
{
    Lexer lexer;
    lex_init(&lexer, (Text){ sql, strlen(sql) }, LEX_POSTGRESQL, false);
    Token first = lex_next(&lexer);
    return token_is(&first, word) && lex_next(&lexer).kind == TOKEN_END;
}

static void resolve_column(Arena *arena, Column *column)
{
    resolve_enum(arena, column);
    resolve_serial(column);
    if (column->identity != IDENTITY_NONE)
        column->identity_options = pg_identity_options_as_kept(arena, column);
    if (column->autoincrement || column->identity != IDENTITY_NONE)
        column->nullable = false;
    if (column->default_sql && (column->autoincrement || is_word(column->default_sql, "null")))
        column->default_sql = NULL;
}

// The only column of the table that an expression mentions: a check's name carries it. NULL: none, or several.
static const char *lone_column(Arena *arena, const Table *table, const char *expression)
{
    const char *found = NULL;
    TokenList tokens = lex_all(arena, (Text){ expression, strlen(expression) }, LEX_POSTGRESQL);
    for (size_t i = 0; i + 1 < tokens.count; i++) {
        const Token *t = &tokens.items[i];
        if ((t->kind != TOKEN_WORD && t->kind != TOKEN_NAME) || token_is(&tokens.items[i + 1], "("))
            continue;
        VEC_EACH (Column *, column, &table->columns) {
            if (!token_named(t, (*column)->head.name))
                continue;
            if (found && strcmp(found, (*column)->head.name) != 0)
                return NULL;
            found = (*column)->head.name;
        }
    }
    return found;
}

static const char *joined_columns(Arena *arena, const PartList *parts)
{
    StrBuf out;
    strbuf_init(&out, arena);
    VEC_EACH (Part, part, parts)
        strbuf_printf(&out, "%s%s", part == parts->items ? "" : "_", part->column ? part->column : "expr");
    return pg_name_clip(arena, out.text);
}

static bool name_taken(const Schema *schema, const Table *table, const char *name)
{
    return table_constraint(table, name) || table_index(table, name) ||
           schema_table(schema, table->head.schema, name);
}

static const char *free_name(Arena *arena, const Schema *schema, const Table *table, const char *second,
                             const char *label)
{
    const char *name = pg_object_name(arena, table->head.name, second, label);
    for (unsigned n = 1; name_taken(schema, table, name); n++)
        name = pg_object_name(arena, table->head.name, second, arena_printf(arena, "%s%u", label, n));
    return name;
}

static void name_constraint(Arena *arena, const Schema *schema, const Table *table, Constraint *constraint)
{
    const char *columns = NULL, *label = NULL;
    switch ((int)constraint->head.kind) {
    case OBJECT_PRIMARY_KEY: label = "pkey"; break;
    case OBJECT_UNIQUE: label = "key"; break;
    case OBJECT_EXCLUDE: label = "excl"; break;
    case OBJECT_FOREIGN_KEY: label = "fkey"; break;
    default: label = "check"; break;
    }
    if (constraint->head.kind == OBJECT_CHECK)
        columns = constraint->expression ? lone_column(arena, table, constraint->expression) : NULL;
    else if (constraint->head.kind != OBJECT_PRIMARY_KEY)
        columns = joined_columns(arena, &constraint->parts);
    constraint->head.name = free_name(arena, schema, table, columns, label);
    constraint->named_by_convention = true;
}

static void resolve_references(Arena *arena, const Schema *schema, Constraint *key)
{
    key->referred_schema = clipped(arena, key->referred_schema);
    key->referred_table = clipped(arena, key->referred_table);
    clip_names(arena, &key->referred_columns);
    if (key->on_delete && strcasecmp(key->on_delete, "NO ACTION") == 0)
        key->on_delete = NULL;
    if (key->on_update && strcasecmp(key->on_update, "NO ACTION") == 0)
        key->on_update = NULL;
    if (key->referred_columns.count || !key->referred_table)
        return;
    const Table *referred = schema_table(schema, key->referred_schema, key->referred_table);
    const Constraint *primary = referred ? table_primary_key(referred) : NULL;
    if (primary)
        VEC_EACH (Part, part, &primary->parts)
            *VEC_PUSH(arena, &key->referred_columns) = part->column;
}

static const char *without_default_method(const char *method)
{
    return method && strcasecmp(method, "btree") == 0 ? NULL : method;
}

static void resolve_key(Arena *arena, const Schema *schema, Table *table, Constraint *key)
{
    clip_parts(arena, &key->parts);
    clip_names(arena, &key->include);
    if (key->head.kind == OBJECT_PRIMARY_KEY)
        VEC_EACH (Part, part, &key->parts) {
            Column *column = part->column ? table_column(table, part->column) : NULL;
            if (column) {
                column->nullable = false;
                column->nullable_implied = false; // a key's columns are NOT NULL here, and stay so without it
            }
        }
    if (key->head.kind == OBJECT_FOREIGN_KEY)
        resolve_references(arena, schema, key);
    if (key->head.kind == OBJECT_EXCLUDE && !key->method)
        key->method = "btree";
}

static void resolve_table(Arena *arena, const Schema *schema, Table *table)
{
    VEC_EACH (Column *, column, &table->columns)
        resolve_column(arena, *column);
    VEC_EACH (Constraint *, key, &table->constraints)
        resolve_key(arena, schema, table, *key);
    VEC_EACH (Constraint *, key, &table->constraints)
        if (!(*key)->head.name)
            name_constraint(arena, schema, table, *key);
    VEC_EACH (Index *, index, &table->indexes) {
        clip_parts(arena, &(*index)->parts);
        clip_names(arena, &(*index)->include);
        (*index)->method = without_default_method((*index)->method);
        if (!(*index)->head.name) {
            (*index)->head.name =
                free_name(arena, schema, table, joined_columns(arena, &(*index)->parts), "idx");
            (*index)->named_by_convention = true;
        }
    }
}

// The bounds that a type and direction imply.
static const char *implied_bound(const char *type, bool upwards, bool maximum)
{
    if (upwards != maximum)
        return upwards ? "1" : "-1";
    if (strcmp(type, "smallint") == 0)
        return upwards ? "32767" : "-32768";
    if (strcmp(type, "integer") == 0)
        return upwards ? "2147483647" : "-2147483648";
    return upwards ? "9223372036854775807" : "-9223372036854775808";
}

static const char *unless(const char *text, const char *implied)
{
    return text && strcmp(text, implied) == 0 ? NULL : text;
}

void pg_sequence_shorten(Sequence *sequence)
{
    const char *type = sequence->type ? sequence->type : "bigint";
    bool upwards = !sequence->increment || *sequence->increment != '-';
    const char *lowest = implied_bound(type, upwards, false), *highest = implied_bound(type, upwards, true);
    const char *minimum = sequence->minimum ? sequence->minimum : lowest;
    const char *maximum = sequence->maximum ? sequence->maximum : highest;
    sequence->start = unless(sequence->start, upwards ? minimum : maximum);
    sequence->minimum = unless(sequence->minimum, lowest);
    sequence->maximum = unless(sequence->maximum, highest);
    sequence->increment = unless(sequence->increment, "1");
    sequence->cache = unless(sequence->cache, "1");
    sequence->type = unless(sequence->type, "bigint");
}

static void resolve_routine(Arena *arena, Object *object)
{
    const char *arguments;
    const char *plain = pg_routine_split(arena, object->name, &arguments);
    if (arguments)
        object->name = pg_routine_name(arena, plain, arena_printf(arena, "f(%s)", arguments));
    else if (object->definition)
        object->name = pg_routine_name(arena, plain, object->definition);
}

// An extension in the default schema does not state it, wherever the default is.
static void resolve_extension(Arena *arena, const Schema *schema, Object *extension)
{
    const char *stated = option_get(&extension->options, PG_SCHEMA),
               *usual = schema->server.default_schema ? schema->server.default_schema
                                                      : postgresql_dialect.default_schema;
    if (stated && strcmp(stated, usual) == 0)
        option_set(arena, &extension->options, PG_SCHEMA, NULL);
}

// A type as the server writes it.
static const char *argument_as_kept(Arena *arena, const char *type)
{
    const char *kept;
    (void)pg_routine_split(arena, pg_routine_name(arena, "f", arena_printf(arena, "f(%s)", type)), &kept);
    return kept ? kept : type;
}

// LEFTARG = int, RIGHTARG = text: what stands between the equals sign and the comma or parenthesis that ends it.
static const char *argument_of_operator(Arena *arena, const TokenList *tokens, const char *side)
{
    for (size_t i = 0; i + 2 < tokens->count; i++) {
        if (!token_is(&tokens->items[i], side) || !token_is(&tokens->items[i + 1], "="))
            continue;
        const Token *first = &tokens->items[i + 2], *end = first;
        for (size_t depth = 0; end->kind != TOKEN_END; end++) {
            if (depth == 0 && (token_is(end, ",") || token_is(end, ")")))
                break;
            depth += token_is(end, "(");
            depth -= token_is(end, ")");
        }
        const char *last = end[-1].text.p + end[-1].text.n;
        return argument_as_kept(arena, arena_strndup(arena, first->text.p, (size_t)(last - first->text.p)));
    }
    return "NONE";
}

// Operators are known by the types of their arguments: those of the key, else those of the definition.
static void resolve_operator(Arena *arena, Object *object)
{
    const char *arguments, *left, *right;
    const char *plain = pg_routine_split(arena, object->name, &arguments);
    const char *comma = arguments ? strchr(arguments, ',') : NULL;
    if (arguments && !comma)
        return;
    if (arguments) {
        left = arena_strndup(arena, arguments, (size_t)(comma - arguments));
        right = comma + 1 + strspn(comma + 1, " ");
        left = strcasecmp(left, "none") == 0 ? "NONE" : argument_as_kept(arena, left);
        right = strcasecmp(right, "none") == 0 ? "NONE" : argument_as_kept(arena, right);
    } else if (object->definition) {
        Text text = { object->definition, strlen(object->definition) };
        TokenList tokens = lex_all(arena, text, LEX_POSTGRESQL);
        left = argument_of_operator(arena, &tokens, "leftarg");
        right = argument_of_operator(arena, &tokens, "rightarg");
    } else {
        return;
    }
    object->name = arena_printf(arena, "%s(%s, %s)", plain, left, right);
}

static void resolve_domain(Arena *arena, DomainType *domain)
{
    unsigned n = 0;
    VEC_EACH (Constraint *, check, &domain->checks) {
        if ((*check)->head.name)
            continue;
        const char *label = n ? arena_printf(arena, "check%u", n) : "check";
        n++;
        (*check)->head.name = pg_object_name(arena, domain->head.name, NULL, label);
        (*check)->named_by_convention = true;
    }
}

static bool is_parent(Arena *arena, const Schema *schema, const Table *child, const Table *table)
{
    TableList parents = pg_parents_of(arena, schema, child);
    VEC_EACH (Table *, parent, &parents)
        if (*parent == table)
            return true;
    return false;
}

// No order of statements makes such tables. Only where there are parents at all is anything walked.
static bool refuse_own_ancestors(Arena *arena, const Schema *schema, Error *err)
{
    VEC_EACH (Table *, it, &schema->tables) {
        const Table *table = *it, *last = is_parent(arena, schema, table, table) ? table : NULL;
        TableList ancestors = pg_ancestors_of(arena, schema, table);
        for (size_t i = 0; !last && i < ancestors.count; i++)
            if (is_parent(arena, schema, ancestors.items[i], table))
                last = ancestors.items[i];
        if (!last)
            continue;
        error_at(err, ERR_SCHEMA, table->head.at, "table '%s' is its own ancestor", table->head.name);
        if (last != table)
            error_also(err, last->head.at, "it inherits from this one, and this one from it");
        return error_hint(err, "Take one of the parents out of 'inherits' or 'partition_of'.");
    }
    return true;
}

// Who writes it at a partition, or at a table that has none, takes it for something else.
static bool refuse_partitions_of_none(const Schema *schema, Error *err)
{
    VEC_EACH (Table *, it, &schema->tables) {
        const OptionList *options = &(*it)->head.options;
        const char *word = option_get(options, "partitions");
        if (!word || (strcmp(word, "ignored") == 0 && option_get(options, PG_PARTITION_BY)))
            continue;
        if (strcmp(word, "ignored") != 0) {
            error_at(err, ERR_SCHEMA, (*it)->head.at, "'partitions' of table '%s' cannot be '%s'",
                     (*it)->head.name, word);
            return error_hint(err, "Its only word is 'ignored'. Partitions are tables with 'partition_of'.");
        }
        error_at(err, ERR_SCHEMA, (*it)->head.at,
                 "table '%s' says 'partitions: ignored' and is not partitioned", (*it)->head.name);
        return error_hint(err, "It goes with 'partition_by', at the table that has the partitions.");
    }
    return true;
}

bool pg_resolve(Arena *arena, Schema *schema, Error *err)
{
    if (!pg_refuse_equal_when_cut(schema, err) || !refuse_partitions_of_none(schema, err))
        return false;
    schema_walk(schema, clip_object, &(Resolving){ arena, schema });
    VEC_EACH (Table *, table, &schema->tables)
        resolve_table(arena, schema, *table);
    pg_number_keys(arena, schema);
    VEC_EACH (Table *, table, &schema->tables)
        pg_leave_out_inherited(arena, schema, *table);
    VEC_EACH (Object *, it, &schema->objects) {
        Object *object = *it;
        if (object_kind_is_routine(object->kind))
            resolve_routine(arena, object);
        else if (object->kind == OBJECT_OPERATOR)
            resolve_operator(arena, object);
        else if (object->kind == OBJECT_EXTENSION)
            resolve_extension(arena, schema, object);
        else if (object->kind == OBJECT_SEQUENCE)
            pg_sequence_shorten((Sequence *)(void *)object);
        else if (object->kind == OBJECT_DOMAIN)
            resolve_domain(arena, (DomainType *)object);
        else if (object->kind == OBJECT_VIEW)
            VEC_EACH (Index *, index, &((View *)object)->indexes)
                (*index)->method = without_default_method((*index)->method);
    }
    schema_sort(schema);
    return refuse_own_ancestors(arena, schema, err);
}
