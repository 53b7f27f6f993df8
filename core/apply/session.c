// What a statement has of the session that it runs in, from statements before it: the number of the row inserted last, @variables,
// temporary tables, prepared statements. A run that goes on has another session, where none of it is.
#define _GNU_SOURCE
#include <string.h>

#include "core/apply/apply_internal.h"

typedef struct Word {
    const char *word;
    const char *thing; // for people
} Word;

// Functions that read what an earlier statement left.
static const Word readers[] = {
    {"last_insert_id",     "the row inserted last" },
    { "last_insert_rowid", "the row inserted last" },
    { "lastval",           "the sequence used last"},
    { "currval",           "the sequence used last"},
    { "row_count",         "the rows changed last" },
    { "found_rows",        "the rows found last"   },
    { "changes",           "the rows changed last" },
    { "total_changes",     "the rows changed last" },
    { "execute",           "what was prepared"     },
    { "deallocate",        "what was prepared"     },
    { "fetch",             "the cursor"            },
    { "move",              "the cursor"            },
    { "close",             "the cursor"            },
};
enum { FUNCTIONS = 8 }; // of them; the others begin a statement

static bool begins_with(const Item *item, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (token_is(&item->tokens.items[0], words[i]))
            return true;
    return false;
}
#define BEGINS(item, ...)                                                                                    \
    begins_with((item), (const char *const[]){ __VA_ARGS__ },                                                \
                COUNT_OF(((const char *const[]){ __VA_ARGS__ })))

static bool mentions(const Item *item, const char *name)
{
    VEC_EACH (const Token, token, &item->tokens)
        if (token_named(token, name) || token_is(token, name))
            return true;
    return false;
}

static bool is_temporary_word(const Token *token)
{
    return token_is(token, "TEMP") || token_is(token, "TEMPORARY") || token_is(token, "pg_temp");
}

// The name that a statement gives to something temporary; NULL: it makes no such thing.
static const Token *temporary_made(const Item *item)
{
    const TokenList *tokens = &item->tokens;
    if (!BEGINS(item, "CREATE", "SELECT", "WITH", "ATTACH"))
        return NULL;
    bool temporary = false;
    for (size_t i = 0; i + 1 < tokens->count; i++) {
        const Token *t = &tokens->items[i];
        if (BEGINS(item, "ATTACH") && token_is(t, "AS"))
            return &tokens->items[i + 1];
        temporary |= is_temporary_word(t);
        bool kind = token_is(t, "TABLE") || token_is(t, "VIEW") || token_is(t, "SEQUENCE") ||
                    token_is(t, "TRIGGER") || (token_is(t, "INTO") && !BEGINS(item, "CREATE"));
        if (!kind)
            continue;
        for (i++; i + 1 < tokens->count; i++) {
            t = &tokens->items[i];
            temporary |= is_temporary_word(t);
            bool more = token_is(t, "IF") || token_is(t, "NOT") || token_is(t, "EXISTS") ||
                        token_is(t, "TABLE") || is_temporary_word(t) || token_is(t, ".");
            if (!more)
                return temporary ? t : NULL;
        }
    }
    return NULL;
}

// A user variable at `i`, @name and not @@name; its name.
static const Token *variable_at(const Item *item, size_t i)
{
    const Token *at = &item->tokens.items[i], *name = at + 1;
    if (i + 1 >= item->tokens.count || !token_is(at, "@") || (i && token_is(at - 1, "@")) ||
        (name->kind != TOKEN_WORD && name->kind != TOKEN_NAME && name->kind != TOKEN_STRING))
        return NULL;
    return name;
}

static bool has_variable(const Item *item, const Token *name)
{
    for (size_t i = 0; i < item->tokens.count; i++) {
        const Token *other = variable_at(item, i);
        if (other && tokens_same(other, name))
            return true;
    }
    return false;
}

// SET of plain values is done again by a run that goes on, and gives the same.
static bool is_repeated(const Item *item)
{
    return item->session && BEGINS(item, "SET") && !mentions(item, "(") && !mentions(item, ":=");
}

static bool makes(const Item *item, const char *thing)
{
    if (strstr(thing, "sequence"))
        return BEGINS(item, "INSERT", "MERGE", "COPY") || mentions(item, "nextval") ||
               mentions(item, "setval");
    if (strstr(thing, "inserted"))
        return BEGINS(item, "INSERT", "REPLACE", "LOAD") ||
               (BEGINS(item, "WITH") && mentions(item, "INSERT")) ||
               (mentions(item, "last_insert_id") && BEGINS(item, "UPDATE"));
    if (strstr(thing, "prepared"))
        return BEGINS(item, "PREPARE");
    if (strstr(thing, "cursor"))
        return BEGINS(item, "DECLARE");
    return item->data || BEGINS(item, "LOAD", "CALL");
}

