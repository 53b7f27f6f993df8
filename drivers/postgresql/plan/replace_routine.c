// CREATE OR REPLACE keeps a routine's identity as long as its arguments and what it returns stay as they are.
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "drivers/postgresql/plan/plan.h"

static bool ends_signature(const Token *token)
{
    static const char *const words[] = { "language", "as",        "immutable", "stable",    "volatile",
                                         "strict",   "called",    "security",  "parallel",  "cost",
                                         "rows",     "set",       "window",    "leakproof", "not",
                                         "external", "transform", "support",   "return",    "begin" };
    if (token->kind == TOKEN_END)
        return true;
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (token_is(token, words[i]))
            return true;
    return false;
}

// From the argument list to where the signature ends. RETURNS NULL ON NULL INPUT is no part of it.
static void find_signature(const TokenList *tokens, size_t *from, size_t *to)
{
    size_t i = 0, depth = 0;
    while (i < tokens->count && !token_is(&tokens->items[i], "("))
        i++;
    *from = i;
    for (; i < tokens->count; i++) {
        const Token *token = &tokens->items[i];
        if (token_is(token, "("))
            depth++;
        else if (token_is(token, ")") && depth)
            depth--;
        if (depth == 0 &&
            (ends_signature(token) || (token_is(token, "returns") && token_is(token + 1, "null"))))
            break;
    }
    *to = i;
}

static bool says_window(const TokenList *tokens, size_t from)
{
    for (size_t i = from; i < tokens->count; i++)
        if (token_is(&tokens->items[i], "window"))
            return true;
    return false;
}

bool pg_routine_is_replaceable(const Object *have, const Object *want)
{
    if (!have->definition || !want->definition)
        return false;
    Arena *scratch = arena_new();
    TokenList a = lex_all(scratch, (Text){ have->definition, strlen(have->definition) }, LEX_POSTGRESQL);
    TokenList b = lex_all(scratch, (Text){ want->definition, strlen(want->definition) }, LEX_POSTGRESQL);
    size_t a_from, a_to, b_from, b_to;
    find_signature(&a, &a_from, &a_to);
    find_signature(&b, &b_from, &b_to);
    bool same = a_to - a_from == b_to - b_from && says_window(&a, a_to) == says_window(&b, b_to);
    for (size_t i = 0; same && i < a_to - a_from; i++)
        same = tokens_same(&a.items[a_from + i], &b.items[b_from + i]);
    arena_free(scratch);
    return same;
}

// ---- what depends on a routine that goes, and cannot go itself

static const Dialect *const D = &postgresql_dialect;

// An expression depends on these, and a column on the expression.
static bool is_called(ObjectKind kind)
{
    return object_kind_is_routine(kind) || object_kind_is_text_search(kind);
}

static bool same_plain_name(Arena *arena, const Object *a, const Object *b)
{
    const char *types;
    bool schema = a->schema == b->schema || (a->schema && b->schema && strcmp(a->schema, b->schema) == 0);
    return schema &&
           strcmp(pg_routine_split(arena, a->name, &types), pg_routine_split(arena, b->name, &types)) == 0;
}

static bool stands_on(const Object *object, const Object *on)
{
    VEC_EACH (Object *, it, &object->depends_on)
        if (*it == on)
            return true;
    return false;
}

// By the server's account, or by the name in its text where there is none.
static bool text_stands_on(const StepGraph *graph, const Object *object, const char *text,
                           const Object *routine)
{
    if (!text)
        return false;
    if (graph->have->depends_known)
        return stands_on(object, routine);
    if (object_kind_is_text_search(routine->kind)) // named by a string
        return strstr(text, routine->name) != NULL;
    const char *types;
    return pg_mentions(graph->arena, text, pg_routine_split(graph->arena, routine->name, &types));
}

static Step *creates_of(StepGraph *graph, const Object *routine, Step *from)
{
    VEC_EACH (Step *, it, &graph->steps)
        if ((*it)->kind == STEP_CREATE && is_called((*it)->want->kind) && *it != from &&
            (object_kind_is_routine((*it)->want->kind) ? object_kind_is_routine(routine->kind)
                                                       : (*it)->want->kind == routine->kind) &&
            same_plain_name(graph->arena, (*it)->want, routine))
            return *it;
    return NULL;
}

