// What names a renamed object in words of PostgreSQL's own: parents of partitions and children, types of typed tables,
// signatures of routines, owners of sequences, servers of foreign tables and of user mappings. The server follows a
// rename by itself in all of them, so the copy of the live schema that a diff renames has to follow too: else the parent
// of a partition would be another one, and the partition be moved.
#include <string.h>

#include "drivers/postgresql/dialect/dialect.h"

typedef struct Carry {
    Arena *arena;
    Schema *schema;
    const char *in;        // the schema that it lies in; NULL: the default one
    const char *from, *to; // its names
} Carry;

// The rest of the lists is the live schema's: what is changed is copied.
static void replace_option(const Carry *c, Object *object, const char *key, const char *value)
{
    OptionList options = { 0 };
    VEC_EACH (Option, option, &object->options)
        option_set(c->arena, &options, option->key, strcmp(option->key, key) == 0 ? value : option->value);
    object->options = options;
}

// A type or an expression: the name where nothing, or the right schema, is written before it.
static const char *in_text(const Carry *c, const char *text)
{
    if (!text || !strstr(text, c->from))
        return text;
    TokenList tokens = lex_all(c->arena, (Text){ text, strlen(text) }, LEX_POSTGRESQL);
    StrBuf out;
    strbuf_init(&out, c->arena);
    const char *done = text;
    for (size_t i = 0; i < tokens.count; i++) {
        const Token *t = &tokens.items[i];
        bool qualified = i >= 2 && token_is(t - 1, ".");
        if ((t->kind != TOKEN_WORD && t->kind != TOKEN_NAME) || !token_named(t, c->from) ||
            (i + 1 < tokens.count && token_is(t + 1, ".")) ||
            (qualified ? !token_named(t - 2, c->in ? c->in : "public") : c->in != NULL))
            continue;
        strbuf_put(&out, done, (size_t)(t->text.p - done));
        strbuf_puts(&out, pg_quote_ident(c->arena, c->to));
        done = t->text.p + t->text.n;
    }
    strbuf_puts(&out, done);
    return done == text ? text : out.text;
}

// A list of names as name_join writes them: the first parts are schema and name, more may follow.
static const char *in_names(const Carry *c, const char *list)
{
    StrBuf out;
    strbuf_init(&out, c->arena);
    for (const char *name; list && (name = name_next(c->arena, &list));) {
        NameList parts = { 0 };
        bool whole = name_split(c->arena, name, &parts) && parts.count && parts.count < 3;
        const char *schema = whole && parts.count == 2 ? parts.items[0] : NULL;
        bool same = whole && same_text(schema, c->in) && strcmp(parts.items[parts.count - 1], c->from) == 0;
        strbuf_printf(&out, "%s%s", out.length ? ", " : "", same ? name_join(c->arena, schema, c->to) : name);
    }
    return out.text;
}

static void carry_option(const Carry *c, Object *object, const char *key)
{
    const char *value = option_get(&object->options, key);
    const char *carried = value ? in_names(c, value) : NULL;
    if (value && strcmp(value, carried) != 0)
        replace_option(c, object, key, carried);
}

// The arguments of a routine are part of its name.
static void carry_signature(const Carry *c, Object *object)
{
    const char *arguments, *plain = pg_routine_split(c->arena, object->name, &arguments);
    if (arguments)
        object->name = arena_printf(c->arena, "%s(%s)", plain, in_text(c, arguments));
}

static void carry_composite(const Carry *c, CompositeType *type)
{
    ColumnList attributes = { 0 };
    VEC_EACH (Column *, it, &type->attributes) {
        Column *copy = ARENA_NEW(c->arena, Column);
        *copy = **it;
        copy->type = in_text(c, copy->type);
        copy->collation = copy->collation ? in_names(c, copy->collation) : NULL;
        *VEC_PUSH(c->arena, &attributes) = copy;
    }
    type->attributes = attributes;
}

// A type, or a table, whose rows are one; collations are named as types are.
static void carry_type(const Carry *c)
{
    VEC_EACH (Table *, table, &c->schema->tables) {
        carry_option(c, &(*table)->head, PG_OF_TYPE);
        VEC_EACH (Column *, column, &(*table)->columns) {
            (*column)->type = in_text(c, (*column)->type);
            (*column)->default_sql = in_text(c, (*column)->default_sql);
            (*column)->collation = (*column)->collation ? in_names(c, (*column)->collation) : NULL;
        }
    }
    VEC_EACH (Object *, it, &c->schema->objects) {
        if (object_kind_has_arguments((*it)->kind))
            carry_signature(c, *it);
        if ((*it)->kind == OBJECT_COMPOSITE)
            carry_composite(c, (CompositeType *)(void *)*it);
        if ((*it)->kind == OBJECT_DOMAIN) {
            DomainType *domain = (DomainType *)(void *)*it;
            domain->base = in_text(c, domain->base);
            domain->default_sql = in_text(c, domain->default_sql);
            domain->collation = domain->collation ? in_names(c, domain->collation) : NULL;
        }
    }
}

