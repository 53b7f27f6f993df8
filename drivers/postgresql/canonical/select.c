#include "drivers/postgresql/canonical/canonical.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "drivers/postgresql/render/render.h"

// ---- what has to be made

static const char *plain_name(Arena *arena, const Object *object)
{
    const char *arguments;
    bool routine = object_kind_has_arguments(object->kind);
    return routine ? pg_routine_split(arena, object->name, &arguments) : object->name;
}

static Object *top_of(Schema *want, const Change *change)
{
    const Object *object = change->want_table ? &change->want_table->head : change->want;
    return object ? schema_counterpart(want, object) : NULL;
}

static int by_plain_name(const void *a, const void *b)
{
    const Candidate *x = a, *y = b;
    int order = strcmp(x->plain, y->plain);
    return order ? order : object_compare(x->object, y->object);
}

static Candidate *candidate_of(const Canonical *c, const Object *object)
{
    for (size_t i = 0; i < c->count; i++)
        if (c->candidates[i].object == object)
            return &c->candidates[i];
    return NULL;
}

// The sequence of a new serial or identity column: no object of the model, but defaults of other tables may call it.
static void collect_counter(Canonical *c, const Column *column)
{
    if (!column->autoincrement && column->identity == IDENTITY_NONE)
        return;
    *VEC_PUSH(c->arena, &c->counters) =
        object_new(c->arena, OBJECT_SEQUENCE, column->head.schema, NULL, pg_sequence_name(c->arena, column));
}

static void collect_counters(Canonical *c, const Change *change)
{
    if (change->want && change->want->kind == OBJECT_COLUMN)
        collect_counter(c, (const Column *)(const void *)change->want);
    else if (change->want && change->want->kind == OBJECT_TABLE && change->kind == CHANGE_CREATE)
        VEC_EACH (Column *, column, &((const Table *)(const void *)change->want)->columns)
            collect_counter(c, *column);
}

// All that changes and can be made, each once.
static void collect(Canonical *c, const ChangeList *changes)
{
    Arena *scratch = arena_new();
    bool *seen = arena_alloc(scratch, c->want->object_count + 1);
    VEC(Candidate) list = { 0 };
    VEC_EACH (const Change, change, changes) {
        Object *top = change->want ? top_of(c->want, change) : NULL;
        collect_counters(c, change);
        c->misses_extension |= change->want && change->want->kind == OBJECT_EXTENSION &&
                               (change->kind == CHANGE_CREATE || change->facets & FACET_OPTIONS);
        if (!top || !canonical_can_make(top->kind))
            continue;
        if (!seen[top->slot])
            *VEC_PUSH(c->arena, &list) = (Candidate){ .plain = plain_name(c->arena, top),
                                                      .object = top,
                                                      .created = change->kind == CHANGE_CREATE };
        seen[top->slot] = true;
    }
    c->candidates = list.items;
    c->count = list.count;
    if (c->count)
        qsort(c->candidates, c->count, sizeof(Candidate), by_plain_name);
    arena_free(scratch);
}

// A changed one by its slot, so that many changes stay cheap.
static bool mark_asked(Canonical *c, const ChangeList *changes, AskedFn *asks)
{
    Candidate **by_slot = arena_alloc(c->arena, (c->want->object_count + 1) * sizeof(*by_slot));
    for (size_t i = 0; i < c->count; i++)
        by_slot[c->candidates[i].object->slot] = &c->candidates[i];
    bool any = false;
    VEC_EACH (const Change, change, changes) {
        const Object *top = asks(c->arena, change) ? top_of(c->want, change) : NULL;
        if (!top || !by_slot[top->slot])
            continue;
        by_slot[top->slot]->asked = true;
        any = true;
    }
    return any;
}

Candidate *canonical_find(const Canonical *c, const char *schema, const char *plain)
{
    size_t low = 0, high = c->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(c->candidates[middle].plain, plain) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < c->count && strcmp(c->candidates[low].plain, plain) == 0; low++) {
        const char *own = c->candidates[low].object->schema;
        if (schema ? own && strcmp(schema, own) == 0 : !own)
            return &c->candidates[low];
    }
    return NULL;
}

const char *canonical_name(Arena *arena, const Token *token)
{
    if (token->kind != TOKEN_WORD)
        return token_name(arena, token);
    char *word = arena_strndup(arena, token->text.p, token->text.n);
    for (char *c = word; *c; c++)
        if ((unsigned char)*c < 0x80)
            *c = (char)tolower((unsigned char)*c);
    return word;
}

