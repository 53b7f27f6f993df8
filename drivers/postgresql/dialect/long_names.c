// Names of more than 63 bytes. The server cuts them wherever it reads one, in any text; so does the model, or it would
// never be equal to what was made of it. Two relations whose names are one when cut are an error here, not at upgrade.
#include <stdlib.h>
#include <string.h>

#include "drivers/postgresql/dialect/dialect.h"

enum { LONGEST_NAME = 63 };

// Is there a word, or a name in quotes, that may be too long? Most texts are not lexed for it.
static bool may_be_long(const char *text)
{
    size_t run = 0;
    bool quoted = false;
    for (; *text; text++) {
        bool inside = (unsigned char)*text >= 0x80 || strchr("_$", *text) || (*text >= '0' && *text <= '9') ||
                      ((*text | 0x20) >= 'a' && (*text | 0x20) <= 'z');
        quoted ^= *text == '"';
        run = inside || (quoted && *text != '"') ? run + 1 : 0;
        if (run > LONGEST_NAME)
            return true;
    }
    return false;
}

const char *pg_clip_names(Arena *arena, const char *text)
{
    if (!text || !may_be_long(text))
        return text;
    TokenList tokens = lex_all(arena, (Text){ text, strlen(text) }, LEX_POSTGRESQL);
    StrBuf out;
    strbuf_init(&out, arena);
    const char *done = text;
    VEC_EACH (Token, t, &tokens) {
        const char *name = t->kind == TOKEN_WORD || t->kind == TOKEN_NAME ? token_name(arena, t) : NULL;
        if (!name || strlen(name) <= LONGEST_NAME)
            continue;
        strbuf_put(&out, done, (size_t)(t->text.p - done));
        const char *clipped = pg_name_clip(arena, name);
        if (t->kind == TOKEN_NAME)
            pg_put_identifier(&out, clipped);
        else
            strbuf_puts(&out, clipped);
        done = t->text.p + t->text.n;
    }
    strbuf_puts(&out, done);
    return out.text;
}

static void clip_options(Arena *arena, Object *object)
{
    static const char *const names[] = { PG_PARTITION_OF,  PG_INHERITS,         PG_OF_TYPE,
                                         PG_SERVER,        PG_REPLICA_IDENTITY, PG_CLUSTER_ON,
                                         PG_SEQUENCE_NAME, PG_NOT_NULL_NAME,    PG_PARTITION_BY,
                                         PG_SCHEMA };
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        const char *value = option_get(&object->options, names[i]);
        const char *clipped = pg_clip_names(arena, value);
        if (clipped != value)
            option_set(arena, &object->options, names[i], clipped);
    }
}

static void clip_column(Arena *arena, Column *column)
{
    column->type = pg_clip_names(arena, column->type);
    column->default_sql = pg_clip_names(arena, column->default_sql);
    column->generated = pg_clip_names(arena, column->generated);
    column->collation = pg_clip_names(arena, column->collation);
}

static void clip_constraint(Arena *arena, Constraint *constraint)
{
    constraint->expression = pg_clip_names(arena, constraint->expression);
    constraint->where = pg_clip_names(arena, constraint->where);
}

static void clip_domain(Arena *arena, DomainType *domain)
{
    domain->base = pg_clip_names(arena, domain->base);
    domain->default_sql = pg_clip_names(arena, domain->default_sql);
    VEC_EACH (Constraint *, check, &domain->checks) {
        (*check)->head.name = (*check)->head.name ? pg_name_clip(arena, (*check)->head.name) : NULL;
        clip_constraint(arena, *check);
    }
}

static void clip_composite(Arena *arena, CompositeType *type)
{
    VEC_EACH (Column *, it, &type->attributes) {
        (*it)->head.name = pg_name_clip(arena, (*it)->head.name);
        clip_column(arena, *it);
    }
}

void pg_clip_texts(Arena *arena, Object *object)
{
    object->definition = pg_clip_names(arena, object->definition);
    clip_options(arena, object);
    if (object_kind_is_routine(object->kind))
        object->name = pg_clip_names(arena, object->name);
    switch ((int)object->kind) {
    case OBJECT_COLUMN: clip_column(arena, (Column *)(void *)object); break;
    case OBJECT_CHECK:
    case OBJECT_EXCLUDE: clip_constraint(arena, (Constraint *)(void *)object); break;
    case OBJECT_VIEW: {
        View *view = (View *)(void *)object;
        view->query = pg_clip_names(arena, view->query);
        break;
    }
    case OBJECT_DOMAIN: clip_domain(arena, (DomainType *)(void *)object); break;
    case OBJECT_COMPOSITE: clip_composite(arena, (CompositeType *)(void *)object); break;
    case OBJECT_SEQUENCE: {
        Sequence *sequence = (Sequence *)(void *)object;
        sequence->owned_by = pg_clip_names(arena, sequence->owned_by);
        break;
    }
    default: break;
    }
}

