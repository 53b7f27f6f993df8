// What each object depends on. Three sources: structure (a key's columns, a foreign key's target), the
// server's own account where the driver gave it, and else the names that an object's texts mention.
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/plan/plan_internal.h"

typedef struct Named {
    const char *name; // of an overloaded routine: without its arguments
    size_t length;
    Object *object;
} Named;

typedef struct Depender {
    Arena *arena;
    const Dialect *dialect;
    SideTables *side;
    Named *names; // of all that a text can mention, sorted case-insensitive
    size_t name_count;
} Depender;

static void add_depends(const Depender *d, Object *object, Object *on)
{
    if (!on || object == on)
        return;
    ObjectList *list = &d->side->depends[object->slot];
    VEC_EACH (Object *, it, list)
        if (*it == on)
            return;
    *VEC_PUSH(d->arena, list) = on;
    *VEC_PUSH(d->arena, &d->side->dependents[on->slot]) = object;
}

static int compare_named(const void *a, const void *b)
{
    const Named *x = a, *y = b;
    size_t n = x->length < y->length ? x->length : y->length;
    int order = strncasecmp(x->name, y->name, n);
    if (!order)
        order = x->length < y->length ? -1 : x->length > y->length;
    return order ? order : (x->object->slot < y->object->slot ? -1 : x->object->slot > y->object->slot);
}

// These say SFUNC = f, HANDLER f, without arguments.
static bool names_routines_alone(ObjectKind kind)
{
    return kind == OBJECT_AGGREGATE || kind == OBJECT_OPERATOR || kind == OBJECT_RANGE ||
           kind == OBJECT_FOREIGN_DATA_WRAPPER || object_kind_is_text_search(kind);
}

static void collect_names(Depender *d)
{
    d->names = arena_alloc(d->arena, (d->side->count + 1) * sizeof(Named));
    for (size_t i = 0; i < d->side->count; i++) {
        Object *object = d->side->object[i];
        if (!object_kind_is_mentioned(object->kind) || !object->name)
            continue;
        size_t n = object_kind_is_routine(object->kind) ? strcspn(object->name, "(") : strlen(object->name);
        d->names[d->name_count++] = (Named){ object->name, n, object };
    }
    qsort(d->names, d->name_count, sizeof(Named), compare_named);
}