// Rows that have values of a composite type that changes: a view may read an attribute that the type gains.
static bool has_changed_composite(const Canonical *c, const Table *table)
{
    VEC_EACH (Column *, column, &table->columns) {
        const char *type = (*column)->type;
        NameList parts = { 0 };
        const char *bracket = strchr(type, '[');
        const char *name = bracket ? arena_strndup(c->arena, type, (size_t)(bracket - type)) : type;
        if (!name_split(c->arena, name, &parts) || !parts.count)
            continue;
        const Candidate *found =
            canonical_find(c, parts.count > 1 ? parts.items[0] : NULL, parts.items[parts.count - 1]);
        if (found && found->object->kind == OBJECT_COMPOSITE)
            return true;
    }
    return false;
}

static bool mentions_candidate(const Canonical *c, const char *text)
{
    if (!text)
        return false;
    TokenList tokens = lex_all(c->arena, (Text){ text, strlen(text) }, LEX_POSTGRESQL);
    for (size_t i = 0; i + 1 < tokens.count; i++) {
        const Token *t = &tokens.items[i];
        if (t->kind != TOKEN_WORD && t->kind != TOKEN_NAME)
            continue;
        const char *name = canonical_name(c->arena, t);
        if (canonical_find(c, NULL, name) ||
            (token_is(&tokens.items[i + 1], ".") &&
             canonical_find(c, name, canonical_name(c->arena, &tokens.items[i + 2]))))
            return true;
    }
    return false;
}

// A table, routine or view whose own text stays has or gives other rows where what it speaks of changes: what is asked
// about may read them.
static void collect_between(Canonical *c)
{
    VEC(Candidate) list = { 0 };
    VEC_EACH (Table *, it, &c->want->tables)
        if (has_changed_composite(c, *it) && !candidate_of(c, &(*it)->head))
            *VEC_PUSH(c->arena, &list) =
                (Candidate){ .plain = plain_name(c->arena, &(*it)->head), .object = &(*it)->head };
    VEC_EACH (Object *, it, &c->want->objects) {
        Object *object = *it;
        const View *view = (const View *)(const void *)object;
        const char *text = object->kind == OBJECT_VIEW       ? view->query
                           : object->kind == OBJECT_FUNCTION ? object->definition
                                                             : NULL;
        if (text && !candidate_of(c, object) && mentions_candidate(c, text))
            *VEC_PUSH(c->arena, &list) =
                (Candidate){ .plain = plain_name(c->arena, object), .object = object };
    }
    if (!list.count)
        return;
    for (size_t i = 0; i < c->count; i++)
        *VEC_PUSH(c->arena, &list) = c->candidates[i];
    c->candidates = list.items;
    c->count = list.count;
    qsort(c->candidates, c->count, sizeof(Candidate), by_plain_name);
}

// ---- in which order

static void choose(Canonical *c, Candidate *candidate);

static const char *schema_or_default(const Canonical *c, const char *schema)
{
    return schema && strcmp(schema, c->pg->db.server.default_schema) == 0 ? NULL : schema;
}

static void choose_needed(Canonical *c, Object *object);

static void choose_counter(Canonical *c, const char *schema, const char *name)
{
    VEC_EACH (Object *, it, &c->counters)
        if (strcmp((*it)->name, name) == 0 && same_text((*it)->schema, schema_or_default(c, schema)))
            choose_needed(c, *it);
}

static void choose_named(Canonical *c, const char *schema, const char *plain)
{
    Candidate *candidate = canonical_find(c, schema_or_default(c, schema), plain);
    if (candidate)
        choose(c, candidate);
}

// The token may be only the beginning of the operator's name.
static void choose_operator(Canonical *c, const Token *token)
{
    size_t n = strspn(token->text.p, "+-*/<>=~!@#%^&|`?");
    for (size_t i = 0; n && i < c->count; i++) {
        Candidate *candidate = &c->candidates[i];
        if (candidate->object->kind == OBJECT_OPERATOR && strlen(candidate->plain) == n &&
            strncmp(candidate->plain, token->text.p, n) == 0)
            choose(c, candidate);
    }
}

