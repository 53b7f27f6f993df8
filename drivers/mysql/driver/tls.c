#include "drivers/mysql/driver/tls.h"

#include <string.h>
#include <strings.h>

const char tls_refused_clear_text[] =
    "the server asks for the password in clear text, and the connection is not encrypted";

// my_bool of MariaDB's library is a char, bool of Oracle's one byte too: an option of that kind takes either.
typedef unsigned char Switch;

static const struct {
    const char *word;
    SslMode mode;
} ssl_words[] = {
    {"disabled",         SSL_DISABLED },
    { "disable",         SSL_DISABLED },
    { "preferred",       SSL_PREFERRED},
    { "prefer",          SSL_PREFERRED},
    { "required",        SSL_REQUIRED },
    { "require",         SSL_REQUIRED },
    { "verify_ca",       SSL_CA       },
    { "verify-ca",       SSL_CA       },
    { "verify_identity", SSL_IDENTITY },
    { "verify-identity", SSL_IDENTITY },
    { "verify-full",     SSL_IDENTITY },
};

// ---- what the URL says

typedef enum Answer { ANSWER_NONE, ANSWER_NO, ANSWER_YES } Answer;

static Answer truth_of(const char *word)
{
    static const char *const yes[] = { "1", "true", "yes", "on" }, *const no[] = { "0", "false", "no",
                                                                                   "off" };
    for (size_t i = 0; i < COUNT_OF(yes); i++) {
        if (strcasecmp(word, yes[i]) == 0)
            return ANSWER_YES;
        if (strcasecmp(word, no[i]) == 0)
            return ANSWER_NO;
    }
    return ANSWER_NONE;
}

// A switch of the URL: ANSWER_NONE where it is not given. false: it has neither a yes nor a no.
static bool read_switch(const Url *url, const char *key, Answer *out, Error *err)
{
    const char *word = url_param(url, key);
    *out = word ? truth_of(word) : ANSWER_NONE;
    if (!word || *out != ANSWER_NONE)
        return true;
    error_set(err, ERR_CONFIG, "invalid value '%s' for '%s' in the database URL", word, key);
    return error_hint(err, "Write true or false.");
}

// `ssl` takes the words of `ssl_mode`, and a yes or no besides.
static bool read_mode(const Url *url, TlsRequest *out, Error *err)
{
    const char *key = url_param(url, "ssl_mode") ? "ssl_mode" : "ssl", *word = url_param(url, key);
    if (!word)
        return true;
    out->stated = true;
    for (size_t i = 0; i < COUNT_OF(ssl_words); i++)
        if (strcasecmp(ssl_words[i].word, word) == 0) {
            out->mode = ssl_words[i].mode;
            return true;
        }
    Answer answer = truth_of(word);
    out->mode = answer == ANSWER_YES ? SSL_REQUIRED : SSL_DISABLED;
    if (answer != ANSWER_NONE)
        return true;
    error_set(err, ERR_CONFIG, "invalid value '%s' for '%s' in the database URL", word, key);
    return error_hint(err, "Valid are disabled, preferred, required, verify_ca and verify_identity.");
}

static bool names_authority(const Url *url)
{
    return url_param(url, "ssl_ca") || url_param(url, "ssl_capath");
}

static bool contradicts(const char *key, Error *err)
{
    error_set(err, ERR_CONFIG, "'%s' contradicts the ssl_mode of the database URL", key);
    return error_hint(err, "ssl_mode alone says it all: remove '%s'.", key);
}

// A switch that asks for at least `mode`. What ssl_mode states is raised, but TLS that was switched off stays off.
static bool raise_mode(TlsRequest *out, SslMode mode, const char *key, Error *err)
{
    if (out->stated && out->mode == SSL_DISABLED)
        return contradicts(key, err);
    if (out->mode < mode)
        out->mode = mode;
    out->stated = true;
    return true;
}

// Reads ssl_mode first, then the switches that other tools' URLs have, in the order of what they ask for.
bool tls_request(const Url *url, TlsRequest *out, Error *err)
{
    Answer disabled, verify, identity, hostname, cleartext;
    *out = (TlsRequest){ .mode = SSL_PREFERRED };
    if (!read_mode(url, out, err) || !read_switch(url, "ssl_disabled", &disabled, err) ||
        !read_switch(url, "ssl_verify_cert", &verify, err) ||
        !read_switch(url, "ssl_verify_identity", &identity, err) ||
        !read_switch(url, "ssl_check_hostname", &hostname, err) ||
        !read_switch(url, "enable_cleartext_plugin", &cleartext, err))
        return false;
    if (disabled == ANSWER_YES && out->stated && out->mode != SSL_DISABLED)
        return contradicts("ssl_disabled", err);
    if (disabled == ANSWER_YES)
        *out = (TlsRequest){ .mode = SSL_DISABLED, .stated = true };
    if (verify == ANSWER_NO && out->mode >= SSL_CA)
        return contradicts("ssl_verify_cert", err);
    out->ignore_authority = verify == ANSWER_NO;
    out->cleartext = cleartext == ANSWER_YES;
    if (!out->stated && names_authority(url)) { // an authority that is named is meant to be asked
        out->mode = verify == ANSWER_NO ? SSL_REQUIRED : SSL_CA;
        out->stated = true;
    }
    return (verify != ANSWER_YES || raise_mode(out, SSL_CA, "ssl_verify_cert", err)) &&
           (identity != ANSWER_YES || raise_mode(out, SSL_IDENTITY, "ssl_verify_identity", err)) &&
           (hostname != ANSWER_YES || raise_mode(out, SSL_IDENTITY, "ssl_check_hostname", err));
}

