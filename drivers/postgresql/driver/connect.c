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

// SQLAlchemy's form of several hosts, ?host=a:5432&host=b: into libpq's two lists. A socket's folder has no port after it.
static void add_hosts(Parameters *parameters, const Url *url)
{
    StrBuf hosts, ports;
    size_t count = 0;
    bool has_port = false;
    strbuf_init(&hosts, parameters->arena);
    strbuf_init(&ports, parameters->arena);
    VEC_EACH (const UrlParam, param, &url->params) {
        const char *host = param->value, *close = host[0] == '[' ? strchr(host, ']') : NULL;
        if (strcmp(param->key, "host") != 0)
            continue;
        const char *colon = close ? (close[1] == ':' ? close + 1 : NULL) : strchr(host, ':');
        if (host[0] == '/' || (!close && colon && strchr(colon + 1, ':'))) // a folder, or a bare IPv6 address
            colon = NULL;
        const char *start = close ? host + 1 : host, *end = close   ? close
                                                            : colon ? colon
                                                                    : host + strlen(host);
        strbuf_printf(&hosts, "%s%.*s", count ? "," : "", (int)(end - start), start);
        strbuf_printf(&ports, "%s%s", count ? "," : "", colon ? colon + 1 : "");
        has_port = has_port || colon;
        count++;
    }
    if (count)
        add(parameters, "host", hosts.text);
    if (has_port)
        add(parameters, "port", ports.text);
}

// asyncpg and libpq's own URLs write ssl=true or ssl=verify-full for sslmode.
static bool read_ssl(Parameters *parameters, const char *value, Error *err)
{
    static const char *const modes[] = {
        "disable", "allow", "prefer", "require", "verify-ca", "verify-full"
    };
    const char *mode = strcasecmp(value, "true") == 0    ? "require"
                       : strcasecmp(value, "false") == 0 ? "disable"
                                                         : NULL;
    for (size_t i = 0; i < COUNT_OF(modes); i++)
        mode = strcmp(modes[i], value) == 0 ? modes[i] : mode;
    if (mode) {
        add(parameters, "sslmode", mode);
        return true;
    }
    error_set(err, ERR_CONFIG, "'ssl' in the database URL cannot be '%s'", value);
    return error_hint(
        err, "Write sslmode=require, or another of libpq's modes: disable, allow, prefer, verify-ca, "
             "verify-full.");
}

