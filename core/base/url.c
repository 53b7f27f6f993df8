#define _GNU_SOURCE
#include "core/base/url.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "core/base/strbuf.h"

enum { LAST_PORT = 65535 };

static int hex(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)tolower((unsigned char)c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

// NULL when an escape is broken or stands for NUL.
static const char *decode(Arena *arena, const char *p, size_t n)
{
    char *out = arena_alloc(arena, n + 1);
    size_t w = 0;
    for (size_t i = 0; i < n; i++) {
        if (p[i] != '%') {
            out[w++] = p[i];
            continue;
        }
        int high = i + 2 < n ? hex(p[i + 1]) : -1;
        int low = i + 2 < n ? hex(p[i + 2]) : -1;
        if (high < 0 || low < 0 || (high == 0 && low == 0))
            return NULL;
        out[w++] = (char)(high * 16 + low);
        i += 2;
    }
    out[w] = '\0';
    return out;
}

static bool bad(Error *err, const char *what)
{
    error_set(err, ERR_CONFIG, "the database URL %s", what);
    return error_hint(
        err, "Write it as sqlite:///file.db, postgresql://user@host:5432/db or mysql://user@host:3306/db; "
             "percent-encode special characters of a user name or password (@ is %%40, / is %%2F).");
}

static bool is_of_java(const char *text) { return strncasecmp(text, "jdbc:", 5) == 0; }

// A text without scheme://, by its beginning. A URL of Java has one, after jdbc:.
static bool no_url(const char *text, Error *err)
{
    static const char forms[] =
        "sqlite:///file.db, postgresql://user@host:5432/db or mysql://user@host:3306/db";
    if (is_of_java(text)) {
        error_set(err, ERR_CONFIG, "the database URL is one of Java, which begins with jdbc:");
        return error_hint(err, "Leave jdbc: out, and write the user before the host: %s.", forms);
    }
    if (text[0] == '$') {
        error_set(err, ERR_CONFIG, "the database URL is a variable without braces");
        return error_hint(err,
                          "In cmigrate.yaml a variable is written ${NAME}; on the command line the shell "
                          "fills it in.");
    }
    error_set(err, ERR_CONFIG, "the database URL %s",
              text[0] ? "has no scheme such as sqlite:// or postgresql://" : "is empty");
    return error_hint(err, "Write it as %s.", forms);
}

static bool read_params(Arena *arena, const char *p, Url *url, Error *err)
{
    while (*p) {
        size_t n = strcspn(p, "&");
        const char *equals = memchr(p, '=', n);
        size_t key_n = equals ? (size_t)(equals - p) : n;
        const char *key = decode(arena, p, key_n);
        const char *value = equals ? decode(arena, equals + 1, n - key_n - 1) : "";
        if (!key || !value)
            return bad(err, "has a broken % escape among its parameters");
        if (n)
            *VEC_PUSH(arena, &url->params) = (UrlParam){ key, value };
        p += n;
        if (*p == '&')
            p++;
    }
    return true;
}

// One of host:port, [::1]:port, host. An empty one stays empty in both lists, as libpq counts them.
static bool read_host(const char *p, size_t n, StrBuf *hosts, StrBuf *ports, bool *has_port, Error *err)
{
    size_t host_n = 0;
    bool bracket = n && p[0] == '[';
    if (bracket) {
        const char *close = memchr(p, ']', n);
        if (!close)
            return bad(err, "has an IPv6 address without its closing bracket");
        host_n = (size_t)(close - p) + 1;
    }
    while (host_n < n && p[host_n] != ':')
        host_n++;
    const char *host = bracket ? decode(hosts->arena, p + 1, host_n - 2) : decode(hosts->arena, p, host_n);
    if (!host)
        return bad(err, "has a broken % escape in its host");
    strbuf_puts(hosts, host);
    if (n - host_n <= 1)
        return true;
    *has_port = true;
    unsigned long port = 0;
    for (size_t i = host_n + 1; i < n; i++) {
        if (!isdigit((unsigned char)p[i]))
            return bad(err, "has a non-numeric port");
        port = port * 10 + (unsigned long)(p[i] - '0');
        if (port > LAST_PORT)
            return bad(err, "has an invalid port: the highest is 65535");
    }
    if (!port)
        return bad(err, "has an invalid port: the lowest is 1");
    strbuf_put(ports, p + host_n + 1, n - host_n - 1);
    return true;
}

// Several hosts (libpq) are host1:port1,host2:port2: a list of hosts and one of ports.
static bool read_hosts(Arena *arena, const char *p, size_t n, Url *url, Error *err)
{
    StrBuf hosts, ports;
    strbuf_init(&hosts, arena);
    strbuf_init(&ports, arena);
    bool has_port = false;
    for (const char *end = p + n;;) {
        const char *comma = memchr(p, ',', (size_t)(end - p));
        if (!read_host(p, (size_t)((comma ? comma : end) - p), &hosts, &ports, &has_port, err))
            return false;
        if (!comma)
            break;
        strbuf_putc(&hosts, ',');
        strbuf_putc(&ports, ',');
        p = comma + 1;
    }
    url->host = hosts.length ? hosts.text : NULL;
    url->port = has_port ? ports.text : NULL;
    return true;
}

static bool read_authority(Arena *arena, const char *p, size_t n, Url *url, Error *err)
{
    const char *at = NULL; // the last @: a password may hold one unescaped
    for (size_t i = 0; i < n; i++)
        if (p[i] == '@')
            at = p + i;
    if (at) {
        size_t user_n = (size_t)(at - p);
        const char *colon = memchr(p, ':', user_n);
        url->user = decode(arena, p, colon ? (size_t)(colon - p) : user_n);
        if (colon)
            url->password = decode(arena, colon + 1, (size_t)(at - colon) - 1);
        if (!url->user || (colon && !url->password))
            return bad(err, "has a broken % escape in its user name or password");
        n -= user_n + 1;
        p = at + 1;
    }
    return read_hosts(arena, p, n, url, err);
}

// A password with a raw / or ? in it ends the authority too early: what follows would be taken for a host, a database or a
// parameter, and be shown. An @ after the one that ends the user tells it.
static bool is_cut_password(const char *authority, size_t n, const char *rest)
{
    const char *colon = memchr(authority, ':', n), *query = strchr(rest, '?');
    const char *at = strchr(rest, '@');
    if (!colon || !at)
        return false;
    bool has_user = memchr(authority, '@', n) != NULL, is_port = n > (size_t)(colon - authority) + 1;
    for (const char *c = colon + 1; c < authority + n; c++)
        is_port &= isdigit((unsigned char)*c) != 0;
    if (!has_user && is_port)
        return false; // host:port
    if (!query || at < query)
        return true;
    return memchr(query, '=', (size_t)(at - query)) == NULL;
}

bool url_parse(Arena *arena, const char *text, Url *out, Error *err)
{
    Url url = { 0 };
    const char *colon = strstr(text, "://");
    if (!colon || colon == text || is_of_java(text))
        return no_url(text, err);
    size_t scheme_n = strcspn(text, "+:");
    char *scheme = arena_strndup(arena, text, scheme_n);
    for (char *c = scheme; *c; c++)
        *c = (char)tolower((unsigned char)*c);
    url.scheme = scheme;
    const char *p = colon + 3;
    const char *query = strchr(p, '?');
    size_t n = query ? (size_t)(query - p) : strlen(p);
    const char *slash = memchr(p, '/', n);
    size_t authority_n = slash ? (size_t)(slash - p) : n;
    if (is_cut_password(p, authority_n, p + authority_n))
        return bad(err, "has a / or ? in its password, or an @ in its database, that is not percent-encoded");
    if (!read_authority(arena, p, authority_n, &url, err))
        return false;
    if (slash) {
        url.database = decode(arena, slash + 1, n - authority_n - 1);
        if (!url.database)
            return bad(err, "has a broken % escape in its path");
    }
    if (strcmp(scheme, "sqlite") == 0) {
        if (url.host)
            return bad(err, "names a host: a SQLite file takes three slashes (sqlite:///file.db), "
                            "an absolute path four (sqlite:////var/lib/file.db)");
        if (!url.database)
            url.database = "";
    }
    if (query && !read_params(arena, query + 1, &url, err))
        return false;
    *out = url;
    return true;
}

const char *url_param(const Url *url, const char *key)
{
    const char *found = NULL;
    VEC_EACH (UrlParam, param, &url->params)
        if (strcmp(param->key, key) == 0)
            found = param->value;
    return found;
}

// Without regard to case; what is percent-encoded may be anything. `pass`: password, passwd, passphrase, passcode, passfile.
bool url_key_is_secret(const char *key, size_t n)
{
    static const char *const words[] = { "pass",       "secret",  "token",  "pwd",     "pw",
                                         "credential", "private", "apikey", "api_key", "%" };
    for (size_t i = 0; i < COUNT_OF(words); i++) {
        size_t length = strlen(words[i]);
        for (size_t at = 0; at + length <= n; at++)
            if (strncasecmp(key + at, words[i], length) == 0)
                return true;
    }
    return false;
}

static void put_hosts(StrBuf *out, const Url *url)
{
    const char *host = url->host ? url->host : "", *port = url->port ? url->port : "";
    for (;;) {
        int host_n = (int)strcspn(host, ","), port_n = (int)strcspn(port, ",");
        bool six = memchr(host, ':', (size_t)host_n) != NULL;
        strbuf_printf(out, "%s%.*s%s", six ? "[" : "", host_n, host, six ? "]" : "");
        if (port_n)
            strbuf_printf(out, ":%.*s", port_n, port);
        host += host_n;
        port += port_n;
        if (!*host)
            return;
        strbuf_putc(out, ',');
        host++;
        port += *port == ',';
    }
}

const char *url_redacted(Arena *arena, const Url *url)
{
    StrBuf b;
    strbuf_init(&b, arena);
    strbuf_printf(&b, "%s://", url->scheme);
    if (url->user)
        strbuf_puts(&b, url->user);
    if (url->password)
        strbuf_puts(&b, ":***");
    if (url->user || url->password)
        strbuf_putc(&b, '@');
    put_hosts(&b, url);
    if (url->database && (url->database[0] || strcmp(url->scheme, "sqlite") != 0))
        strbuf_printf(&b, "/%s", url->database);
    char mark = '?';
    VEC_EACH (UrlParam, param, &url->params) {
        bool secret = url_key_is_secret(param->key, strlen(param->key));
        strbuf_printf(&b, "%c%s=%s", mark, param->key, secret ? "***" : param->value);
        mark = '&';
    }
    return b.text;
}

// Where a URL within a sentence ends. A space does not end it while a password seems to be open: people write some.
static const char *end_in_text(const char *p)
{
    bool colon = false, at = false;
    for (; *p && *p != '\n'; p++) {
        bool before_gap = p[1] == '\0' || strchr(" \n\t,;)]}", p[1]);
        if (before_gap && strchr("'\"`:", *p))
            break;
        if (strchr(" \t", *p) && (at || !colon))
            break;
        colon |= *p == ':';
        at |= *p == '@';
    }
    return p;
}

static void blank(char *from, const char *end)
{
    while (from < end)
        *from++ = '*';
}

static void blank_one(char *from, char *end)
{
    char *at = memrchr(from, '@', (size_t)(end - from));
    char *colon = at ? memchr(from, ':', (size_t)(at - from)) : NULL;
    char *key = memchr(from, '?', (size_t)(end - from));
    if (colon)
        blank(colon + 1, at);
    while (key && key < end) {
        key++;
        char *next = memchr(key, '&', (size_t)(end - key)), *last = next ? next : end;
        char *equals = memchr(key, '=', (size_t)(last - key));
        if (equals && url_key_is_secret(key, (size_t)(equals - key)))
            blank(equals + 1, last);
        key = next;
    }
}

void url_blank_secrets(char *text, bool is_url)
{
    for (char *p = text; (p = strstr(p, ":/")) != NULL;) {
        bool scheme = p > text && isalnum((unsigned char)p[-1]);
        p += 2;
        if (!scheme)
            continue;
        char *end = is_url ? p + strlen(p) : p + (end_in_text(p) - p);
        blank_one(p, end);
        p = end;
    }
}
