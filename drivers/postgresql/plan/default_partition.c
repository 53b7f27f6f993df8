// A partition that comes, or that gets wider, takes rows that have lain in the default partition so far. The server
// refuses that: they are taken aside before, and put back through the parent.
#include <string.h>

#include "drivers/postgresql/plan/plan.h"

static TokenList tokens_of(Arena *arena, const char *text)
{
    return lex_all(arena, (Text){ text, strlen(text) }, LEX_POSTGRESQL);
}

// The items of the list in parentheses after the token `at`; `at` is then after it.
static NameList items_behind(Arena *arena, const TokenList *tokens, size_t *at)
{
    NameList items = { 0 };
    size_t i = *at;
    while (i < tokens->count && !token_is(&tokens->items[i], "("))
        i++;
    const char *from = NULL, *to = NULL;
    for (int depth = 0; i < tokens->count; i++) {
        const Token *token = &tokens->items[i];
        depth += token_is(token, "(") ? 1 : token_is(token, ")") ? -1 : 0;
        bool ends = depth == 0 || (depth == 1 && token_is(token, ","));
        if (ends && from)
            *VEC_PUSH(arena, &items) = arena_strndup(arena, from, (size_t)(to - from));
        if (depth == 0)
            break;
        if (ends) {
            from = NULL;
        } else if (depth > 1 || !token_is(token, "(")) {
            from = from ? from : token->text.p;
            to = token->text.p + token->text.n;
        }
    }
    *at = i;
    return items;
}

// A key of PARTITION BY without its collation and operator class.
static const char *plain_key(Arena *arena, const char *key)
{
    TokenList tokens = tokens_of(arena, key);
    size_t i = 0, depth = 0;
    if (tokens.count && !token_is(&tokens.items[0], "("))
        while (i + 2 < tokens.count && token_is(&tokens.items[i + 1], "."))
            i += 2;
    if (i + 1 < tokens.count && token_is(&tokens.items[i + 1], "("))
        i++;
    for (; i < tokens.count && token_is(&tokens.items[i], "("); i++) {
        depth = 1;
        while (depth && ++i < tokens.count)
            depth += token_is(&tokens.items[i], "(") ? 1U : token_is(&tokens.items[i], ")") ? -1U : 0U;
        break;
    }
    return i < tokens.count
               ? arena_strndup(arena, key, (size_t)(tokens.items[i].text.p + tokens.items[i].text.n - key))
               : key;
}

static bool is_word(Arena *arena, const char *text, const char *word)
{
    TokenList tokens = tokens_of(arena, text);
    return tokens.count && token_is(&tokens.items[0], word);
}

static void put_list(StrBuf *out, const NameList *list, size_t count)
{
    strbuf_puts(out, count > 1 ? "(" : "");
    for (size_t i = 0; i < count; i++)
        strbuf_printf(out, "%s%s", i ? ", " : "", list->items[i]);
    strbuf_puts(out, count > 1 ? ")" : "");
}

// One end of a range: after MINVALUE or MAXVALUE nothing counts any more.
static void put_end(StrBuf *out, Arena *arena, const NameList *keys, const NameList *values, bool lower)
{
    size_t n = 0;
    bool least = false, greatest = false;
    for (; n < values->count && n < keys->count; n++) {
        least = is_word(arena, values->items[n], "minvalue");
        greatest = is_word(arena, values->items[n], "maxvalue");
        if (least || greatest)
            break;
    }
    if (!n)
        return;
    strbuf_puts(out, " AND ");
    put_list(out, keys, n);
    strbuf_puts(out, lower ? (greatest ? " > " : " >= ") : (greatest ? " <= " : " < "));
    put_list(out, values, n);
}

static void put_values(StrBuf *out, Arena *arena, const char *key, const NameList *values)
{
    bool null = false, any = false;
    VEC_EACH (const char *, value, values) {
        if (is_word(arena, *value, "null")) {
            null = true;
            continue;
        }
        if (any)
            strbuf_printf(out, ", %s", *value);
        else
            strbuf_printf(out, "%s IN (%s", key, *value);
        any = true;
    }
    strbuf_puts(out, any ? ")" : "");
    if (null)
        strbuf_printf(out, "%s%s IS NULL", any ? " OR " : "", key);
}