// Changed objects that a text names, in strings too ('seq'::regclass).
static void choose_mentioned(Canonical *c, const char *text)
{
    if (!text)
        return;
    TokenList tokens = lex_all(c->arena, (Text){ text, strlen(text) }, LEX_POSTGRESQL);
    for (size_t i = 0; i + 1 < tokens.count; i++) {
        const Token *t = &tokens.items[i];
        if (t->kind == TOKEN_STRING && *t->text.p == '\'' && t->text.n < 140) {
            NameList parts = { 0 };
            if (name_split(c->arena, token_name(c->arena, t), &parts) && parts.count && parts.count < 3) {
                choose_named(c, parts.count > 1 ? parts.items[0] : NULL, parts.items[parts.count - 1]);
                choose_counter(c, parts.count > 1 ? parts.items[0] : NULL, parts.items[parts.count - 1]);
            }
        }
        if (t->kind == TOKEN_SYMBOL)
            choose_operator(c, t);
        if (t->kind != TOKEN_WORD && t->kind != TOKEN_NAME)
            continue;
        const char *name = canonical_name(c->arena, t);
        choose_named(c, NULL, name);
        if (i + 2 < tokens.count && token_is(&tokens.items[i + 1], "."))
            choose_named(c, name, canonical_name(c->arena, &tokens.items[i + 2]));
    }
}

static void choose_parts(Canonical *c, const PartList *parts)
{
    VEC_EACH (const Part, part, parts) {
        choose_mentioned(c, part->expression);
        choose_mentioned(c, part->collation);
        choose_mentioned(c, part->opclass);
        choose_mentioned(c, part->with_operator);
    }
}

// What is no change but has to be there, on the model's side: a trigger's table, a partition's parent.
static void choose_needed(Canonical *c, Object *object)
{
    if (!object)
        return;
    Candidate *known = candidate_of(c, object);
    if (known) {
        choose(c, known);
        return;
    }
    Candidate *more = arena_alloc(c->arena, (c->count + 1) * sizeof(Candidate));
    const Candidate one = { .plain = plain_name(c->arena, object), .object = object };
    size_t i = 0;
    for (; i < c->count && by_plain_name(&c->candidates[i], &one) < 0; i++)
        more[i] = c->candidates[i];
    more[i] = one;
    for (size_t k = i; k < c->count; k++)
        more[k + 1] = c->candidates[k];
    c->candidates = more;
    c->count++;
    choose(c, &c->candidates[i]);
}

static Object *named_relation(const Canonical *c, const char *joined)
{
    NameList parts = { 0 };
    if (!joined || !name_split(c->arena, joined, &parts) || !parts.count)
        return NULL;
    const char *schema = schema_or_default(c, parts.count > 1 ? parts.items[0] : NULL);
    Table *table = schema_table(c->want, schema, parts.items[parts.count - 1]);
    return table ? &table->head : NULL;
}

static void choose_parents(Canonical *c, const OptionList *options)
{
    choose_needed(c, named_relation(c, option_get(options, PG_PARTITION_OF)));
    const char *inherits = option_get(options, PG_INHERITS);
    if (!inherits)
        return;
    TokenList tokens = lex_all(c->arena, (Text){ inherits, strlen(inherits) }, LEX_POSTGRESQL);
    StrBuf name;
    strbuf_init(&name, c->arena);
    for (size_t i = 0; i < tokens.count; i++) {
        const Token *t = &tokens.items[i];
        if (t->kind == TOKEN_END || token_is(t, ",")) {
            choose_needed(c, named_relation(c, arena_strdup(c->arena, name.text)));
            strbuf_clear(&name);
        } else {
            strbuf_put(&name, t->text.p, t->text.n);
        }
    }
}

static void choose_for_table(Canonical *c, const Table *table)
{
    choose_parents(c, &table->head.options);
    choose_mentioned(c, option_get(&table->head.options, PG_PARTITION_BY));
    choose_mentioned(c, option_get(&table->head.options, PG_OF_TYPE));
    VEC_EACH (Column *, column, &table->columns) {
        choose_mentioned(c, (*column)->type);
        choose_mentioned(c, (*column)->default_sql);
        choose_mentioned(c, (*column)->generated);
        choose_mentioned(c, (*column)->collation);
    }
    VEC_EACH (Constraint *, it, &table->constraints) {
        choose_mentioned(c, (*it)->expression);
        choose_mentioned(c, (*it)->where);
        choose_parts(c, &(*it)->parts);
    }
    VEC_EACH (Index *, it, &table->indexes) {
        choose_mentioned(c, (*it)->where);
        choose_parts(c, &(*it)->parts);
    }
}