// The steps that take a column's default away and set it again; made once, however many routines it calls.
static Step *default_step(StepGraph *graph, const Column *have, const Column *want, bool set)
{
    const Object *about = set ? &want->head : &have->head;
    VEC_EACH (Step *, it, &graph->steps)
        if ((*it)->kind == STEP_SQL && (*it)->default_apart && ((*it)->have == about || (*it)->want == about))
            return *it;
    StrBuf text;
    strbuf_init(&text, graph->arena);
    sql(&text, D, KW("ALTER COLUMN"), ID(have->head.name));
    TableAction action = { .pass = PG_PASS_DROP, .subject = have->head.name };
    if (set) {
        sql(&text, D, KW("SET DEFAULT"), EXPR(want->default_sql));
        action.pass = PG_PASS_OTHER;
        *VEC_PUSH(graph->arena, &action.expressions) = want->default_sql;
    } else {
        sql(&text, D, KW("DROP DEFAULT"));
    }
    Step *step = step_add(graph, STEP_SQL, NULL, NULL);
    pg_set_action(graph->arena, VEC_PUSH(graph->arena, &step->statements), &have->head, text.text, action);
    step->default_apart = true;
    *(set ? &step->want : &step->have) = about;
    return step;
}

// The default is dropped before the routine goes, and set when the new one is there, and all others that it calls.
static void release_default(StepGraph *graph, Step *drop, const Column *have, const Table *have_table)
{
    const Table *want_table = schema_table(graph->want, have_table->head.schema, have_table->head.name);
    const Column *want = want_table ? table_column(want_table, have->head.name) : NULL;
    if (!want || step_find_drop(graph, &have->head))
        return;
    Step *off = default_step(graph, have, want, false);
    step_after(graph->arena, drop, off);
    if (!want->default_sql || want->autoincrement)
        return;
    Step *on = default_step(graph, have, want, true), *pending = NULL;
    VEC_EACH (Step *, it, &graph->steps)
        if ((*it)->kind == STEP_ALTER && (*it)->want == &want->head)
            pending = *it;
    if (pending && pending->facets == FACET_DEFAULT) {
        step_remove(graph, pending);
        pending = NULL;
    } else if (pending) {
        pending->facets &= ~(unsigned)FACET_DEFAULT;
        pending->default_apart = true;
        step_after(graph->arena, pending, off);
    }
    step_after(graph->arena, on, drop);
    step_after(graph->arena, on, pending);
    const char *types;
    VEC_EACH (Step *, it, &graph->steps)
        if ((*it)->kind == STEP_CREATE && is_called((*it)->want->kind) &&
            pg_mentions(graph->arena, want->default_sql,
                        pg_routine_split(graph->arena, (*it)->want->name, &types)))
            step_after(graph->arena, on, *it);
}

// A generated column holds nothing of its own: it goes before the routine does, and comes back with the new one.
static void release_generated(StepGraph *graph, Step *drop, const Column *have, const Table *have_table)
{
    const Table *want_table = schema_table(graph->want, have_table->head.schema, have_table->head.name);
    const Column *want = want_table ? table_column(want_table, have->head.name) : NULL;
    if (!want || !want->generated || step_find_drop(graph, &have->head))
        return;
    Step *pending = step_find_alter(graph, &want->head);
    if (pending)
        step_remove(graph, pending);
    Step *down = step_add(graph, STEP_DROP, &have->head, NULL),
         *up = step_add(graph, STEP_CREATE, NULL, &want->head);
    down->have_table = up->have_table = have_table;
    down->want_table = up->want_table = want_table;
    step_after(graph->arena, drop, down);
    step_after(graph->arena, up, drop);
    step_after(graph->arena, up, creates_of(graph, drop->have, NULL));
}

static int compare_words(const void *a, const void *b)
{
    const char *const *x = a, *const *y = b;
    return strcasecmp(*x, *y);
}

// What the strings of a routine's body speak of, sorted.
static NameList body_words(Arena *arena, const char *definition)
{
    NameList words = { 0 };
    TokenList tokens = lex_all(arena, (Text){ definition, strlen(definition) }, LEX_POSTGRESQL);
    VEC_EACH (Token, token, &tokens) {
        if (token->kind != TOKEN_STRING)
            continue;
        const char *open = memchr(token->text.p, '$', token->text.n);
        if (!open || open != token->text.p)
            continue;
        const char *tag_end = memchr(open + 1, '$', token->text.n - 1);
        size_t tag = tag_end ? (size_t)(tag_end + 1 - open) : 0;
        if (!tag || token->text.n < 2 * tag)
            continue;
        TokenList inner = lex_all(arena, (Text){ open + tag, token->text.n - 2 * tag }, LEX_POSTGRESQL);
        VEC_EACH (Token, word, &inner)
            if (word->kind == TOKEN_WORD || word->kind == TOKEN_NAME)
                *VEC_PUSH(arena, &words) = token_name(arena, word);
    }
    if (words.count)
        qsort(words.items, words.count, sizeof(const char *), compare_words);
    return words;
}