// What holds for the rows of a partition; NULL: it cannot be said.
static const char *condition(Arena *arena, const char *partition_by, const char *bound)
{
    TokenList by = tokens_of(arena, partition_by), tokens = tokens_of(arena, bound);
    size_t at = 0;
    NameList keys = items_behind(arena, &by, &at), plain = { 0 };
    VEC_EACH (const char *, key, &keys)
        *VEC_PUSH(arena, &plain) = plain_key(arena, *key);
    StrBuf out;
    strbuf_init(&out, arena);
    if (!plain.count || tokens.count < 4)
        return NULL;
    at = 2; // FOR VALUES
    if (token_is(&tokens.items[2], "in")) {
        NameList values = items_behind(arena, &tokens, &at);
        put_values(&out, arena, plain.items[0], &values);
    } else if (token_is(&tokens.items[2], "from")) {
        NameList from = items_behind(arena, &tokens, &at), to = items_behind(arena, &tokens, &at);
        VEC_EACH (const char *, key, &plain)
            strbuf_printf(&out, "%s%s IS NOT NULL", out.length ? " AND " : "", *key);
        put_end(&out, arena, &plain, &from, true);
        put_end(&out, arena, &plain, &to, false);
    }
    return out.length ? out.text : NULL;
}

static const Table *parent_of(StepGraph *graph, const Table *want)
{
    const Table *parent = pg_parent_of(graph->arena, graph->want, want);
    const Step *step = parent ? step_find_alter(graph, &parent->head) : NULL;
    return step && pg_table_is_remade(step) ? NULL : parent;
}

const Table *pg_rows_go_through(StepGraph *graph, Step *back, const Table *want)
{
    const Table *top = NULL, *parent = want;
    while ((parent = parent_of(graph, parent)))
        top = parent;
    VEC_EACH (Step *, it, &graph->steps) {
        const Object *made = (*it)->want;
        if (!made || *it == back || ((*it)->kind != STEP_CREATE && (*it)->kind != STEP_ALTER))
            continue;
        if (top && made->kind == OBJECT_COLUMN && (*it)->want_table == top)
            step_after(graph->arena, back, *it);
        if (made->kind != OBJECT_TABLE)
            continue;
        for (const Table *up = as_table(made); up && top; up = pg_parent_of(graph->arena, graph->want, up))
            if (up == top && made != &top->head)
                step_after(graph->arena, back, *it);
    }
    return top;
}

// The default partition as it is now, where it stays one.
static const Table *default_of(StepGraph *graph, const Table *partition)
{
    const char *parent = option_of(partition, PG_PARTITION_OF);
    VEC_EACH (Table *, it, &graph->want->tables) {
        const Table *have = schema_table(graph->have, (*it)->head.schema, (*it)->head.name);
        if (*it != partition && have && !step_find_drop(graph, &have->head) &&
            same_text(option_of(*it, PG_PARTITION_OF), parent) &&
            same_text(option_of(have, PG_PARTITION_OF), parent) &&
            same_text(option_of(*it, PG_PARTITION_BOUND), "DEFAULT") &&
            same_text(option_of(have, PG_PARTITION_BOUND), "DEFAULT"))
            return have;
    }
    return NULL;
}

const char *pg_bound_condition(StepGraph *graph, const Table *want)
{
    const Table *parent = pg_parent_of(graph->arena, graph->want, want);
    return parent && option_of(want, PG_PARTITION_BOUND)
               ? condition(graph->arena, option_of(parent, PG_PARTITION_BY),
                           option_of(want, PG_PARTITION_BOUND))
               : NULL;
}

