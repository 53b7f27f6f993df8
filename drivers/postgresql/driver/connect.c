#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "drivers/postgresql/dialect/dialect.h"
#include "drivers/postgresql/driver/driver.h"

typedef struct Parameters {
    Arena *arena;
    NameList keywords, values;
} Parameters;

static void add(Parameters *parameters, const char *keyword, const char *value)
{
    if (!value)
        return;
    for (size_t i = 0; i < parameters->keywords.count; i++)
        if (strcmp(parameters->keywords.items[i], keyword) == 0) {
            parameters->values.items[i] = value;
            return;
        }
    *VEC_PUSH(parameters->arena, &parameters->keywords) = keyword;
    *VEC_PUSH(parameters->arena, &parameters->values) = value;
}

static bool knows_keyword(PQconninfoOption *known, const char *keyword)
{
    for (PQconninfoOption *it = known; it && it->keyword; it++)
        if (strcmp(it->keyword, keyword) == 0)
            return true;
    return false;
}

static bool unknown_parameter(PQconninfoOption *known, const char *keyword, Error *err)
{
    const char *words[128];
    size_t count = 0;
    for (PQconninfoOption *it = known; it && it->keyword && count < COUNT_OF(words); it++)
        words[count++] = it->keyword;
    const char *near = nearest_word(keyword, words, count);
    error_set(err, ERR_CONFIG, "unknown parameter '%s' in the database URL", keyword);
    if (near)
        error_hint(err, "Did you mean '%s'?", near);
    else
        error_hint(err,
                   "Known are libpq's connection parameters: sslmode, connect_timeout, options, service …");
    return false;
}

static bool read_url(Parameters *parameters, const Url *url, Error *err)
{
    add(parameters, "host", url->host && *url->host ? url->host : NULL);
    add(parameters, "port", url->port && *url->port ? url->port : NULL);
    add(parameters, "user", url->user && *url->user ? url->user : NULL);
    add(parameters, "password", url->password);
    add(parameters, "dbname", url->database && *url->database ? url->database : NULL);
    PQconninfoOption *known = PQconndefaults();
    bool ok = true;
    VEC_EACH (const UrlParam, param, &url->params) {
        // libpq's own URLs write ssl=true for sslmode=require
        const char *key = param->key, *value = param->value;
        if (strcmp(key, "ssl") == 0 && strcmp(value, "true") == 0) {
            key = "sslmode";
            value = "require";
        }
        ok = ok && (knows_keyword(known, key) || unknown_parameter(known, key, err));
        add(parameters, key, value);
    }
    PQconninfoFree(known);
    return ok;
}

static void add_defaults(Parameters *parameters)
{
    add(parameters, "fallback_application_name", "cmigrate");
    add(parameters, "client_encoding", "UTF8");
    bool timeout = getenv("PGCONNECT_TIMEOUT") != NULL || getenv("PGSERVICE") != NULL;
    VEC_EACH (const char *, keyword, &parameters->keywords)
        timeout |= strcmp(*keyword, "connect_timeout") == 0 || strcmp(*keyword, "service") == 0;
    if (!timeout)
        add(parameters, "connect_timeout", "30");
    *VEC_PUSH(parameters->arena, &parameters->keywords) = NULL;
    *VEC_PUSH(parameters->arena, &parameters->values) = NULL;
}

// libpq's text without its lead-in ("connection to server at … failed: FATAL:  "), which the title says already.
static void say_why(char *out, size_t size, const char *message)
{
    const char *fatal = strstr(message, "FATAL:");
    if (fatal)
        message = fatal + strlen("FATAL:");
    while (*message == ' ')
        message++;
    size_t n = 0;
    for (; *message && n + 1 < size; message++)
        if (*message == '\n' || *message == '\t') {
            if (n && out[n - 1] != ' ')
                out[n++] = ' ';
        } else {
            out[n++] = *message;
        }
    while (n && out[n - 1] == ' ')
        n--;
    out[n] = '\0';
}

