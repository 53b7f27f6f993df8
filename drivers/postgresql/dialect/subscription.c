// What a CREATE SUBSCRIPTION says, so that two of them compare by their meaning and one is altered into the other.
#include <string.h>
#include <strings.h>

#include "drivers/postgresql/dialect/dialect.h"

// In the order of PgSubscriptionOption. Without a value: what it is when it was not said differs by version.
static const struct {
    const char *key, *otherwise;
} known[PG_SUBSCRIPTION_OPTIONS] = {
    [PG_SUB_SLOT_NAME] = {"slot_name",           NULL   },
    [PG_SUB_BINARY] = { "binary",             "false"},
    [PG_SUB_STREAMING] = { "streaming",          NULL   },
    [PG_SUB_SYNCHRONOUS_COMMIT] = { "synchronous_commit", "off"  },
    [PG_SUB_DISABLE_ON_ERROR] = { "disable_on_error",   "false"},
    [PG_SUB_PASSWORD_REQUIRED] = { "password_required",  "true" },
    [PG_SUB_RUN_AS_OWNER] = { "run_as_owner",       "false"},
    [PG_SUB_ORIGIN] = { "origin",             "any"  },
    [PG_SUB_TWO_PHASE] = { "two_phase",          "false"},
    [PG_SUB_FAILOVER] = { "failover",           "false"},
};

const char *pg_subscription_key(PgSubscriptionOption option) { return known[option].key; }

static const char *option_value(Arena *arena, PgSubscriptionOption option, const Token *token)
{
    if (!token)
        return "true";
    const char *value = token_name(arena, token);
    if (option == PG_SUB_SLOT_NAME || option == PG_SUB_SYNCHRONOUS_COMMIT || option == PG_SUB_ORIGIN)
        return value;
    if (strcasecmp(value, "on") == 0 || strcmp(value, "1") == 0 || strcasecmp(value, "true") == 0)
        return "true";
    if (strcasecmp(value, "off") == 0 || strcmp(value, "0") == 0 || strcasecmp(value, "false") == 0)
        return "false";
    return value;
}

// Options that only say how it is made: they leave no trace.
static bool is_of_making(const Token *key)
{
    static const char *const words[] = { "connect", "create_slot", "copy_data", "enabled" };
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (token_is(key, words[i]))
            return true;
    return false;
}

static bool read_options(Arena *arena, const Token *t, PgSubscription *out)
{
    while (t->kind != TOKEN_END && !token_is(t, ")")) {
        const Token *key = t++, *value = NULL;
        if (token_is(t, "=")) {
            value = t + 1;
            t += 2;
        }
        size_t i = 0;
        while (i < PG_SUBSCRIPTION_OPTIONS && !token_named(key, known[i].key))
            i++;
        if (i < PG_SUBSCRIPTION_OPTIONS)
            out->options[i] = option_value(arena, (PgSubscriptionOption)i, value);
        else if (!is_of_making(key))
            return false;
        if (token_is(t, ","))
            t++;
    }
    return true;
}

bool pg_subscription_read(Arena *arena, const char *definition, PgSubscription *out)
{
    TokenList tokens = lex_all(arena, (Text){ definition, strlen(definition) }, LEX_POSTGRESQL);
    const Token *t = tokens.items;
    if (tokens.count < 8 || !token_is(&t[0], "create") || !token_is(&t[1], "subscription") ||
        !token_is(&t[3], "connection") || t[4].kind != TOKEN_STRING || !token_is(&t[5], "publication"))
        return false;
    *out = (PgSubscription){ .name = token_name(arena, &t[2]), .connection = token_name(arena, &t[4]) };
    for (size_t i = 0; i < PG_SUBSCRIPTION_OPTIONS; i++)
        out->options[i] = known[i].otherwise;
    out->options[PG_SUB_SLOT_NAME] = out->name;
    size_t i = 6;
    for (; t[i].kind == TOKEN_WORD || t[i].kind == TOKEN_NAME; i += 2) {
        *VEC_PUSH(arena, &out->publications) = token_name(arena, &t[i]);
        if (!token_is(&t[i + 1], ",")) {
            i++;
            break;
        }
    }
    if (t[i].kind == TOKEN_END || token_is(&t[i], ";"))
        return true;
    return token_is(&t[i], "with") && token_is(&t[i + 1], "(") && read_options(arena, &t[i + 2], out);
}

static bool same_set(const NameList *a, const NameList *b)
{
    VEC_EACH (const char *, name, a)
        if (!names_have(b, *name))
            return false;
    return a->count == b->count;
}

bool pg_subscription_same_publications(const PgSubscription *a, const PgSubscription *b)
{
    return same_set(&a->publications, &b->publications);
}

bool pg_subscription_same_option(const PgSubscription *a, const PgSubscription *b,
                                 PgSubscriptionOption option)
{
    const char *x = a->options[option], *y = b->options[option];
    return !x || !y || strcmp(x, y) == 0;
}

bool pg_subscription_same_connection(Arena *arena, const PgSubscription *a, const PgSubscription *b)
{
    return strcmp(pg_connection_without_secrets(arena, a->connection),
                  pg_connection_without_secrets(arena, b->connection)) == 0;
}

bool pg_subscription_same(Arena *arena, const char *a, const char *b)
{
    PgSubscription x, y;
    if (!pg_subscription_read(arena, a, &x) || !pg_subscription_read(arena, b, &y))
        return false;
    for (size_t i = 0; i < PG_SUBSCRIPTION_OPTIONS; i++)
        if (!pg_subscription_same_option(&x, &y, (PgSubscriptionOption)i))
            return false;
    return strcmp(x.name, y.name) == 0 && pg_subscription_same_connection(arena, &x, &y) &&
           pg_subscription_same_publications(&x, &y);
}

bool pg_subscription_is_alterable(const Object *have, const Object *want)
{
    Arena *scratch = arena_new();
    PgSubscription old, new;
    bool alterable = have->definition && want->definition &&
                     pg_subscription_read(scratch, have->definition, &old) &&
                     pg_subscription_read(scratch, want->definition, &new);
    arena_free(scratch);
    return alterable;
}
