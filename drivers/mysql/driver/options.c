#include "core/base/clock.h"
#include "drivers/mysql/driver/driver.h"
#include "drivers/mysql/driver/tls.h"

#include <errmsg.h>
#include <errno.h>
#include <mysqld_error.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char *const known_params[] = {
    "unix_socket",
    "socket",
    "ssl_ca",
    "ssl_capath",
    "ssl_cert",
    "ssl_key",
    "ssl_cipher",
    "ssl_mode",
    "ssl",
    "charset",
    "connect_timeout",
    "read_timeout",
    "write_timeout",
    "read_default_file",
    "read_default_group",
    "compress",
    "plugin_dir",
    "default_auth",
    "server_public_key_path",
    "ssl_verify_cert",
    "collation",
    "autocommit",
    "local_infile",
    "use_unicode",
    "ssl_check_hostname",
    "ssl_disabled",
    "ssl_verify_identity",
    "enable_cleartext_plugin",
    "binary_prefix",
};

static bool is_timeout(const char *key)
{
    return strcmp(key, "connect_timeout") == 0 || strcmp(key, "read_timeout") == 0 ||
           strcmp(key, "write_timeout") == 0;
}

static bool is_valid(const UrlParam *param, Error *err)
{
    if (!is_timeout(param->key) || (*param->value && !param->value[strspn(param->value, "0123456789")]))
        return true;
    error_set(err, ERR_CONFIG, "invalid value '%s' for '%s' in the database URL", param->value, param->key);
    return error_hint(err, "Write a whole number of seconds.");
}

bool my_url_check(const Url *url, Error *err)
{
    VEC_EACH (UrlParam, param, &url->params) {
        bool known = false;
        for (size_t i = 0; i < COUNT_OF(known_params) && !known; i++)
            known = strcmp(known_params[i], param->key) == 0;
        if (known && is_valid(param, err))
            continue;
        if (known)
            return false;
        error_set(err, ERR_CONFIG, "unknown parameter '%s' in the database URL", param->key);
        const char *near = nearest_word(param->key, known_params, COUNT_OF(known_params));
        return near ? error_hint(err, "Did you mean '%s'?", near)
                    : error_hint(err, "Known are ssl_mode, ssl_ca, charset, connect_timeout, unix_socket, …: "
                                      "docs/mysql.md.");
    }
    return true;
}

static void set_timeout(MYSQL *connection, const Url *url, const char *key, enum mysql_option option,
                        unsigned otherwise)
{
    const char *text = url_param(url, key);
    unsigned seconds = text ? (unsigned)strtoul(text, NULL, 10) : otherwise;
    if (seconds)
        mysql_options(connection, option, &seconds);
}

enum { PATIENCE = 10 };

unsigned my_patience(const Url *url)
{
    const char *text = url_param(url, "connect_timeout");
    unsigned long seconds = text ? strtoul(text, NULL, 10) : 0;
    return seconds ? (unsigned)seconds : PATIENCE;
}

// `read`: seconds that an answer may take; 0: as long as it takes.
static void set_options(MYSQL *connection, const Url *url, unsigned read)
{
    const char *group = url_param(url, "read_default_group"), *file = url_param(url, "read_default_file");
    if (file)
        mysql_options(connection, MYSQL_READ_DEFAULT_FILE, file);
    mysql_options(connection, MYSQL_READ_DEFAULT_GROUP, group ? group : "cmigrate");
    mysql_options(connection, MYSQL_SET_CHARSET_NAME, "utf8mb4");
    unsigned loads = 1; // rows, as load.c sends them
    mysql_options(connection, MYSQL_OPT_LOCAL_INFILE, &loads);
    unsigned patience = my_patience(url);
    set_timeout(connection, url, "connect_timeout", MYSQL_OPT_CONNECT_TIMEOUT, patience);
    set_timeout(connection, url, "read_timeout", MYSQL_OPT_READ_TIMEOUT, read);
    set_timeout(connection, url, "write_timeout", MYSQL_OPT_WRITE_TIMEOUT, 0);
    if (url_param(url, "plugin_dir"))
        mysql_options(connection, MYSQL_PLUGIN_DIR, url_param(url, "plugin_dir"));
    if (url_param(url, "default_auth"))
        mysql_options(connection, MYSQL_DEFAULT_AUTH, url_param(url, "default_auth"));
    const char *key = url_param(url, "server_public_key_path");
    if (key)
        mysql_options(connection, MYSQL_SERVER_PUBLIC_KEY, key);
    if (url_param(url, "compress"))
        mysql_options(connection, MYSQL_OPT_COMPRESS, NULL);
#if !MARIADB_LIBRARY
    unsigned char on = 1; // caching_sha2_password without TLS: the password goes under the server's own key
    mysql_options(connection, MYSQL_OPT_GET_SERVER_PUBLIC_KEY, &on);
#endif
}

// The operating system's error number, with which the libraries end a message about the network: "(111)" or "system error: 110".
// No call gives it. 0: there is none.
static int system_error(const char *why)
{
    size_t end = strlen(why);
    if (end && why[end - 1] == ')')
        end--;
    size_t start = end;
    while (start && why[start - 1] >= '0' && why[start - 1] <= '9')
        start--;
    return start < end ? (int)strtol(why + start, NULL, 10) : 0;
}