static const char *made_name(Arena *arena, const Step *step)
{
    if (step->kind != STEP_CREATE)
        return NULL;
    const char *types;
    if (object_kind_is_routine(step->want->kind))
        return pg_routine_split(arena, step->want->name, &types);
    return step->want->kind == OBJECT_TABLE || step->want->kind == OBJECT_VIEW ? step->want->name : NULL;
}

// A body is not looked into when the routine is made, but may be run soon after, by a check, an index, a view: what it
// speaks of had better be there.
static void order_bodies(StepGraph *graph)
{
    for (size_t i = 0; i < graph->steps.count; i++) {
        Step *step = graph->steps.items[i];
        if ((step->kind != STEP_CREATE && step->kind != STEP_ALTER) ||
            !object_kind_is_routine(step->want->kind) || !step->want->definition)
            continue;
        NameList words = body_words(graph->arena, step->want->definition);
        VEC_EACH (Step *, it, &graph->steps) {
            const char *name = *it == step || !words.count ? NULL : made_name(graph->arena, *it);
            if (name && bsearch(&name, words.items, words.count, sizeof(const char *), compare_words))
                *VEC_PUSH(graph->arena, &step->behind) = *it;
        }
    }
}

// A table that is partitioned by what the routine gives cannot let go of it.
static bool refuse_partition_key(const StepGraph *graph, const Step *drop, Error *err)
{
    const char *types, *name = pg_routine_split(graph->arena, drop->have->name, &types);
    VEC_EACH (Table *, it, &graph->have->tables) {
        const char *key = option_get(&(*it)->head.options, PG_PARTITION_BY);
        const Table *want = key ? schema_table(graph->want, (*it)->head.schema, (*it)->head.name) : NULL;
        const Step *whole = want ? step_find_alter(graph, &want->head) : NULL;
        if (!want || (whole && pg_table_is_remade(whole)) || !pg_mentions(graph->arena, key, name) ||
            !text_stands_on(graph, &(*it)->head, key, drop->have))
            continue;
        error_at(err, ERR_UNSUPPORTED, want->head.at,
                 "table '%s' is partitioned by function '%s', which PostgreSQL cannot replace under it",
                 want->head.name, drop->have->name);
        return error_hint(err,
                          "Give the new function another name, and let the table be partitioned by that.");
    }
    return true;
}

// Nor can a range type: the new function would have the arguments of the old one, which the range needs until it goes.
static bool refuse_range(const StepGraph *graph, const Step *drop, Error *err)
{
    if (!step_find_create(graph, schema_counterpart(graph->want, drop->have)))
        return true;
    VEC_EACH (Object *, it, &graph->have->objects) {
        const Object *want = (*it)->kind == OBJECT_RANGE ? schema_counterpart(graph->want, *it) : NULL;
        if (!want || !text_stands_on(graph, *it, (*it)->definition, drop->have))
            continue;
        error_at(err, ERR_UNSUPPORTED, want->at,
                 "range '%s' uses function '%s', which PostgreSQL cannot replace under it", want->name,
                 drop->have->name);
        return error_hint(err, "Give the new function another name, and let the range use that.");
    }
    return true;
}

bool pg_expand_routines(StepGraph *graph, Error *err)
{
    order_bodies(graph);
    for (size_t i = 0; i < graph->steps.count; i++) {
        Step *drop = graph->steps.items[i];
        if (drop->kind != STEP_DROP || !is_called(drop->have->kind))
            continue;
        if (object_kind_is_routine(drop->have->kind) && creates_of(graph, drop->have, NULL) &&
            (!refuse_partition_key(graph, drop, err) || !refuse_range(graph, drop, err)))
            return false;
        // a call had better not find both the old and the new
        Step *made = creates_of(graph, drop->have, NULL);
        if (made)
            *VEC_PUSH(graph->arena, &made->behind) = drop;
        VEC_EACH (Table *, table, &graph->have->tables)
            VEC_EACH (Column *, column, &(*table)->columns) {
                if (text_stands_on(graph, &(*column)->head, (*column)->default_sql, drop->have))
                    release_default(graph, drop, *column, *table);
                if (text_stands_on(graph, &(*column)->head, (*column)->generated, drop->have))
                    release_generated(graph, drop, *column, *table);
            }
    }
    return true;
}
