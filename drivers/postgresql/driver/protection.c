#include <string.h>

#include "drivers/postgresql/driver/driver.h"

// What libpq verified, by the sslmode that it took: from the URL, a service file or the environment.
static const char *verified_by(PGconn *conn)
{
    const char *verified = "server certificate not verified";
    PQconninfoOption *all = PQconninfo(conn);
    for (PQconninfoOption *it = all; it && it->keyword; it++) {
        if (strcmp(it->keyword, "sslmode") != 0 || !it->val)
            continue;
        if (strcmp(it->val, "verify-ca") == 0)
            verified = "server certificate verified";
        else if (strcmp(it->val, "verify-full") == 0)
            verified = "server certificate and host name verified";
    }
    PQconninfoFree(all);
    return verified;
}

static const char *attribute(PGconn *conn, const char *name)
{
    const char *value = PQsslAttribute(conn, name);
    return value ? value : "?";
}

const char *pg_protection(Arena *arena, PGconn *conn)
{
    const char *host = PQhost(conn);
    if (PQsslInUse(conn))
        return arena_printf(arena, "%s, %s, %s", attribute(conn, "protocol"), attribute(conn, "cipher"),
                            verified_by(conn));
    if (PQgssEncInUse(conn))
        return "GSSAPI encryption";
    return host && (*host == '/' || *host == '@') ? "Unix socket, not encrypted" : "not encrypted";
}