// The same advice as for PostgreSQL (driver/connect.c there), by the codes of this protocol and of the system.
static const char *what_to_do(unsigned code, const char *why, const Url *url)
{
    static const char silent[] =
        "The host does not answer: check its address, its firewall, or raise connect_timeout.";
    if (code >= CR_MIN_ERROR && code <= CR_MAX_ERROR && system_error(why) == ETIMEDOUT)
        return silent;
    switch (code) {
    case ER_BAD_DB_ERROR: return "Create it: cmigrate create-database";
    case ER_ACCESS_DENIED_ERROR: return "Check user and password in the URL.";
    case ER_DBACCESS_DENIED_ERROR: return "The user has no right to this database: GRANT gives it.";
    case ER_CON_COUNT_ERROR: return "The server has no free connection: end some, or raise max_connections.";
    case ER_HOST_NOT_PRIVILEGED: return "The server has no user that may come from this host: CREATE USER.";
    case CR_UNKNOWN_HOST: return "Check the host's name in the URL.";
    case CR_CONN_HOST_ERROR:
    case CR_CONNECTION_ERROR:
        return url_param(url, "unix_socket") || !url->host
                   ? "Is the server running, and is that its socket (unix_socket)?"
                   : "Is the server running, and does it listen on that host and port?";
    case CR_SSL_CONNECTION_ERROR:
        return strcmp(why, tls_refused_clear_text) == 0
                   ? "Use TLS (ssl_mode=required or more), or allow it with enable_cleartext_plugin=true."
                   : "Check ssl_mode, ssl_ca and the certificate of the server.";
    case CR_AUTH_PLUGIN_CANNOT_LOAD:
        return "The client library lacks the login plugin; set plugin_dir in the URL, or install the "
               "library's plugins.";
    }
    return NULL;
}

static bool refused(MYSQL *connection, const Url *url, Error *err)
{
    Arena *scratch = arena_new();
    unsigned code = mysql_errno(connection);
    const char *why = mysql_error(connection), *hint = what_to_do(code, why, url);
    error_set(err, ERR_CONNECT, "cannot connect to %s: %s", url_redacted(scratch, url), why);
    arena_free(scratch);
    char native[24];
    snprintf(native, sizeof(native), "%u", code);
    error_native(err, native);
    return hint ? error_hint(err, "%s", hint) : false;
}

// ---- silence while a connection is made

// MariaDB's library bounds each wait of a login by the read timeout, and where an answer may take as long as it takes there is
// none: a server that falls silent then was waited for without end. Its hook for waiting bounds them, until the connection is made.
#if MARIADB_LIBRARY && MARIADB_PACKAGE_VERSION_ID >= 30100
static _Thread_local int login_wait_ms;

static int wait_in_login(my_socket handle, my_bool is_read, int timeout_ms)
{
    struct pollfd waits = { .fd = handle, .events = is_read ? POLLIN : POLLOUT };
    const int longest = timeout_ms > 0 && timeout_ms < login_wait_ms ? timeout_ms : login_wait_ms;
    const double end = now_ms() + longest;
    int ready;
    do {
        const double left = end - now_ms();
        ready = poll(&waits, 1, left > 0 ? (int)left : 0);
    } while (ready < 0 && errno == EINTR);
    if (ready == 0)
        errno = ETIMEDOUT;
    return ready;
}

static void bound_login(MYSQL *connection, const Url *url)
{
    login_wait_ms = (int)my_patience(url) * 1000;
    mysql_optionsv(connection, MARIADB_OPT_IO_WAIT, (void *)(uintptr_t)wait_in_login);
}

static void end_login(MYSQL *connection) { mysql_optionsv(connection, MARIADB_OPT_IO_WAIT, NULL); }
#else
static void bound_login(MYSQL *connection, const Url *url)
{
    (void)connection;
    (void)url;
}

static void end_login(MYSQL *connection) { (void)connection; }
#endif

// Opens one connection to the server. One without the encryption that the URL asks for is closed again. NULL
// with the error set.
static MYSQL *open_connection(const Url *url, const char *database, unsigned read, Error *err)
{
    TlsRequest tls;
    if (!my_url_check(url, err) || !tls_request(url, &tls, err))
        return NULL;
    MYSQL *connection = mysql_init(NULL);
    if (!connection) {
        error_set(err, ERR_CONNECT, "the MySQL client library cannot start");
        return NULL;
    }
    set_options(connection, url, read);
    my_refuse_files(connection);
    const char *socket =
        url_param(url, "unix_socket") ? url_param(url, "unix_socket") : url_param(url, "socket");
    const char *password = url->password ? url->password : getenv("MYSQL_PWD");
    unsigned port = url->port ? (unsigned)strtoul(url->port, NULL, 10) : 0;
    const char *host = url->host && *url->host ? url->host : (socket ? "localhost" : getenv("MYSQL_HOST"));
    tls_prepare(connection, url, &tls, socket || !host || strcmp(host, "localhost") == 0);
    bound_login(connection, url);
    bool connected = mysql_real_connect(connection, host, url->user, password, database, port, socket,
                                        CLIENT_MULTI_STATEMENTS | CLIENT_MULTI_RESULTS) != NULL;
    end_login(connection);
    if (!connected)
        refused(connection, url, err);
    else if (tls_confirm(connection, &tls, err))
        return connection;
    mysql_close(connection);
    return NULL;
}

MYSQL *my_connect(Arena *arena, const Url *url, const char *database, const ConnectOptions *options,
                  Error *err)
{
    (void)arena;
    (void)options;
    return open_connection(url, database, 0, err);
}

MYSQL *my_connect_to_ask(Arena *arena, const Url *url, Error *err)
{
    (void)arena;
    return open_connection(url, NULL, my_patience(url), err);
}

MYSQL *my_connect_for_scratch(Arena *arena, const Url *url, Error *err)
{
    enum { LONGER_THAN_ITS_LOCK = 90 };
    (void)arena;
    return open_connection(url, NULL, LONGER_THAN_ITS_LOCK, err);
}
