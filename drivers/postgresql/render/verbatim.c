// What is kept as its CREATE statement: routines, triggers, policies, rules and the rest.
#include <string.h>
#include <strings.h>

#include "drivers/postgresql/render/render.h"

static const Dialect *const D = &postgresql_dialect;

static bool is_routine(ObjectKind kind) { return kind == OBJECT_FUNCTION || kind == OBJECT_PROCEDURE; }

// Bodies may speak of what comes later in the script: said once for each transaction.
static void render_bodies_unchecked(const Render *r)
{
    static const char say[] = "SET LOCAL check_function_bodies = off";
    for (size_t i = r->out->count; i > 0; i--) {
        const Statement *statement = &r->out->items[i - 1];
        if (strcmp(statement->sql, say) == 0)
            return;
        if (statement->starts_section || statement->no_transaction)
            break;
    }
    StrBuf text = pg_begin(r);
    strbuf_puts(&text, say);
    pg_emit(r, &text);
}

// CREATE FUNCTION as CREATE OR REPLACE FUNCTION.
static const char *or_replace(Arena *arena, const char *definition)
{
    TokenList tokens = lex_all(arena, (Text){ definition, strlen(definition) }, D->lex);
    if (tokens.count < 3 || !token_is(&tokens.items[0], "create") || token_is(&tokens.items[1], "or"))
        return definition;
    return arena_printf(arena, "CREATE OR REPLACE %s", tokens.items[1].text.p);
}

// ALTER … ENABLE / DISABLE of a trigger or a rule.
static void render_enabled(const Render *r, const Object *object)
{
    const char *state = option_get(&object->options, PG_ENABLED);
    const char *verb = !state || strcmp(state, "true") == 0                            ? "ENABLE"
                       : strcmp(state, "disabled") == 0 || strcmp(state, "false") == 0 ? "DISABLE"
                       : strcmp(state, "replica") == 0                                 ? "ENABLE REPLICA"
                                                                                       : "ENABLE ALWAYS";
    StrBuf text = pg_begin(r);
    if (object->kind == OBJECT_EVENT_TRIGGER) {
        sql(&text, D, KW("ALTER EVENT TRIGGER"), ID(object->name));
        strbuf_printf(&text, " %s", verb);
    } else {
        sql(&text, D, KW("ALTER TABLE"), pg_table_of(object));
        strbuf_printf(&text, " %s %s", verb, object->kind == OBJECT_RULE ? "RULE" : "TRIGGER");
        sql(&text, D, ID(object->name));
    }
    pg_cost(r, pg_emit(r, &text), "SHARE ROW EXCLUSIVE", NULL);
}

static void render_statistics(const Render *r, const Object *object)
{
    const char *target = option_get(&object->options, PG_STATISTICS);
    StrBuf text = pg_begin(r);
    sql(&text, D, KW("ALTER STATISTICS"), QID(object->schema, object->name), KW("SET STATISTICS"),
        WORD(target ? target : "-1"));
    pg_emit(r, &text);
}

static void render_marks(const Render *r, const Object *have, const Object *want)
{
    const char *old = have ? option_get(&have->options, PG_ENABLED) : NULL;
    if (!same_text(old, option_get(&want->options, PG_ENABLED)))
        render_enabled(r, want);
    old = have ? option_get(&have->options, PG_STATISTICS) : NULL;
    if (want->kind == OBJECT_STATISTICS && !same_text(old, option_get(&want->options, PG_STATISTICS)))
        render_statistics(r, want);
}

static void render_definition(const Render *r, const Object *object, const char *definition)
{
    if (is_routine(object->kind))
        render_bodies_unchecked(r);
    StrBuf text = pg_begin(r);
    strbuf_puts(&text, definition);
    size_t n = text.length;
    while (n > 0 && strchr(" \n\t;", text.text[n - 1]))
        n--;
    text.text[n] = '\0';
    text.length = n;
    Statement *statement = pg_emit(r, &text);
    if (object->kind == OBJECT_TRIGGER)
        pg_cost(r, statement, "SHARE ROW EXCLUSIVE", NULL);
    else if (object->kind == OBJECT_POLICY || object->kind == OBJECT_RULE)
        pg_cost(r, statement, "ACCESS EXCLUSIVE", NULL);
    else if (object->kind == OBJECT_STATISTICS)
        pg_cost(r, statement,
                arena_printf(r->arena, "SHARE UPDATE EXCLUSIVE on %s",
                             name_join(r->arena, object->schema, object->table)),
                NULL);
}

// GRANT a ON b TO c … as REVOKE a ON b FROM c; the same inside ALTER DEFAULT PRIVILEGES; REVOKE turns into GRANT.
static void render_revoke(const Render *r, const Object *object)
{
    const char *definition = object->definition ? object->definition : "";
    TokenList tokens = lex_all(r->arena, (Text){ definition, strlen(definition) }, D->lex);
    StrBuf text = pg_begin(r);
    const char *done = definition;
    bool granting = true, turned = false, past_target = false;
    for (size_t i = 0; i < tokens.count; i++) {
        const Token *token = &tokens.items[i];
        const char *word = NULL;
        if (!turned && (token_is(token, "grant") || token_is(token, "revoke"))) {
            granting = token_is(token, "grant");
            turned = true;
            word = granting ? "REVOKE" : "GRANT";
        } else if (turned && !past_target && token_is(token, granting ? "to" : "from")) {
            past_target = true;
            word = granting ? "FROM" : "TO";
        } else if (past_target && granting && (token_is(token, "with") || token_is(token, "granted"))) {
            strbuf_put(&text, done, (size_t)(token->text.p - done));
            done = definition + strlen(definition);
            break;
        }
        if (!word)
            continue;
        strbuf_put(&text, done, (size_t)(token->text.p - done));
        strbuf_puts(&text, word);
        done = token->text.p + token->text.n;
    }
    strbuf_puts(&text, done);
    while (text.length && strchr(" \n;", text.text[text.length - 1]))
        text.text[--text.length] = '\0';
    pg_emit(r, &text);
}

void pg_render_verbatim_create(const Render *r)
{
    render_definition(r, r->step->want, r->step->want->definition);
    pg_comment_if(r, r->step->want);
}

bool pg_render_verbatim_step(const Render *r)
{
    const Object *have = r->step->have, *want = r->step->want;
    if (r->step->kind == STEP_DROP) {
        if (!option_is(&have->options, PG_HELD_BEFORE))
            render_revoke(r, have);
        return true;
    }
    if (!want->definition)
        return error_at(r->err, ERR_UNSUPPORTED, want->at, "%s '%s' has no definition to make it from",
                        object_kinds[want->kind].word, want->name ? want->name : "");
    if (r->step->kind == STEP_CREATE) {
        render_definition(r, want, want->definition);
        render_marks(r, NULL, want);
        pg_comment_if(r, want);
        return true;
    }
    bool foreign = want->kind == OBJECT_SERVER || want->kind == OBJECT_USER_MAPPING ||
                   want->kind == OBJECT_FOREIGN_DATA_WRAPPER;
    if (foreign && r->step->facets & FACET_DEFINITION)
        pg_render_alter_foreign(r);
    else if (want->kind == OBJECT_SUBSCRIPTION && r->step->facets & FACET_DEFINITION)
        pg_render_alter_subscription(r);
    else if (r->step->facets & FACET_DEFINITION)
        render_definition(r, want,
                          is_routine(want->kind) ? or_replace(r->arena, want->definition) : want->definition);
    render_marks(r, have, want);
    if (r->step->facets & FACET_COMMENT)
        pg_render_comment(r, want);
    return true;
}