// `owned_by` is SCHEMA.TABLE.COLUMN or TABLE.COLUMN.
static void carry_owner(const Carry *c, Sequence *sequence, bool column, const char *table_name)
{
    NameList parts = { 0 };
    if (!sequence->owned_by || !name_split(c->arena, sequence->owned_by, &parts) || parts.count < 2)
        return;
    const char *schema = parts.count > 2 ? parts.items[0] : NULL, *table = parts.items[parts.count - 2],
               *owner = parts.items[parts.count - 1];
    if (!same_text(schema, c->in) || strcmp(table, table_name) != 0 ||
        (column && strcmp(owner, c->from) != 0))
        return;
    sequence->owned_by = arena_printf(c->arena, "%s.%s", name_join(c->arena, schema, column ? table : c->to),
                                      name_join(c->arena, NULL, column ? c->to : owner));
}

static void carry_owners(const Carry *c, const char *table)
{
    VEC_EACH (Object *, it, &c->schema->objects)
        if ((*it)->kind == OBJECT_SEQUENCE)
            carry_owner(c, (Sequence *)(void *)*it, table != NULL, table ? table : c->from);
}

static void carry_table(const Carry *c)
{
    VEC_EACH (Table *, table, &c->schema->tables) {
        carry_option(c, &(*table)->head, PG_PARTITION_OF);
        carry_option(c, &(*table)->head, PG_INHERITS);
    }
    carry_owners(c, NULL);
    carry_type(c);
}

// nextval('s.name'::regclass)
static void carry_sequence(const Carry *c)
{
    const char *before = name_join(c->arena, c->in, c->from);
    VEC_EACH (Table *, table, &c->schema->tables)
        VEC_EACH (Column *, it, &(*table)->columns) {
            const char *text = (*it)->default_sql;
            if (!text || !strstr(text, c->from))
                continue;
            TokenList tokens = lex_all(c->arena, (Text){ text, strlen(text) }, LEX_POSTGRESQL);
            VEC_EACH (Token, t, &tokens) {
                if (t->kind != TOKEN_STRING || strcmp(token_name(c->arena, t), before) != 0)
                    continue;
                StrBuf out;
                strbuf_init(&out, c->arena);
                strbuf_put(&out, text, (size_t)(t->text.p - text));
                const char *name = pg_quote_ident(c->arena, c->to);
                pg_put_literal(&out,
                               c->in ? arena_printf(c->arena, "%s.%s", pg_quote_ident(c->arena, c->in), name)
                                     : name);
                strbuf_puts(&out, t->text.p + t->text.n);
                (*it)->default_sql = out.text;
                break;
            }
        }
}

// USER on SERVER is what a mapping is called.
static void carry_server(const Carry *c)
{
    VEC_EACH (Table *, table, &c->schema->tables)
        if (same_text(option_get(&(*table)->head.options, PG_SERVER), c->from))
            replace_option(c, &(*table)->head, PG_SERVER, c->to);
    const char *ends = arena_printf(c->arena, " on %s", c->from);
    VEC_EACH (Object *, it, &c->schema->objects) {
        size_t n = strlen((*it)->name), m = strlen(ends);
        if ((*it)->kind == OBJECT_USER_MAPPING && n > m && strcmp((*it)->name + n - m, ends) == 0)
            (*it)->name = arena_printf(c->arena, "%.*s on %s", (int)(n - m), (*it)->name, c->to);
    }
}

void pg_carry_rename(Arena *arena, Schema *schema, const Object *renamed, const char *from)
{
    const Carry c = { arena, schema, renamed->schema, from, renamed->name };
    switch ((int)renamed->kind) {
    case OBJECT_TABLE: carry_table(&c); break;
    case OBJECT_COLUMN: carry_owners(&c, renamed->table); break;
    case OBJECT_VIEW:
    case OBJECT_ENUM:
    case OBJECT_DOMAIN:
    case OBJECT_COMPOSITE:
    case OBJECT_COLLATION:
    case OBJECT_RANGE: carry_type(&c); break;
    case OBJECT_SEQUENCE: carry_sequence(&c); break;
    case OBJECT_SERVER: carry_server(&c); break;
    default: break;
    }
}
