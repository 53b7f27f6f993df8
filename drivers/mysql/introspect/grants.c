// What users may do with a routine: dropping it takes that away, so what is recreated gets it back.
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "drivers/mysql/introspect/introspect.h"

enum { TYPE, NAME, USER, HOST, WHAT, GRANT_COLUMNS };

static const char query[] =
    "SELECT routine_type, routine_name, user, host, proc_priv FROM mysql.procs_priv WHERE db = DATABASE()"
    " ORDER BY routine_type, routine_name, user, host";

static Object *find_routine(Look *look, const char *type, const char *name)
{
    static const struct {
        const char *word;
        ObjectKind kind;
    } kinds[] = {
        {"PROCEDURE",     OBJECT_PROCEDURE   },
        { "FUNCTION",     OBJECT_FUNCTION    },
        { "PACKAGE",      OBJECT_PACKAGE     },
        { "PACKAGE BODY", OBJECT_PACKAGE_BODY}
    };
    for (size_t i = 0; i < COUNT_OF(kinds); i++)
        VEC_EACH (Object *, it, &look->out->objects)
            if (strcasecmp(kinds[i].word, type) == 0 && (*it)->kind == kinds[i].kind &&
                strcasecmp((*it)->name, name) == 0) // the server keeps it in lower case
                return *it;
    return NULL;
}

// A role of MariaDB has no host.
static const char *account(Look *look, const char *user, const char *host)
{
    StrBuf out;
    strbuf_init(&out, look->arena);
    my_put_identifier(&out, user);
    if (*host || !look->server.mariadb) {
        strbuf_putc(&out, '@');
        my_put_identifier(&out, host);
    }
    return out.text;
}

// "Execute,Alter Routine,Grant" as the head of a GRANT; *with_option where others may be given it too.
static const char *grant_words(Arena *arena, const char *set, bool *with_option)
{
    StrBuf out;
    strbuf_init(&out, arena);
    while (*set) {
        size_t n = strcspn(set, ",");
        const char *word = arena_strndup(arena, set, n);
        if (strcasecmp(word, "Grant") == 0)
            *with_option = true;
        else
            strbuf_printf(&out, "%s%s", out.length ? ", " : "GRANT ", word);
        set += n + (set[n] == ',');
    }
    for (char *c = out.text; out.length && *c; c++)
        *c = (char)toupper((unsigned char)*c);
    return out.length ? out.text : "GRANT USAGE";
}

static void keep_grant(Look *look, Object *object, const char *what, const char *whom)
{
    Privileges *privileges = ARENA_NEW(look->arena, Privileges);
    if (object->privileges)
        *privileges = *object->privileges;
    *VEC_PUSH(look->arena, &privileges->grants) = (Grant){ .what = what, .whom = whom };
    object->privileges = privileges;
}

// Who creates a routine may execute and alter it, and gets that right by creating it.
static bool take_grant(void *payload, const Row *row, Error *err)
{
    (void)err;
    Look *look = payload;
    for (unsigned i = 0; i < GRANT_COLUMNS; i++)
        if (i >= row->count || !row_value(row, i))
            return true;
    Object *object = find_routine(look, row_value(row, TYPE), row_value(row, NAME));
    const char *whom = account(look, row_value(row, USER), row_value(row, HOST));
    bool with_option = false;
    const char *what = grant_words(look->arena, row_value(row, WHAT), &with_option);
    if (object && (with_option || strcmp(whom, look->user) != 0))
        keep_grant(look, object, what,
                   arena_printf(look->arena, "TO %s%s", whom, with_option ? " WITH GRANT OPTION" : ""));
    return true;
}

static bool is_routine(const Object *object)
{
    return object->kind >= OBJECT_FUNCTION && object->kind <= OBJECT_PACKAGE_BODY;
}

static bool is_denied(MYSQL *connection)
{
    enum { DATABASE_DENIED = 1044, TABLE_DENIED = 1142, COLUMN_DENIED = 1143 };
    unsigned code = mysql_errno(connection);
    return code == DATABASE_DENIED || code == TABLE_DENIED || code == COLUMN_DENIED;
}

bool look_read_grants(Look *look, Error *err)
{
    bool any = false;
    VEC_EACH (Object *, it, &look->out->objects)
        any = any || is_routine(*it);
    if (!any || look->stands_for)
        return true;
    Error denied = { 0 };
    if (my_query_on(look->connection, query, take_grant, look, &denied))
        return true;
    if (!is_denied(look->connection)) {
        *err = denied;
        return false;
    }
    VEC_EACH (Object *, it, &look->out->objects)
        if (is_routine(*it))
            keep_grant(look, *it, NULL, NULL);
    return true;
}