// ---- before and after the connection is made

static void set_files(MYSQL *connection, const Url *url, const TlsRequest *request)
{
    static const struct {
        const char *key;
        enum mysql_option option;
        bool authority;
    } files[] = {
        {"ssl_ca",      MYSQL_OPT_SSL_CA,     true },
        { "ssl_capath", MYSQL_OPT_SSL_CAPATH, true },
        { "ssl_cert",   MYSQL_OPT_SSL_CERT,   false},
        { "ssl_key",    MYSQL_OPT_SSL_KEY,    false},
        { "ssl_cipher", MYSQL_OPT_SSL_CIPHER, false}
    };
    for (size_t i = 0; i < COUNT_OF(files); i++)
        if (url_param(url, files[i].key) && !(files[i].authority && request->ignore_authority))
            mysql_options(connection, files[i].option, url_param(url, files[i].key));
}

#if MARIADB_LIBRARY
// The library verifies the authority wherever one is named, and the host name too where it is told to verify.
static void set_mode(MYSQL *connection, const TlsRequest *request, bool socket)
{
    Switch on = 1, off = 0;
    bool asks = request->mode >= SSL_REQUIRED || (request->mode == SSL_PREFERRED && !socket);
    mysql_options(connection, MYSQL_OPT_SSL_ENFORCE, asks ? &on : &off);
    mysql_options(connection, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, request->mode == SSL_IDENTITY ? &on : &off);
    tls_register_plugins(connection);
    const char *guard = request->mode >= SSL_CA         ? tls_plugin_verified
                        : request->mode == SSL_REQUIRED ? tls_plugin_required
                        : request->cleartext            ? tls_plugin_cleartext
                                                        : NULL;
    if (guard)
        mysql_options(connection, MYSQL_DEFAULT_AUTH, guard);
}
#else
static void set_mode(MYSQL *connection, const TlsRequest *request, bool socket)
{
    static const unsigned modes[] = { SSL_MODE_DISABLED, SSL_MODE_PREFERRED, SSL_MODE_REQUIRED,
                                      SSL_MODE_VERIFY_CA, SSL_MODE_VERIFY_IDENTITY };
    (void)socket; // which the library minds itself
    mysql_options(connection, MYSQL_OPT_SSL_MODE, &modes[request->mode]);
    Switch cleartext = request->cleartext || request->mode >= SSL_REQUIRED;
    mysql_options(connection, MYSQL_ENABLE_CLEARTEXT_PLUGIN, &cleartext);
}
#endif

void tls_prepare(MYSQL *connection, const Url *url, const TlsRequest *request, bool socket)
{
    if (request->mode != SSL_DISABLED)
        set_files(connection, url, request);
    set_mode(connection, request, socket);
}

bool tls_confirm(MYSQL *connection, const TlsRequest *request, Error *err)
{
    if (request->mode < SSL_REQUIRED || mysql_get_ssl_cipher(connection))
        return true;
    return error_set(err, ERR_CONNECT, "the connection is not encrypted, although ssl_mode demands it");
}

// NULL where the library does not tell it.
static const char *protocol_version(MYSQL *connection)
{
    const char *version = NULL;
#if MARIADB_LIBRARY
    (void)mariadb_get_infov(connection, MARIADB_CONNECTION_TLS_VERSION, &version);
#else
    (void)connection;
#endif
    return version;
}

const char *tls_describe(Arena *arena, MYSQL *connection, const TlsRequest *request)
{
    static const char *const verified[] = {
        [SSL_DISABLED] = "server certificate not verified",
        [SSL_PREFERRED] = "server certificate not verified",
        [SSL_REQUIRED] = "server certificate not verified",
        [SSL_CA] = "server certificate verified",
        [SSL_IDENTITY] = "server certificate and host name verified",
    };
    const char *cipher = mysql_get_ssl_cipher(connection), *host = mysql_get_host_info(connection);
    if (!cipher)
        return host && strcasestr(host, "socket") ? "Unix socket, not encrypted" : "not encrypted";
    const char *version = protocol_version(connection);
    return arena_printf(arena, "%s, %s, %s", version ? version : "TLS", cipher, verified[request->mode]);
}