static const char *what_to_do(const char *why)
{
    static const struct {
        const char *text, *hint;
    } hints[] = {
        {"password authentication failed",
         "Check user and password, or keep them in ~/.pgpass (chmod 600)."                                         },
        { "no password supplied",          "Put a password into the URL, PGPASSWORD or ~/.pgpass (chmod 600)."     },
        { "Connection refused",            "Is the server running, and does it listen on that host and port?"      },
        { "No such file or directory",
         "Is the server running, and is that the folder of its socket (unix_socket_directories)?"                  },
        { "could not translate host name", "Check the host's name in the URL."                                     },
        { "timeout expired",
         "The host does not answer: check its address, its firewall, or raise connect_timeout."                    },
        { "no pg_hba.conf entry",
         "The server's pg_hba.conf does not let this user in from here; sslmode=require may be needed."            },
        { "role \"",
         "Check the user's name in the URL; without one, libpq takes that of the operating system."                },
        { "too many",                      "The server has no free connection: end some, or raise max_connections."},
        { "SSL",                           "Check sslmode and the certificates named in the URL."                  },
        { "starting up",                   "Wait until the server is ready."                                       },
    };
    for (size_t i = 0; i < COUNT_OF(hints); i++)
        if (strstr(why, hints[i].text))
            return hints[i].hint;
    return NULL;
}

static bool refuse(PGconn *conn, const char *title, Error *err)
{
    char why[1024];
    say_why(why, sizeof(why), conn ? PQerrorMessage(conn) : "out of memory");
    error_set(err, ERR_CONNECT, "cannot connect to %s: %s", title, why);
    const char *database = conn ? PQdb(conn) : NULL;
    if (strstr(why, "database \"") && strstr(why, "does not exist") && database)
        error_hint(err, "Create it: createdb %s", database);
    else if (what_to_do(why))
        error_hint(err, "%s", what_to_do(why));
    PQfinish(conn);
    return false;
}

static void tell_notice(void *arg, const PGresult *result)
{
    const Db *db = arg;
    const char *severity = PQresultErrorField(result, PG_DIAG_SEVERITY_NONLOCALIZED);
    const char *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    if (db->options.notice && message)
        db->options.notice(db->options.payload, severity ? severity : "NOTICE", message);
}

// The same as PG_KEEPALIVES, within a query.
#define KEEPALIVES                                                                                           \
    " pg_catalog.set_config('tcp_keepalives_idle', '30', false),"                                            \
    " pg_catalog.set_config('tcp_keepalives_interval', '10', false),"                                        \
    " pg_catalog.set_config('tcp_keepalives_count', '3', false)"

// Session settings, in the same query that asks where we are. Behind a pooler they would stay with its server
// connection and reach somebody else: there begin() sets them for each transaction.
static bool set_up(PgDb *pg, Error *err)
{
    char sql[2000];
    int backend = PQbackendPID(pg->conn);
    snprintf(
        sql, sizeof(sql),
        "SELECT pg_catalog.current_schema(), pg_catalog.current_setting('server_version'),"
        " pg_catalog.current_setting('server_version_num'), pg_catalog.int4ne(pg_catalog.pg_backend_pid(), "
        "%d),"
        " pg_catalog.pg_postmaster_start_time()::pg_catalog.text,"
        " pg_catalog.current_schemas(false)::pg_catalog.text, pg_catalog.current_setting('search_path'),"
        " CASE WHEN pg_catalog.int4eq(pg_catalog.pg_backend_pid(), %d) THEN pg_catalog.concat("
        " pg_catalog.set_config('statement_timeout', '%u', false),"
        " pg_catalog.set_config('lock_timeout', '%u', false),"
        " pg_catalog.set_config('default_transaction_read_only', '%s', false)," KEEPALIVES ","
        " pg_catalog.set_config('search_path', '" PG_OWN_PATH "', false)) END",
        backend, backend, pg->db.options.statement_timeout_ms, pg->db.options.lock_timeout_ms,
        pg->db.options.read_only ? "on" : "off");
    PGresult *result = pg_run(pg, pg->conn, sql);
    if (PQresultStatus(result) != PGRES_TUPLES_OK || PQntuples(result) != 1 || PQnfields(result) != 8) {
        pg_result_error(pg, result, err);
        PQclear(result);
        return false;
    }
    ServerInfo *server = &pg->db.server;
    server->flavor = "postgresql";
    server->default_schema =
        PQgetisnull(result, 0, 0) ? "public" : arena_strdup(pg->db.arena, PQgetvalue(result, 0, 0));
    server->version_text = arena_strdup(pg->db.arena, PQgetvalue(result, 0, 1));
    server->version = (unsigned)strtoul(PQgetvalue(result, 0, 2), NULL, 10);
    pg->pooled = PQgetvalue(result, 0, 3)[0] == 't';
    pg->started = arena_strdup(pg->db.arena, PQgetvalue(result, 0, 4));
    server->search_path = pg_array(pg->db.arena, PQgetvalue(result, 0, 5));
    pg->script_path = arena_strdup(pg->db.arena, PQgetvalue(result, 0, 6));
    pg->session_path = pg->pooled ? PATH_SCRIPT : PATH_OWN;
    PQclear(result);
    if (server->version >= 130000)
        return true;
    error_set(err, ERR_UNSUPPORTED, "PostgreSQL %s is too old", server->version_text);
    return error_hint(err, "cmigrate needs PostgreSQL 13 or later.");
}

