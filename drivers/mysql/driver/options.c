#include "drivers/mysql/driver/driver.h"

#include <errmsg.h>
#include <mysqld_error.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

// my_bool of MariaDB's library is a char, bool of Oracle's one byte too: an option of that kind takes either.
typedef unsigned char Switch;

#if defined(MARIADB_BASE_VERSION) || defined(MARIADB_PACKAGE_VERSION) || defined(LIBMARIADB)
#define MARIADB_LIBRARY 1
#else
#define MARIADB_LIBRARY 0
#endif

// How much of TLS is asked for, by the words of Oracle's --ssl-mode.
typedef enum SslMode { SSL_UNSET, SSL_DISABLED, SSL_PREFERRED, SSL_REQUIRED, SSL_CA, SSL_IDENTITY } SslMode;

static const struct {
    const char *word;
    SslMode mode;
} ssl_words[] = {
    {"disabled",         SSL_DISABLED },
    { "disable",         SSL_DISABLED },
    { "false",           SSL_DISABLED },
    { "preferred",       SSL_PREFERRED},
    { "prefer",          SSL_PREFERRED},
    { "required",        SSL_REQUIRED },
    { "require",         SSL_REQUIRED },
    { "true",            SSL_REQUIRED },
    { "verify_ca",       SSL_CA       },
    { "verify-ca",       SSL_CA       },
    { "verify_identity", SSL_IDENTITY },
    { "verify-full",     SSL_IDENTITY },
};

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
    "binary_prefix",
};

bool my_url_check(const Url *url, Error *err)
{
    VEC_EACH (UrlParam, param, &url->params) {
        bool known = false;
        for (size_t i = 0; i < COUNT_OF(known_params) && !known; i++)
            known = strcmp(known_params[i], param->key) == 0;
        if (known)
            continue;
        error_set(err, ERR_CONFIG, "unknown parameter '%s' in the database URL", param->key);
        const char *near = nearest_word(param->key, known_params, COUNT_OF(known_params));
        return near ? error_hint(err, "Did you mean '%s'?", near) : false;
    }
    return true;
}

static bool ssl_mode(const Url *url, SslMode *out, Error *err)
{
    *out = SSL_UNSET;
    const char *word = url_param(url, "ssl_mode");
    if (!word)
        word = url_param(url, "ssl");
    if (!word)
        return true;
    for (size_t i = 0; i < COUNT_OF(ssl_words); i++)
        if (strcasecmp(ssl_words[i].word, word) == 0) {
            *out = ssl_words[i].mode;
            return true;
        }
    error_set(err, ERR_CONFIG, "unknown ssl_mode '%s' in the database URL", word);
    return error_hint(err, "Known are disabled, preferred, required, verify_ca and verify_identity.");
}

static void set_ssl(MYSQL *connection, const Url *url, SslMode mode)
{
    static const struct {
        const char *key;
        enum mysql_option option;
    } files[] = {
        {"ssl_ca",      MYSQL_OPT_SSL_CA    },
        { "ssl_capath", MYSQL_OPT_SSL_CAPATH},
        { "ssl_cert",   MYSQL_OPT_SSL_CERT  },
        { "ssl_key",    MYSQL_OPT_SSL_KEY   },
        { "ssl_cipher", MYSQL_OPT_SSL_CIPHER}
    };
    for (size_t i = 0; i < COUNT_OF(files); i++)
        if (url_param(url, files[i].key))
            mysql_options(connection, files[i].option, url_param(url, files[i].key));
    const char *verify = url_param(url, "ssl_verify_cert");
    if (mode == SSL_UNSET && verify && strcasecmp(verify, "true") == 0)
        mode = SSL_CA;
    if (mode == SSL_UNSET && url_param(url, "ssl_ca"))
        mode = SSL_CA; // who names a certificate authority wants it asked
#if MARIADB_LIBRARY
    Switch on = 1, off = 0;
    if (mode == SSL_DISABLED || mode == SSL_PREFERRED)
        mysql_options(connection, MYSQL_OPT_SSL_ENFORCE, &off);
    if (mode >= SSL_REQUIRED)
        mysql_options(connection, MYSQL_OPT_SSL_ENFORCE, &on);
    mysql_options(connection, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, mode >= SSL_CA ? &on : &off);
#else
    static const unsigned modes[] = { SSL_MODE_PREFERRED, SSL_MODE_DISABLED,  SSL_MODE_PREFERRED,
                                      SSL_MODE_REQUIRED,  SSL_MODE_VERIFY_CA, SSL_MODE_VERIFY_IDENTITY };
    mysql_options(connection, MYSQL_OPT_SSL_MODE, &modes[mode]);
#endif
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
    Switch on = 1; // caching_sha2_password without TLS: the password goes under the server's own key
    mysql_options(connection, MYSQL_OPT_GET_SERVER_PUBLIC_KEY, &on);
#endif
}

static bool refused(MYSQL *connection, const Url *url, const char *database, Error *err)
{
    unsigned code = mysql_errno(connection);
    error_set(err, ERR_CONNECT, "cannot connect to %s%s%s: %s", url->host ? url->host : "localhost",
              url->port ? ":" : "", url->port ? url->port : "", mysql_error(connection));
    char native[24];
    snprintf(native, sizeof(native), "%u", code);
    error_native(err, native);
    if (code == ER_BAD_DB_ERROR)
        error_hint(err, "Create it first: CREATE DATABASE `%s` CHARACTER SET utf8mb4;",
                   database ? database : "");
    else if (code == ER_ACCESS_DENIED_ERROR || code == ER_DBACCESS_DENIED_ERROR)
        error_hint(err, "Check the user, the password and the rights of the URL.");
    else if (code == CR_CONN_HOST_ERROR || code == CR_CONNECTION_ERROR)
        error_hint(
            err, "Check that the server runs and that host and port (or unix_socket) of the URL are right.");
    else if (strstr(mysql_error(connection), "plugin"))
        error_hint(err, "The client library lacks the login plugin; set plugin_dir in the URL, or install "
                        "the library's plugins.");
    return false;
}

static MYSQL *open_connection(const Url *url, const char *database, unsigned read, Error *err)
{
    SslMode mode;
    if (!my_url_check(url, err) || !ssl_mode(url, &mode, err))
        return NULL;
    MYSQL *connection = mysql_init(NULL);
    if (!connection) {
        error_set(err, ERR_CONNECT, "the MySQL client library cannot start");
        return NULL;
    }
    set_options(connection, url, read);
    set_ssl(connection, url, mode);
    const char *socket =
        url_param(url, "unix_socket") ? url_param(url, "unix_socket") : url_param(url, "socket");
    const char *password = url->password ? url->password : getenv("MYSQL_PWD");
    unsigned port = url->port ? (unsigned)strtoul(url->port, NULL, 10) : 0;
    const char *host = url->host && *url->host ? url->host : (socket ? "localhost" : getenv("MYSQL_HOST"));
    if (mysql_real_connect(connection, host, url->user, password, database, port, socket,
                           CLIENT_MULTI_STATEMENTS | CLIENT_MULTI_RESULTS))
        return connection;
    refused(connection, url, database, err);
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
