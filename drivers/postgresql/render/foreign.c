// Foreign data: wrappers, servers and user mappings are kept as their CREATE statements, and altered by what differs.
#include <string.h>

#include "drivers/postgresql/plan/plan.h"

static const Dialect *const D = &postgresql_dialect;

// What follows a word outside parentheses: a literal, or a name.
static const char *after_word(Arena *arena, const char *definition, const char *word)
{
    TokenList tokens = lex_all(arena, (Text){ definition, strlen(definition) }, D->lex);
    size_t depth = 0;
    for (size_t i = 0; i + 1 < tokens.count; i++) {
        depth += token_is(&tokens.items[i], "(");
        depth -= token_is(&tokens.items[i], ")") && depth > 0;
        if (depth || !token_is(&tokens.items[i], word) || (i > 0 && token_is(&tokens.items[i - 1], "no")))
            continue;
        const Token *from = &tokens.items[i + 1], *to = from;
        while (token_is(to + 1, ".") && to[1].kind != TOKEN_END)
            to += 2;
        return arena_strndup(arena, from->text.p, (size_t)(to->text.p + to->text.n - from->text.p));
    }
    return NULL;
}

// OPTIONS (a 'x', b 'y') as settings.
static const char *options_of(Arena *arena, const char *definition)
{
    TokenList tokens = lex_all(arena, (Text){ definition, strlen(definition) }, D->lex);
    StrBuf out;
    strbuf_init(&out, arena);
    size_t i = 0;
    while (i + 1 < tokens.count &&
           !(token_is(&tokens.items[i], "options") && token_is(&tokens.items[i + 1], "(")))
        i++;
    for (i += 2; i + 1 < tokens.count && !token_is(&tokens.items[i], ")"); i += 2) {
        if (token_is(&tokens.items[i], ","))
            i++;
        const Token *value = &tokens.items[i + 1];
        strbuf_printf(&out, "%s%s=%.*s", out.length ? ", " : "", token_name(arena, &tokens.items[i]),
                      (int)value->text.n, value->text.p);
    }
    return out.length ? out.text : NULL;
}

bool pg_foreign_is_alterable(const Object *have, const Object *want)
{
    if (have->kind != OBJECT_SERVER)
        return have->kind == OBJECT_USER_MAPPING || have->kind == OBJECT_FOREIGN_DATA_WRAPPER;
    Arena *scratch = arena_new();
    const char *a = have->definition ? have->definition : "", *b = want->definition ? want->definition : "";
    bool alterable = same_text(after_word(scratch, a, "type"), after_word(scratch, b, "type")) &&
                     same_text(after_word(scratch, a, "wrapper"), after_word(scratch, b, "wrapper"));
    arena_free(scratch);
    return alterable;
}

static void put_clause(StrBuf *out, Arena *arena, const char *have, const char *want, const char *word,
                       const char *shout)
{
    const char *old = after_word(arena, have, word), *new = after_word(arena, want, word);
    if (same_text(old, new))
        return;
    if (new)
        strbuf_printf(out, " %s %s", shout, new);
    else
        strbuf_printf(out, strcmp(word, "version") == 0 ? " %s NULL" : " NO %s", shout);
}

void pg_render_alter_foreign(const Render *r)
{
    const Object *have = r->step->have, *want = r->step->want;
    StrBuf text = pg_begin(r);
    strbuf_puts(&text, "ALTER ");
    pg_put_target(&text, want);
    size_t head = text.length;
    if (want->kind == OBJECT_SERVER)
        put_clause(&text, r->arena, have->definition, want->definition, "version", "VERSION");
    if (want->kind == OBJECT_FOREIGN_DATA_WRAPPER) {
        put_clause(&text, r->arena, have->definition, want->definition, "handler", "HANDLER");
        put_clause(&text, r->arena, have->definition, want->definition, "validator", "VALIDATOR");
    }
    // what is secret is not read from the server, so it is not changed either
    const char *old = options_of(r->arena, pg_without_secrets(r->arena, have->definition)),
               *new = options_of(r->arena, pg_without_secrets(r->arena, want->definition));
    if (!same_text(old, new))
        pg_put_fdw_changes(&text, old, new);
    if (text.length > head)
        pg_emit(r, &text);
}

// ---- what lies on a server that is made anew: it has no rows here, and is made anew too

static bool is_foreign_of(const Table *table, const char *server)
{
    return same_text(option_get(&table->head.options, PG_SERVER), server);
}

static void mark_part(StepGraph *graph, Step *gone, const Object *part)
{
    bool foreign = option_get(&gone->have->options, PG_SERVER) != NULL; // its rows are elsewhere
    *VEC_PUSH(graph->arena, &gone->changes) = (Change){ .kind = foreign ? CHANGE_ALTER : CHANGE_DROP,
                                                        .have = part,
                                                        .have_table = gone->have_table };
}

// What stands on a part of the table has to make way as well.
static void mark_parts(StepGraph *graph, Step *gone, const Table *have)
{
    VEC_EACH (Column *, it, &have->columns)
        mark_part(graph, gone, &(*it)->head);
    VEC_EACH (Constraint *, it, &have->constraints)
        mark_part(graph, gone, &(*it)->head);
    VEC_EACH (Index *, it, &have->indexes)
        mark_part(graph, gone, &(*it)->head);
}

static void remake(StepGraph *graph, const Table *have, const Table *want, Step *drop)
{
    for (size_t i = graph->steps.count; i > 0; i--) {
        Step *other = graph->steps.items[i - 1];
        if ((other->have_table == have || (want && other->want_table == want)) &&
            other->kind != STEP_RENAME && other->kind != STEP_SQL && !other->restores)
            step_remove(graph, other);
    }
    Step *gone = step_add(graph, STEP_DROP, &have->head, NULL);
    gone->have_table = have;
    gone->restores = true;
    mark_parts(graph, gone, have);
    step_after(graph->arena, drop, gone);
    if (!want)
        return;
    Step *back = step_add(graph, STEP_CREATE, NULL, &want->head);
    back->want_table = want;
    step_after(graph->arena, back, gone);
    VEC_EACH (Index *, index, &want->indexes)
        step_add(graph, STEP_CREATE, NULL, &(*index)->head)->want_table = want;
}

void pg_expand_foreign(StepGraph *graph)
{
    for (size_t i = 0; i < graph->steps.count; i++) {
        Step *step = graph->steps.items[i];
        if (step->kind == STEP_ALTER && step->want->kind == OBJECT_TABLE && step->have_table &&
            !same_text(option_get(&step->have->options, PG_SERVER),
                       option_get(&step->want->options, PG_SERVER))) {
            remake(graph, step->have_table, step->want_table, NULL);
            i = (size_t)-1;
        } else if (step->kind == STEP_DROP && step->have->kind == OBJECT_SERVER) {
            VEC_EACH (Table *, it, &graph->have->tables)
                if (is_foreign_of(*it, step->have->name) && !step_find_drop(graph, &(*it)->head))
                    remake(graph, *it, schema_table(graph->want, (*it)->head.schema, (*it)->head.name), step);
        }
    }
}
