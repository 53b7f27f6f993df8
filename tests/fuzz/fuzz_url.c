// URLs of any bytes, with a password that nobody else has: whatever becomes of one, nothing that people see shows it.
#include "core/base/url.h"
#include "tests/fuzz/feed.h"

static const char secret[] = "Sw0rdfish";

static void check_shown(const char *text, const char *shown)
{
    if (strstr(shown, secret))
        feed_broken("a password is shown", text);
}

static bool has_secret(const char *text) { return text && strstr(text, secret); }

// Does it stand where it is no password, but a host or a file that people must see?
static bool is_public(const Url *url)
{
    bool found = has_secret(url->scheme) || has_secret(url->user) || has_secret(url->host) ||
                 has_secret(url->port) || has_secret(url->database);
    VEC_EACH (UrlParam, param, &url->params)
        found = found || has_secret(param->key) ||
                (has_secret(param->value) && strcmp(param->key, "password") != 0);
    return found;
}

static void check(Arena *arena, const char *text)
{
    Url url;
    Error err = { 0 };
    if (!url_parse(arena, text, &url, &err)) {
        feed_refused(&err, text);
        check_shown(text, err.message);
        check_shown(text, err.hint);
        return;
    }
    if (!is_public(&url))
        check_shown(text, url_redacted(arena, &url));
}

// PREFIX NUL SUFFIX: the password stands between them, in the place of one and in that of a parameter.
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Arena *arena = arena_new();
    Feed feed = feed_open(arena, data, size);
    const char *before = feed_until(&feed, '\0'), *after = feed_until(&feed, '\0');
    before = before ? before : "";
    after = after ? after : "";
    check(arena, before);
    check(arena, arena_printf(arena, "%s%s%s", before, secret, after));
    check(arena, arena_printf(arena, "postgresql://u:%s%s@h/%s", secret, before, after));
    check(arena, arena_printf(arena, "mysql://u%s@h/d?password=%s&%s", before, secret, after));
    arena_free(arena);
    return 0;
}