// The rows that lie in the default partition and belong into `want`. Those of a foreign one are the other server's.
static void take_rows(StepGraph *graph, Step *step, const Table *want)
{
    const Table *parent = parent_of(graph, want), *rest = parent ? default_of(graph, want) : NULL;
    const char *where = rest && !option_of(rest, PG_SERVER) ? pg_bound_condition(graph, want) : NULL;
    if (!where)
        return;
    Arena *arena = graph->arena;
    const char *aside = pg_aside_name(graph, want, "taken"),
               *from = pg_qualified(arena, rest->head.schema, rest->head.name);
    Step *out = step_add(graph, STEP_SQL, NULL, NULL), *back = step_add(graph, STEP_SQL, NULL, &want->head);
    Statement *statement = VEC_PUSH(arena, &out->statements);
    statement->sql = pg_take_block(graph, rest, from, where, aside);
    statement->comment = "moves the rows that the partition takes from the default one";
    VEC_PUSH(arena, &back->statements)->sql =
        pg_copy_block(graph, rest, pg_rows_go_through(graph, back, want), aside);
    VEC_PUSH(arena, &back->statements)->sql = arena_printf(arena, "DROP TABLE %s", aside);
    step_after(arena, step, out);
    step_after(arena, back, step);
    pg_release_referrers(graph, rest, out, back); // a row that only moves must not cascade
    VEC_EACH (Step *, it, &graph->steps)
        if ((*it)->want_table == parent && (*it)->want && (*it)->want->kind == OBJECT_COLUMN)
            step_after(arena, *it, out);
}

static bool takes_place(const Step *step)
{
    if (!step->want || step->want->kind != OBJECT_TABLE)
        return false;
    const Table *want = (const Table *)(const void *)step->want;
    if (!option_of(want, PG_PARTITION_OF) || same_text(option_of(want, PG_PARTITION_BOUND), "DEFAULT"))
        return false;
    if (step->kind == STEP_CREATE)
        return true;
    return step->kind == STEP_ALTER && !pg_table_is_remade(step) && step->have_table &&
           (!same_text(option_of(step->have_table, PG_PARTITION_BOUND),
                       option_of(want, PG_PARTITION_BOUND)) ||
            !same_text(option_of(step->have_table, PG_PARTITION_OF), option_of(want, PG_PARTITION_OF)));
}

static bool is_below(StepGraph *graph, const Table *table, const Table *above)
{
    for (const Table *up = table; up; up = pg_parent_of(graph->arena, graph->have, up))
        if (up == above)
            return true;
    return false;
}

// The way back of take_rows: a partition that the upgrade made took its rows from the default one, and gives what it has
// to it when the downgrade drops it.
static void give_rows_back(StepGraph *graph, Step *drop)
{
    const Table *have = as_table(drop->have), *rest = default_of(graph, have),
                *above = pg_parent_of(graph->arena, graph->have, have),
                *into = rest ? schema_table(graph->want, rest->head.schema, rest->head.name) : NULL;
    if (!into || !above || step_find_drop(graph, &above->head) || !parent_of(graph, into) ||
        option_of(have, PG_SERVER) || option_of(rest, PG_SERVER))
        return;
    Step *out = pg_detach_dropped(graph, drop), *back = step_add(graph, STEP_SQL, &have->head, NULL);
    Statement *statement = VEC_PUSH(graph->arena, &back->statements);
    statement->sql = pg_copy_block(graph, have, pg_rows_go_through(graph, back, into),
                                   pg_qualified(graph->arena, have->head.schema, have->head.name));
    statement->comment = "gives its rows back to the default partition";
    step_after(graph->arena, back, out);
    pg_release_referrers(graph, have, out, back);
    drop->restores = true; // no row is lost
    VEC_EACH (Step *, it, &graph->steps)
        if ((*it)->kind == STEP_DROP && (*it)->have->kind == OBJECT_TABLE &&
            is_below(graph, as_table((*it)->have), have)) {
            (*it)->restores = true;
            step_after(graph->arena, *it, back);
        }
}

void pg_expand_defaults(StepGraph *graph)
{
    StepList now = pg_steps_now(graph);
    VEC_EACH (Step *, it, &now) {
        if (takes_place(*it))
            take_rows(graph, *it, (const Table *)(const void *)(*it)->want);
        else if (graph->options && graph->options->undoes && (*it)->kind == STEP_DROP &&
                 (*it)->have->kind == OBJECT_TABLE && option_of(as_table((*it)->have), PG_PARTITION_OF))
            give_rows_back(graph, *it);
    }
}
