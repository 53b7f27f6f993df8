// url.h -- database URLs as SQLAlchemy and Alembic write them.
//
//     sqlite:///relative.db   sqlite:////absolute.db   sqlite://   postgresql+psycopg2://user:pw@host:5432/db?sslmode=require
//
// A +driver suffix is accepted and dropped. Every part is percent-decoded.
#ifndef CORE_BASE_URL_H
#define CORE_BASE_URL_H

#include "core/base/error.h"
#include "core/base/vec.h"

typedef struct UrlParam {
    const char *key, *value;
} UrlParam;

typedef struct Url {
    const char
        *scheme; // "sqlite", "postgresql", "postgres", "mysql", "mariadb": as written, lower case, no +driver
    const char *user, *password, *host, *port; // NULL where absent
    const char *database;                      // for sqlite the path, "" for memory; NULL where absent
    VEC(UrlParam) params;                      // in their order
} Url;

bool url_parse(Arena *arena, const char *text, Url *out,
               Error *err) MUST_USE;                    // ERR_CONFIG; never repeats a password
const char *url_param(const Url *url, const char *key); // NULL where absent
bool url_key_is_secret(const char *key, size_t n);      // password, token and their like
const char *url_redacted(Arena *arena,
                         const Url *url); // for people: the password, and secret parameters, as ***

// Overwrites with asterisks what looks like a URL's password or secret parameter, right or wrong as the URL may be: for
// messages that repeat what somebody typed, and for the list of processes. `is_url`: the whole text is one URL, which no
// space or quote ends.
void url_blank_secrets(char *text, bool is_url);

#endif