// Turns the URL into libpq's parameters. Keys that libpq does not know are an error here: libpq's own message
// does not suggest the right one.
static bool read_url(Parameters *parameters, const Url *url, Error *err)
{
    add(parameters, "host", url->host && *url->host ? url->host : NULL);
    add(parameters, "port", url->port && *url->port ? url->port : NULL);
    add(parameters, "user", url->user && *url->user ? url->user : NULL);
    add(parameters, "password", url->password);
    add(parameters, "dbname", url->database && *url->database ? url->database : NULL);
    PQconninfoOption *known = PQconndefaults();
    bool ok = true;
    add_hosts(parameters, url);
    VEC_EACH (const UrlParam, param, &url->params) {
        const char *key = param->key;
        if (strcmp(key, "host") == 0)
            continue;
        if (strcmp(key, "ssl") == 0) {
            ok = ok && read_ssl(parameters, param->value, err);
            continue;
        }
        ok = ok && (knows_keyword(known, key) || unknown_parameter(known, key, err));
        add(parameters, key, param->value);
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
    const char *question = strstr(message, "\n\tIs the server running"); // which what_to_do() asks too
    const char *end = question ? question : message + strlen(message);
    for (; message < end && n + 1 < size; message++)
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

// The hint for a refused connection. libpq gives its reason as text only; in another language there is no
// hint.
static const char *what_to_do(const char *why)
{
    static const struct {
        const char *text, *hint;
    } hints[] = {
        {"password authentication failed",
         "Check user and password in the URL, or keep them in ~/.pgpass (chmod 600)."                              },
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
    if (strstr(why, "database \"") && strstr(why, "does not exist"))
        error_hint(err, "Create it: cmigrate create-database");
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

// Session settings, in the same query that asks where we are. After a pooler they would stay with its server
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
        " pg_catalog.set_config('standard_conforming_strings', 'on', false)," // as scripts are split
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
    if (!pg->borrowed) // the application's own receiver could not be put back
        PQsetNoticeReceiver(conn, tell_notice, &pg->db);
    pg->cancel = PQgetCancel(conn);
    pg_watch(pg);
    return set_up(pg, err);
}

// The parameters that a connection of the application's was made with, for further connections (the lock, a scratch place).
static void parameters_of(Parameters *parameters, PGconn *conn)
{
    PQconninfoOption *all = PQconninfo(conn);
    for (PQconninfoOption *it = all; it && it->keyword; it++)
        if (it->val && it->val[0])
            add(parameters, it->keyword, arena_strdup(parameters->arena, it->val));
    PQconninfoFree(all);
    add_defaults(parameters);
}

static const char session_settings[] =
    "SELECT 'SELECT ' || pg_catalog.string_agg(pg_catalog.format('pg_catalog.set_config(%L, %L, false)', "
    "name,"
    " pg_catalog.current_setting(name)), ', ') FROM (SELECT pg_catalog.unnest(ARRAY['statement_timeout', "
    "'lock_timeout',"
    " 'default_transaction_read_only', 'tcp_keepalives_idle', 'tcp_keepalives_interval', "
    "'tcp_keepalives_count',"
    " 'search_path', 'standard_conforming_strings', 'role']) AS name UNION SELECT name FROM "
    "pg_catalog.pg_settings WHERE source = 'session'"
    " AND name <> 'session_authorization') s";

// What the application has set for the session, and what set_up changes, as it is now: a query that puts it back.
static bool remember_settings(PgDb *pg, PGconn *conn, Error *err)
{
    PGresult *result = PQexec(conn, session_settings);
    bool ok = PQresultStatus(result) == PGRES_TUPLES_OK && PQntuples(result) == 1;
    if (ok)
        pg->put_back = arena_strdup(pg->db.arena, PQgetvalue(result, 0, 0));
    else
        pg_result_error(pg, result, err);
    PQclear(result);
    return ok;
}

static bool borrow(PgDb *pg, PGconn *conn, Error *err)
{
    Parameters parameters = { .arena = pg->db.arena };
    if (PQstatus(conn) != CONNECTION_OK)
        return error_set(err, ERR_CONNECT, "the connection is not open");
    if (PQtransactionStatus(conn) != PQTRANS_IDLE) {
        error_set(err, ERR_USAGE, "the connection has a transaction or a statement open");
        return error_hint(err, "End it before the connection is handed over.");
    }
    parameters_of(&parameters, conn);
    pg->keywords = parameters.keywords.items;
    pg->values = parameters.values.items;
    pg->borrowed = true;
    if (remember_settings(pg, conn, err) && pg_adopt(pg, conn, err))
        return true;
    pg->db.driver->close(&pg->db);
    return false;
}

// The application's connection, with the settings that it came with.
void pg_return(PgDb *pg)
{
    if (PQtransactionStatus(pg->conn) != PQTRANS_IDLE)
        PQclear(PQexec(pg->conn, "ROLLBACK"));
    Error ignored = { 0 };
    (void)pg_put_back(pg, &ignored);
}

bool pg_put_back(PgDb *pg, Error *err)
{
    if (!pg->put_back)
        return true;
    PGresult *result = PQexec(pg->conn, pg->put_back);
    bool ok = PQresultStatus(result) == PGRES_TUPLES_OK || pg_result_error(pg, result, err);
    PQclear(result);
    return ok;
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
    if (options->connection) {
        *out = &pg->db;
        return borrow(pg, options->connection, err);
    }
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