bool pg_adopt(PgDb *pg, PGconn *conn, Error *err)
{
    pg->conn = conn;
    pg->db.server.protection = pg_protection(pg->db.arena, conn);
    PQsetNoticeReceiver(conn, tell_notice, &pg->db);
    pg->cancel = PQgetCancel(conn);
    pg_watch(pg);
    return set_up(pg, err);
}

bool pg_connect(Arena *arena, const Url *url, const ConnectOptions *options, Db **out, Error *err)
{
    PgDb *pg = ARENA_NEW(arena, PgDb);
    pg->db.arena = arena;
    pg->db.options = *options;
    pg->db.title = url_redacted(arena, url);
    extern const Driver postgresql_driver;
    pg->db.driver = &postgresql_driver;
    pg->db.dialect = &postgresql_dialect;
    Parameters parameters = { .arena = arena };
    if (!read_url(&parameters, url, err))
        return false;
    add_defaults(&parameters);
    pg->keywords = parameters.keywords.items;
    pg->values = parameters.values.items;
    PGconn *conn = PQconnectdbParams(pg->keywords, pg->values, 0);
    if (PQstatus(conn) != CONNECTION_OK)
        return refuse(conn, pg->db.title, err);
    if (!pg_adopt(pg, conn, err)) {
        watchdog_stop(pg->watchdog);
        PQfreeCancel(pg->cancel);
        PQfinish(conn);
        return false;
    }
    *out = &pg->db;
    return true;
}

void pg_name_database(PgDb *pg, const char *database)
{
    NameList keywords = { 0 }, values = { 0 };
    for (size_t i = 0; pg->keywords[i]; i++) {
        if (strcmp(pg->keywords[i], "dbname") == 0)
            continue;
        *VEC_PUSH(pg->db.arena, &keywords) = pg->keywords[i];
        *VEC_PUSH(pg->db.arena, &values) = pg->values[i];
    }
    *VEC_PUSH(pg->db.arena, &keywords) = "dbname";
    *VEC_PUSH(pg->db.arena, &values) = database;
    *VEC_PUSH(pg->db.arena, &keywords) = NULL;
    *VEC_PUSH(pg->db.arena, &values) = NULL;
    pg->keywords = keywords.items;
    pg->values = values.items;
}

PGconn *pg_connect_more(PgDb *pg, const char *database, Error *err)
{
    PgDb other = *pg;
    if (database)
        pg_name_database(&other, database);
    PGconn *conn = PQconnectdbParams(other.keywords, other.values, 0);
    if (PQstatus(conn) == CONNECTION_OK)
        return conn;
    refuse(conn, pg->db.title, err);
    return NULL;
}