// Statistics may lie in another schema than their table: the one of that name, then, in whichever schema.
static Table *table_of_other(const Canonical *c, const Object *object)
{
    Table *table = schema_table(c->want, object->schema, object->table);
    if (object->kind == OBJECT_STATISTICS)
        VEC_EACH (Table *, it, &c->want->tables)
            if (!table && strcmp((*it)->head.name, object->table) == 0)
                table = *it;
    return table;
}

static void choose_for_other(Canonical *c, Object *object)
{
    if (object->table) {
        Table *table = table_of_other(c, object);
        choose_needed(c, table ? &table->head
                               : schema_object(c->want, OBJECT_VIEW, object->schema, NULL, object->table));
    }
    choose_mentioned(c, object->definition);
    if (object->kind == OBJECT_VIEW)
        choose_mentioned(c, ((const View *)(const void *)object)->query);
    if (object->kind == OBJECT_COMPOSITE)
        VEC_EACH (Column *, column, &((CompositeType *)(void *)object)->attributes)
            choose_mentioned(c, (*column)->type);
    if (object->kind != OBJECT_DOMAIN)
        return;
    const DomainType *domain = (const DomainType *)(const void *)object;
    choose_mentioned(c, domain->base);
    choose_mentioned(c, domain->default_sql);
    VEC_EACH (Constraint *, check, &domain->checks)
        choose_mentioned(c, (*check)->expression);
}

// After all that it mentions; what mentions it in turn comes where it was met first.
static void choose(Canonical *c, Candidate *candidate)
{
    if (candidate->chosen)
        return;
    Object *object = candidate->object;
    candidate->chosen = true;
    if (object->kind == OBJECT_TABLE)
        choose_for_table(c, (const Table *)(const void *)object);
    else
        choose_for_other(c, object);
    *VEC_PUSH(c->arena, &c->order) = object;
}

// ---- asking

// What these changes are asked for, and what that mentions, stands in c->order then.
static ObjectList choose_asked(Canonical *c, const ChangeList *changes, AskedFn *asks)
{
    ObjectList asked = { 0 };
    collect(c, changes);
    if (!mark_asked(c, changes, asks))
        return asked;
    collect_between(c);
    for (size_t i = 0; i < c->count; i++)
        if (c->candidates[i].asked)
            *VEC_PUSH(c->arena, &asked) = c->candidates[i].object;
    VEC_EACH (Object *, object, &asked)
        choose_needed(c, *object);
    return asked;
}

static bool spell(Canonical *c, const ChangeList *changes, Error *err)
{
    ObjectList asked = choose_asked(c, changes, canonical_is_asked);
    Schema got;
    if (!asked.count)
        return true;
    if (!canonical_make(c, &got, err))
        return false;
    VEC_EACH (Object *, object, &asked)
        canonical_take(c, *object, &got);
    canonical_take_uses(c, &got);
    return true;
}

static bool try_new(Canonical *c, const ChangeList *changes, Error *err)
{
    Schema got;
    c->only_tries = true;
    if (!choose_asked(c, changes, canonical_is_tried).count || c->misses_extension)
        return true;
    if (!canonical_make(c, &got, err))
        return false;
    canonical_take_uses(c, &got);
    return true;
}

// Before 18 the server only says that it does not know the word VIRTUAL, and says it when the revision runs.
static bool refuse_virtual(const PgDb *pg, const Schema *want, Error *err)
{
    if (pg->db.server.version >= PG_18)
        return true;
    VEC_EACH (Table *, table, &want->tables)
        VEC_EACH (Column *, it, &(*table)->columns) {
            const Column *column = *it;
            if (!column->generated || column->stored)
                continue;
            error_at(err, ERR_SCHEMA, column->head.at,
                     "PostgreSQL %s has no virtual generated columns, which column '%s' of table '%s' is",
                     pg->db.server.version_text, column->head.name, (*table)->head.name);
            return error_hint(err, "Write stored: true beside generated:; PostgreSQL 18 has both kinds.");
        }
    return true;
}

bool pg_canonicalise(Db *db, Arena *arena, const Schema *have, Schema *want, const ChangeList *changes,
                     Error *err)
{
    Canonical c = { .pg = pg_db(db), .arena = arena, .want = want }, tried = c;
    return refuse_virtual(c.pg, want, err) && canonical_requires(c.pg, arena, have, want, changes, err) &&
           spell(&c, changes, err) && try_new(&tried, changes, err) &&
           canonical_grants(c.pg, arena, want, changes, err) &&
           canonical_shadowed(c.pg, arena, have, want, err);
}
