// Kinds of objects that this user is not shown. Neither server gives an error: without TRIGGER there seem to be no triggers,
// without EVENT no events, and a routine is listed only for those who may do something with it. SHOW GRANTS has what roles
// that are active give, too.
#include <string.h>
#include <strings.h>

#include "drivers/mysql/introspect/introspect.h"

enum {
    SEES_TRIGGERS = 1 << 0,
    SEES_EVENTS = 1 << 1,
    SEES_ROUTINES = 1 << 2,
    SEES_ALL = SEES_TRIGGERS | SEES_EVENTS | SEES_ROUTINES,
};

typedef struct Rights {
    Look *look;
    unsigned sees;
} Rights;

// The name of a database in a GRANT is a pattern of LIKE. Only the last % is gone back to, so the time is that of both lengths
// multiplied at most, whatever a server sends.
static bool is_like(const char *pattern, const char *name)
{
    const char *after = NULL, *from = NULL; // behind the last %, and where it is tried next
    while (*name) {
        const bool escaped = *pattern == '\\' && pattern[1];
        const char *letter = pattern + escaped;
        if (!escaped && *pattern == '%') {
            after = ++pattern;
            from = name;
        } else if (*letter && (*letter == *name || (!escaped && *letter == '_'))) {
            pattern = letter + 1;
            name++;
        } else if (after) {
            pattern = after;
            name = ++from;
        } else {
            return false;
        }
    }
    return pattern[strspn(pattern, "%")] == '\0';
}

typedef struct Reach {
    bool server, database, routines; // of all databases; of this one; of MariaDB's table of routines
} Reach;

// `at`: behind ON.
static Reach reach_of(const Rights *rights, const Token *at)
{
    Arena *arena = rights->look->arena;
    Reach out = { 0 };
    if (at[0].kind == TOKEN_END || at[1].kind == TOKEN_END || at[2].kind == TOKEN_END)
        return out;
    bool whole = token_is(&at[2], "*");
    out.server = whole && token_is(&at[0], "*");
    bool named = token_is(&at[1], ".") && (at[0].kind == TOKEN_NAME || at[0].kind == TOKEN_WORD);
    const char *database = named ? token_name(arena, &at[0]) : NULL;
    out.database = out.server || (whole && named && is_like(database, rights->look->database));
    out.routines = out.server || (named && strcasecmp(database, "mysql") == 0 &&
                                  (whole || strcasecmp(token_name(arena, &at[2]), "proc") == 0));
    return out;
}

// What the words before ON let the user see.
static unsigned seen_by(const Rights *rights, const Token *words, const Token *on, Reach reach)
{
    static const struct {
        const char *word;
        unsigned sees;
    } gives[] = {
        {"ALL",           SEES_ALL     },
        { "TRIGGER",      SEES_TRIGGERS},
        { "EVENT",        SEES_EVENTS  },
        { "EXECUTE",      SEES_ROUTINES},
        { "ROUTINE",      SEES_ROUTINES}, // CREATE ROUTINE, ALTER ROUTINE
        { "SHOW_ROUTINE", SEES_ROUTINES},
    };
    unsigned out = 0;
    for (; words < on; words++) {
        for (size_t i = 0; reach.database && i < COUNT_OF(gives); i++)
            if (token_is(words, gives[i].word))
                out |= gives[i].sees;
        bool listed = rights->look->server.mariadb ? reach.routines : reach.server;
        if (listed && token_is(words, "SELECT"))
            out |= SEES_ROUTINES;
    }
    return out;
}

static bool take_rights(void *payload, const Row *row, Error *err)
{
    (void)err;
    Rights *rights = payload;
    const char *text = row_value(row, 0);
    if (!text)
        return true;
    TokenList tokens = lex_all(rights->look->arena, (Text){ text, strlen(text) }, LEX_MYSQL);
    const Token *first = tokens.items, *on = first;
    while (on->kind != TOKEN_END && !token_is(on, "ON"))
        on++;
    if (on->kind == TOKEN_END)
        return true; // a role
    unsigned sees = seen_by(rights, first + 1, on, reach_of(rights, on + 1));
    if (token_is(first, "REVOKE")) // MySQL's partial_revokes
        rights->sees &= ~sees;
    else
        rights->sees |= sees;
    return true;
}

static void hide(Look *look, uint64_t kinds, const char *right, const char *what)
{
    look->out->hidden |= kinds;
    VEC_PUSH(look->arena, &look->out->warnings)->text = arena_printf(
        look->arena, "this user sees no %s of others here, for it lacks the right %s: such are left out",
        what, right);
}

void look_find_hidden(Look *look)
{
    Rights rights = { .look = look };
    Error ignored = { 0 };
    if (look->stands_for || !my_query_on(look->connection, "SHOW GRANTS", take_rights, &rights, &ignored))
        return; // where no rights are kept, all see all
    const bool mariadb = look->server.mariadb;
    if (!(rights.sees & SEES_TRIGGERS))
        hide(look, KIND_BIT(OBJECT_TRIGGER), "TRIGGER", "triggers");
    if (!(rights.sees & SEES_EVENTS))
        hide(look, KIND_BIT(OBJECT_EVENT), "EVENT", "events");
    if (!(rights.sees & SEES_ROUTINES))
        hide(look,
             KIND_BIT(OBJECT_FUNCTION) | KIND_BIT(OBJECT_PROCEDURE) | KIND_BIT(OBJECT_PACKAGE) |
                 KIND_BIT(OBJECT_PACKAGE_BODY),
             mariadb ? "SELECT on mysql.proc" : "SHOW_ROUTINE", "routines");
}