static size_t first_named(const Depender *d, const char *name)
{
    size_t low = 0, high = d->name_count, n = strlen(name);
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const Named *named = &d->names[middle];
        size_t least = named->length < n ? named->length : n;
        int order = strncasecmp(named->name, name, least);
        if (order < 0 || (order == 0 && named->length < n))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool same_length_name(const Named *named, const char *name)
{
    return strlen(name) == named->length && strncasecmp(named->name, name, named->length) == 0;
}

static void mention_columns(const Depender *d, Object *object, const Table *table, const TokenList *tokens)
{
    VEC_EACH (Column *, column, &table->columns)
        VEC_EACH (Token, token, tokens)
            if (token_named(token, (*column)->head.name)) {
                add_depends(d, object, &(*column)->head);
                break;
            }
}

// nextval('s.name'), to_tsvector('s.name', t): sequences and configurations of text search are named by strings.
static void mention_in_string(const Depender *d, Object *object, const Token *token)
{
    NameList parts = { 0 };
    if (!d->name_count || token->text.n > 200 || !name_split(d->arena, token_name(d->arena, token), &parts) ||
        !parts.count)
        return;
    const char *name = parts.items[parts.count - 1];
    for (size_t i = first_named(d, name); i < d->name_count && same_length_name(&d->names[i], name); i++)
        if (d->names[i].object->kind == OBJECT_SEQUENCE ||
            object_kind_is_text_search(d->names[i].object->kind))
            add_depends(d, object, d->names[i].object);
}

// s.name, where s is also what a table of some schema is called: the schema is meant. (A table that is read is named
// without a dot after it, too.)
static bool is_schema_before(const Depender *d, const Token *token, const Object *named)
{
    return d->dialect->caps & CAN_SCHEMAS && token_is(token + 1, ".") &&
           (named->kind == OBJECT_TABLE || named->kind == OBJECT_VIEW) &&
           schema_object(d->side->schema, OBJECT_SCHEMA, NULL, NULL, named->name);
}

// t.name and `x AS name`: a column, or another word for something; not `named`, unless what stands before is its schema.
// Types, too, lie in schemas, and follow an AS.
static bool is_inner_name(const Depender *d, const TokenList *tokens, const Token *token, const Object *named)
{
    bool schemas = d->dialect->caps & CAN_SCHEMAS;
    size_t at = (size_t)(token - tokens->items);
    if (at == 0 || object_kind_is_routine(named->kind) ||
        (schemas && named->kind != OBJECT_TABLE && named->kind != OBJECT_VIEW))
        return false;
    if (token_is(token - 1, "as"))
        return true;
    if (at < 2 || !token_is(token - 1, "."))
        return false;
    const char *place = named->schema ? named->schema : d->side->schema->server.default_schema;
    const char *usual = schemas ? "public" : "main";
    return !(place && token_named(token - 2, place)) && !(!named->schema && token_named(token - 2, usual));
}

// Both are views or routines of a model that the server made once: it has said whether one uses the other.
static bool is_settled(const Object *object, const Object *named)
{
    return object->uses_known && named->uses_known;
}

// Where a routine's list of arguments ends: the first parentheses.
static const Token *arguments_end(const Object *object, const TokenList *tokens)
{
    size_t depth = 0;
    if (object_kind_is_routine(object->kind))
        VEC_EACH (Token, token, tokens) {
            if (token_is(token, "("))
                depth++;
            else if (token_is(token, ")") && --depth == 0)
                return token;
        }
    return tokens->items;
}

// f(t text, OUT n int): the first of two words in a list of arguments is what an argument is called.
static bool is_argument_name(const Token *token)
{
    static const char *const modes[] = { "in", "out", "inout", "variadic" };
    const Token *before = token - 1;
    for (size_t i = 0; i < COUNT_OF(modes); i++)
        if (token_is(before, modes[i])) {
            before--;
            break;
        }
    return (token_is(before, "(") || token_is(before, ",")) && !token_is(token + 1, "default") &&
           (token[1].kind == TOKEN_WORD || token[1].kind == TOKEN_NAME);
}

// RETURNS [SETOF] table: who reads from the routine reads columns of that.
static const Table *rows_of(const Depender *d, const Object *routine)
{
    if (routine->kind != OBJECT_FUNCTION || !routine->definition)
        return NULL;
    Text text = { routine->definition, strlen(routine->definition) };
    TokenList tokens = lex_all(d->arena, text, d->dialect->lex);
    size_t i = tokens.count ? (size_t)(arguments_end(routine, &tokens) - tokens.items) : 0;
    while (i < tokens.count && !token_is(&tokens.items[i], "returns"))
        i++;
    i += i + 1 < tokens.count && token_is(&tokens.items[i + 1], "setof") ? 2 : 1;
    if (i + 1 >= tokens.count)
        return NULL;
    const char *name = token_name(d->arena, &tokens.items[i]), *schema = NULL;
    if (i + 2 < tokens.count && token_is(&tokens.items[i + 1], ".")) {
        schema = name;
        name = token_name(d->arena, &tokens.items[i + 2]);
    }
    const Table *table = schema_table(d->side->schema, schema, name);
    return table || !schema ? table : schema_table(d->side->schema, NULL, name);
}

// Objects of text search that depend on each other may have one name. They stand in the order in which they are made.
static bool is_own_namesake(const Object *object, const Object *named)
{
    return object_kind_is_text_search(object->kind) && object_kind_is_text_search(named->kind) &&
           named->kind >= object->kind;
}

// Every name that a text mentions; `own` are the columns that it may speak of without naming their table.
static void mention(const Depender *d, Object *object, const char *text, const Table *own, bool columns_too)
{
    if (!text || !text[0])
        return;
    TokenList tokens = lex_all(d->arena, (Text){ text, strlen(text) }, d->dialect->lex);
    if (own)
        mention_columns(d, object, own, &tokens);
    if (!d->name_count)
        return;
    const Token *arguments = arguments_end(object, &tokens);
    bool opened = false;
    VEC_EACH (Token, token, &tokens) {
        opened |= token_is(token, "(");
        if (token->kind == TOKEN_STRING)
            mention_in_string(d, object, token);
        bool own_name =
            !opened && object_kind_is_routine(object->kind); // others may have it, of other arguments
        if ((token->kind != TOKEN_WORD && token->kind != TOKEN_NAME) || own_name ||
            (opened && token < arguments && is_argument_name(token)))
            continue;
        const char *name = token_name(d->arena, token);
        for (size_t i = first_named(d, name); i < d->name_count && same_length_name(&d->names[i], name);
             i++) {
            Object *named = d->names[i].object;
            if (is_inner_name(d, &tokens, token, named) || is_schema_before(d, token, named) ||
                is_own_namesake(object, named))
                continue;
            // a routine's name is followed by its arguments; a trigger says EXECUTE FUNCTION f()
            if (object_kind_is_routine(named->kind) && !names_routines_alone(object->kind) &&
                !token_is(token + 1, "("))
                continue;
            if (!is_settled(object, named))
                add_depends(d, object, named);
            if (columns_too && named->kind == OBJECT_TABLE)
                mention_columns(d, object, (const Table *)(const void *)named, &tokens);
            const Table *rows = columns_too && object->kind == OBJECT_VIEW ? rows_of(d, named) : NULL;
            if (rows)
                mention_columns(d, object, rows, &tokens);
        }
    }
}

static Object *column_of(const Table *table, const char *name)
{
    if (!table || !name)
        return NULL;
    VEC_EACH (Column *, column, &table->columns)
        if (strcasecmp((*column)->head.name, name) == 0)
            return &(*column)->head;
    return NULL;
}

static void depend_on_parts(const Depender *d, Object *object, const Table *table, const PartList *parts)
{
    VEC_EACH (Part, part, parts) {
        add_depends(d, object, column_of(table, part->column));
        mention(d, object, part->expression, table, false);
        mention(d, object, part->opclass, NULL, false);
        mention(d, object, part->collation, NULL, false);
    }
}

static bool key_covers(const PartList *parts, const NameList *columns)
{
    if (parts->count != columns->count)
        return false;
    VEC_EACH (Part, part, parts) {
        bool found = false;
        VEC_EACH (const char *, column, columns)
            found |= part->column && strcasecmp(part->column, *column) == 0;
        if (!found)
            return false;
    }
    return true;
}

// A foreign key depends on its target table, columns, and the keys or unique indexes that could back it.
static void depend_on_target(const Depender *d, Constraint *key)
{
    Table *target = schema_table(d->side->schema, key->referred_schema, key->referred_table);
    if (!target)
        return;
    add_depends(d, &key->head, &target->head);
    VEC_EACH (const char *, column, &key->referred_columns)
        add_depends(d, &key->head, column_of(target, *column));
    VEC_EACH (Constraint *, it, &target->constraints) {
        ObjectKind kind = (*it)->head.kind;
        bool implied = kind == OBJECT_PRIMARY_KEY && key->referred_columns.count == 0;
        if (implied || ((kind == OBJECT_PRIMARY_KEY || kind == OBJECT_UNIQUE) &&
                        key_covers(&(*it)->parts, &key->referred_columns)))
            add_depends(d, &key->head, &(*it)->head);
    }
    VEC_EACH (Index *, it, &target->indexes)
        if ((*it)->unique && key_covers(&(*it)->parts, &key->referred_columns))
            add_depends(d, &key->head, &(*it)->head);
}

static void depend_options(const Depender *d, Object *object)
{
    if (object->kind == OBJECT_EXTENSION) { // its schema is no table of that name
        const char *schema = option_get(&object->options, "schema");
        add_depends(d, object,
                    schema ? schema_object(d->side->schema, OBJECT_SCHEMA, NULL, NULL, schema) : NULL);
        return;
    }
    VEC_EACH (Option, option, &object->options)
        mention(d, object, option->value, NULL, false);
}

static void depend_column(const Depender *d, Column *column, const Table *table)
{
    // An unadorned type of the engine mentions nothing; looking it up is one search.
    mention(d, &column->head, column->type, NULL, false);
    mention(d, &column->head, column->collation, NULL, false);
    if (d->side->schema->depends_known)
        return;
    mention(d, &column->head, column->default_sql, NULL, false);
    mention(d, &column->head, column->generated, table, false);
}

static void depend_constraint(const Depender *d, Constraint *constraint, const Table *table)
{
    depend_on_parts(d, &constraint->head, table, &constraint->parts);
    VEC_EACH (const char *, column, &constraint->include)
        add_depends(d, &constraint->head, column_of(table, *column));
    mention(d, &constraint->head, constraint->expression, table, false);
    mention(d, &constraint->head, constraint->where, table, false);
    if (constraint->head.kind == OBJECT_FOREIGN_KEY)
        depend_on_target(d, constraint);
}

static void depend_index(const Depender *d, Index *index, const Table *table)
{
    depend_on_parts(d, &index->head, table, &index->parts);
    VEC_EACH (const char *, column, &index->include)
        add_depends(d, &index->head, column_of(table, *column));
    mention(d, &index->head, index->where, table, false);
    if (!table)
        add_depends(d, &index->head,
                    schema_object(d->side->schema, OBJECT_VIEW, index->head.schema, NULL, index->head.table));
}

static void depend_domain(const Depender *d, DomainType *domain)
{
    mention(d, &domain->head, domain->base, NULL, false);
    mention(d, &domain->head, domain->collation, NULL, false);
    mention(d, &domain->head, domain->default_sql, NULL, false);
    VEC_EACH (Constraint *, check, &domain->checks)
        mention(d, &domain->head, (*check)->expression, NULL, false);
}

// SORTOP = <<<, SORTOP = OPERATOR(s.<<<): an operator is no word that `mention` would find.
static void depend_on_sort_operator(const Depender *d, Object *aggregate)
{
    const char *text = aggregate->definition ? aggregate->definition : "";
    TokenList tokens = lex_all(d->arena, (Text){ text, strlen(text) }, d->dialect->lex);
    size_t i = 0;
    while (i + 2 < tokens.count && !token_is(&tokens.items[i], "sortop"))
        i++;
    i += 2; // the equals sign
    while (i < tokens.count && (tokens.items[i].kind != TOKEN_SYMBOL || token_is(&tokens.items[i], "(") ||
                                token_is(&tokens.items[i], ".")))
        i++;
    if (i >= tokens.count)
        return;
    size_t n = strcspn(tokens.items[i].text.p, " \t\r\n,)");
    VEC_EACH (Object *, it, &d->side->schema->objects)
        if ((*it)->kind == OBJECT_OPERATOR && strcspn((*it)->name, "(") == n &&
            strncmp((*it)->name, tokens.items[i].text.p, n) == 0)
            add_depends(d, aggregate, *it);
}

// What an object's own text depends on. Where the server has told the dependencies, texts are not searched;
// publications are the exception, their rows are per table.
static void depend_body(const Depender *d, Object *object)
{
    if (object->table) {
        Table *table = schema_table(d->side->schema, object->schema, object->table);
        add_depends(d, object,
                    table ? &table->head
                          : schema_object(d->side->schema, OBJECT_VIEW, object->schema, NULL, object->table));
    }
    switch ((int)object->kind) {
    case OBJECT_DOMAIN: depend_domain(d, (DomainType *)(void *)object); break;
    case OBJECT_COMPOSITE:
        VEC_EACH (Column *, column, &((CompositeType *)(void *)object)->attributes) {
            mention(d, object, (*column)->type, NULL, false);
            mention(d, object, (*column)->collation, NULL, false);
        }
        break;
    case OBJECT_SEQUENCE: return; // what owns it is made after it, and takes it along when it goes
    default: break;
    }
    // of a publication the server's account names a row of its own for each table
    if (d->side->schema->depends_known && object->kind != OBJECT_PUBLICATION)
        return;
    if (object->kind == OBJECT_AGGREGATE)
        depend_on_sort_operator(d, object);
    if (object->kind == OBJECT_VIEW)
        mention(d, object, ((View *)(void *)object)->query, NULL, true);
    else
        mention(d, object, object->definition, NULL, true);
    depend_options(d, object);
}

static void depend(void *payload, Object *object, Table *table)
{
    const Depender *d = payload;
    if (object->schema && object->kind != OBJECT_SCHEMA)
        add_depends(d, object, schema_object(d->side->schema, OBJECT_SCHEMA, NULL, NULL, object->schema));
    VEC_EACH (Object *, on, &object->depends_on)
        add_depends(d, object, *on);
    switch ((int)object->kind) {
    case OBJECT_TABLE: depend_options(d, object); break;
    case OBJECT_COLUMN: depend_column(d, (Column *)(void *)object, table); break;
    case OBJECT_PRIMARY_KEY:
    case OBJECT_UNIQUE:
    case OBJECT_CHECK:
    case OBJECT_EXCLUDE:
    case OBJECT_FOREIGN_KEY: depend_constraint(d, (Constraint *)(void *)object, table); break;
    case OBJECT_INDEX: depend_index(d, (Index *)(void *)object, table); break;
    default: depend_body(d, object); break;
    }
}

static void note(void *payload, Object *object, Table *table)
{
    SideTables *side = payload;
    side->object[object->slot] = object;
    side->table_of[object->slot] = object->kind == OBJECT_TABLE ? (const Table *)(const void *)object : table;
}

// What no text names as a word: a model does not say who uses it, the database's own account does.
static bool is_used_unnamed(ObjectKind kind) { return kind == OBJECT_OPERATOR || kind == OBJECT_CAST; }

void sides_share(Arena *arena, SideTables *side, const SideTables *other)
{
    Depender depender = { .arena = arena, .side = side };
    for (size_t i = 0; i < other->count; i++) {
        const Object *on = other->object[i];
        if (!on || !is_used_unnamed(on->kind) || !other->dependents[i].count)
            continue;
        Object *here = schema_counterpart(side->schema, on);
        VEC_EACH (Object *, it, &other->dependents[i]) {
            Object *object = here ? schema_counterpart(side->schema, *it) : NULL;
            if (object)
                add_depends(&depender, object, here);
        }
    }
}

void sides_build(Arena *arena, const Dialect *dialect, const Schema *schema, SideTables *out)
{
    size_t n = schema->object_count + 1;
    *out = (SideTables){ .schema = schema,
                         .count = schema->object_count,
                         .object = arena_alloc(arena, n * sizeof(*out->object)),
                         .table_of = arena_alloc(arena, n * sizeof(*out->table_of)),
                         .depends = arena_alloc(arena, n * sizeof(*out->depends)),
                         .dependents = arena_alloc(arena, n * sizeof(*out->dependents)) };
    schema_walk(schema, note, out);
    Depender depender = { .arena = arena, .dialect = dialect, .side = out };
    collect_names(&depender);
    schema_walk(schema, depend, &depender);
}