// ---- names that become one

bool pg_is_named_by_text(ObjectKind kind)
{
    return object_kind_has_arguments(kind) || kind == OBJECT_CAST || kind == OBJECT_GRANT ||
           kind == OBJECT_DEFAULT_PRIVILEGE || kind == OBJECT_USER_MAPPING;
}

// What must differ in its name: relations of a schema; constraints, triggers and the like of a table; objects of a kind.
typedef struct Named {
    unsigned space;
    const char *schema, *table;
    const char *name; // cut
    const Object *object;
    bool is_long;
} Named;
typedef VEC(Named) NamedList;

typedef struct Collecting {
    Arena *arena;
    NamedList list;
    bool any;
} Collecting;

enum { OF_RELATIONS = OBJECT_KIND_COUNT, OF_CONSTRAINTS };

static unsigned space_of(ObjectKind kind)
{
    switch ((int)kind) {
    case OBJECT_TABLE:
    case OBJECT_VIEW:
    case OBJECT_SEQUENCE:
    case OBJECT_INDEX:
    case OBJECT_PRIMARY_KEY:
    case OBJECT_UNIQUE:
    case OBJECT_EXCLUDE: return OF_RELATIONS;
    case OBJECT_CHECK:
    case OBJECT_FOREIGN_KEY: return OF_CONSTRAINTS;
    case OBJECT_DOMAIN:
    case OBJECT_COMPOSITE:
    case OBJECT_RANGE: return OBJECT_ENUM; // all are types
    case OBJECT_PROCEDURE:
    case OBJECT_AGGREGATE: return OBJECT_FUNCTION;
    default: return (unsigned)kind;
    }
}

static void collect(void *payload, Object *object, Table *table)
{
    Collecting *c = payload;
    (void)table;
    if (!object->name)
        return;
    unsigned space = space_of(object->kind);
    const char *cut = pg_is_named_by_text(object->kind) ? pg_clip_names(c->arena, object->name)
                                                        : pg_name_clip(c->arena, object->name);
    bool is_long = strcmp(cut, object->name) != 0;
    *VEC_PUSH(c->arena, &c->list) = (Named){ .space = space,
                                             .schema = object->schema,
                                             .table = space == OF_RELATIONS ? NULL : object->table,
                                             .name = cut,
                                             .object = object,
                                             .is_long = is_long };
    c->any |= is_long;
}

static int compare_texts(const char *a, const char *b) { return strcmp(a ? a : "", b ? b : ""); }

// Zero for two of one name.
static int compare_names(const Named *x, const Named *y)
{
    int order = (x->space > y->space) - (x->space < y->space);
    if (!order)
        order = strcmp(x->name, y->name);
    if (!order)
        order = compare_texts(x->table, y->table);
    return order ? order : compare_texts(x->schema, y->schema);
}

static int compare_named(const void *a, const void *b)
{
    const Named *x = a, *y = b;
    int order = compare_names(x, y);
    if (!order)
        order = (x->object->at.line > y->object->at.line) - (x->object->at.line < y->object->at.line);
    return order ? order
                 : (x->object->at.column > y->object->at.column) -
                       (x->object->at.column < y->object->at.column);
}

bool pg_refuse_equal_when_cut(Schema *schema, Error *err)
{
    Arena *scratch = arena_new();
    Collecting c = { .arena = scratch };
    schema_walk(schema, collect, &c);
    if (c.any)
        qsort(c.list.items, c.list.count, sizeof(Named), compare_named);
    bool ok = true;
    for (size_t i = 1; ok && c.any && i < c.list.count; i++) {
        const Named *a = &c.list.items[i - 1], *b = &c.list.items[i];
        if (compare_names(a, b) != 0 || !(a->is_long || b->is_long))
            continue;
        error_at(err, ERR_SCHEMA, b->object->at, "%s '%s' has the name of another, cut to 63 bytes",
                 object_kinds[b->object->kind].word, b->object->name);
        error_also(err, a->object->at, "the other is here");
        ok = error_hint(err, "PostgreSQL keeps 63 bytes of a name. Give one of them a shorter name.");
    }
    arena_free(scratch);
    return ok;
}