static void keep_earliest(const Item *items, size_t maker, const char *thing, SessionSource *out)
{
    if (out->item && out->item <= &items[maker])
        return;
    out->item = &items[maker];
    out->thing = thing;
}

// The last statement before `index` that made the thing.
static void look_for_thing(const Item *items, size_t index, const char *thing, SessionSource *out)
{
    for (size_t i = index; i-- > 0;)
        if (makes(&items[i], thing)) {
            keep_earliest(items, i, thing, out);
            return;
        }
}

static void look_for_variable(Arena *arena, const Item *items, size_t index, const Token *name,
                              SessionSource *out)
{
    for (size_t i = index; i-- > 0;)
        if (has_variable(&items[i], name)) {
            if (!is_repeated(&items[i]))
                keep_earliest(items, i,
                              arena_printf(arena, "the variable @%.*s", (int)name->text.n, name->text.p),
                              out);
            return;
        }
}

static void look_for_temporary(const Attempt *attempt, size_t index, SessionSource *out)
{
    const Item *items = attempt->items.items;
    VEC_EACH (const size_t, maker, &attempt->temporaries) {
        const Token *made = *maker < index ? temporary_made(&items[*maker]) : NULL;
        const char *name = made ? token_name(attempt->arena, made) : NULL;
        if (name && mentions(&items[index], name))
            keep_earliest(items, *maker, arena_printf(attempt->arena, "the temporary '%s'", name), out);
    }
}

SessionSource session_source(const Attempt *attempt, size_t index)
{
    SessionSource source = { 0 };
    const Item *items = attempt->items.items, *item = &items[index];
    for (size_t i = 0; i < item->tokens.count; i++) {
        const Token *name = variable_at(item, i);
        if (name)
            look_for_variable(attempt->arena, items, index, name, &source);
        for (size_t k = 0; k < FUNCTIONS; k++)
            if (token_is(&item->tokens.items[i], readers[k].word) && i + 1 < item->tokens.count &&
                token_is(&item->tokens.items[i + 1], "("))
                look_for_thing(items, index, readers[k].thing, &source);
    }
    for (size_t k = FUNCTIONS; k < COUNT_OF(readers); k++)
        if (item->tokens.count && token_is(&item->tokens.items[0], readers[k].word))
            look_for_thing(items, index, readers[k].thing, &source);
    look_for_temporary(attempt, index, &source);
    return source;
}

static bool can_join(const Item *item)
{
    return (item->data || item->session || item->statement->assertion) && !item->control &&
           !item->statement->batch && !mentions(item, "autocommit");
}

// Only a run that can be gone on with needs this: what is one transaction is not cut to pieces for nothing.
static void read_items(Attempt *attempt)
{
    if (attempt->items_read)
        return;
    attempt->items_read = true;
    VEC_EACH (Item, item, &attempt->items) {
        item->tokens = lex_all(attempt->arena, item_text(item), attempt->run->dialect->lex);
        if (temporary_made(item))
            *VEC_PUSH(attempt->arena, &attempt->temporaries) = (size_t)(item - attempt->items.items);
    }
}

// Changes of rows that hand something on by the session commit together: a run that is killed among them begins with the first.
void session_join(Attempt *attempt)
{
    Item *items = attempt->items.items;
    read_items(attempt);
    for (size_t index = 1; index < attempt->items.count; index++) {
        SessionSource source = session_source(attempt, index);
        if (!source.item)
            continue;
        size_t from = (size_t)(source.item - items);
        bool possible = true;
        for (size_t i = from; i <= index; i++)
            possible &= can_join(&items[i]) && items[i].section == items[index].section;
        for (size_t i = from; possible && i < index; i++)
            items[i].joins_next = true;
    }
}

bool session_check(Attempt *attempt, size_t done, Error *err)
{
    read_items(attempt);
    const Item *items = attempt->items.items;
    for (size_t index = done; index < attempt->items.count; index++) {
        SessionSource source = session_source(attempt, index);
        if (!source.item || (size_t)(source.item - items) >= done)
            continue;
        unsigned from = (unsigned)(source.item - items) + 1;
        error_at(
            err, ERR_REVISION, items[index].statement->at,
            "%s of %s was interrupted after statement %zu; statement %zu needs %s of statement %u, and the "
            "session that had it is gone",
            attempt->direction, attempt->move->revision->id, done, index + 1, source.thing, from);
        error_label(err, "needs a session that is gone");
        return error_hint(
            err,
            "Write into the script what it was, in place of what needs the session, and run `cmigrate "
            "%s` again. Or undo statements %u-%zu by hand, and run:\n"
            "    cmigrate %s --resume-at %u",
            attempt->direction, from, done, attempt->direction, from);
    }
    return true;
}
