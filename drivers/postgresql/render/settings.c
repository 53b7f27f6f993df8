// Lists of settings, `key=value, key='a value'`: storage parameters, options of foreign data.
#include <string.h>

#include "drivers/postgresql/render/render.h"

static const Dialect *const D = &postgresql_dialect;

// A value without its quotes.
static const char *unquoted(Arena *arena, const char *p, size_t n)
{
    if (n < 2 || p[0] != '\'' || p[n - 1] != '\'')
        return arena_strndup(arena, p, n);
    StrBuf out;
    strbuf_init(&out, arena);
    for (size_t i = 1; i + 1 < n; i++) {
        if (p[i] == '\'' && p[i + 1] == '\'' && i + 2 < n)
            i++;
        strbuf_putc(&out, p[i]);
    }
    return out.text;
}

// A key without its quotes: "a ""b""".
static const char *bare_key(Arena *arena, const char *p, size_t n)
{
    if (n < 2 || p[0] != '"' || p[n - 1] != '"')
        return arena_strndup(arena, p, n);
    StrBuf out;
    strbuf_init(&out, arena);
    for (size_t i = 1; i + 1 < n; i++) {
        i += p[i] == '"' && p[i + 1] == '"' && i + 2 < n;
        strbuf_putc(&out, p[i]);
    }
    return out.text ? out.text : "";
}

static void add_setting(Arena *arena, SettingList *list, const char *start, const char *equals,
                        const char *end)
{
    const char *key_end = equals ? equals : end;
    while (start < key_end && (*start == ' ' || *start == '\n'))
        start++;
    while (key_end > start && key_end[-1] == ' ')
        key_end--;
    if (key_end == start)
        return;
    const char *value = equals ? equals + 1 : end;
    while (value < end && *value == ' ')
        value++;
    while (end > value && end[-1] == ' ')
        end--;
    *VEC_PUSH(arena, list) = (Setting){ bare_key(arena, start, (size_t)(key_end - start)),
                                        unquoted(arena, value, (size_t)(end - value)) };
}

SettingList pg_settings(Arena *arena, const char *text)
{
    SettingList list = { 0 };
    if (!text)
        return list;
    char quoted = '\0';
    const char *start = text, *equals = NULL, *p = text;
    for (; *p; p++) {
        if (quoted ? *p == quoted : *p == '\'' || *p == '"')
            quoted = quoted ? '\0' : *p;
        else if (!quoted && *p == '=' && !equals)
            equals = p;
        else if (!quoted && *p == ',') {
            add_setting(arena, &list, start, equals, p);
            start = p + 1;
            equals = NULL;
        }
    }
    add_setting(arena, &list, start, equals, p);
    return list;
}

static const Setting *find_setting(const SettingList *list, const char *key)
{
    VEC_EACH (Setting, it, list)
        if (strcmp(it->key, key) == 0)
            return it;
    return NULL;
}

static bool same_setting(const Setting *a, const Setting *b)
{
    return a && b && strcmp(a->value, b->value) == 0;
}

static void put_setting(StrBuf *out, const Setting *setting)
{
    // a key may carry its namespace: toast.autovacuum_enabled
    const char *dot = strchr(setting->key, '.');
    if (dot) {
        D->put_identifier(out, arena_strndup(out->arena, setting->key, (size_t)(dot - setting->key)));
        strbuf_putc(out, '.');
        D->put_identifier(out, dot + 1);
    } else {
        D->put_identifier(out, setting->key);
    }
    strbuf_putc(out, '=');
    D->put_literal(out, setting->value);
}

void pg_put_settings(StrBuf *out, const char *text)
{
    SettingList list = pg_settings(out->arena, text);
    strbuf_putc(out, '(');
    for (size_t i = 0; i < list.count; i++) {
        strbuf_puts(out, i ? ", " : "");
        put_setting(out, &list.items[i]);
    }
    strbuf_putc(out, ')');
}

void pg_render_settings(const Render *r, const char *head, const char *have, const char *want)
{
    SettingList old = pg_settings(r->arena, have), new = pg_settings(r->arena, want);
    StrBuf set = pg_begin(r), reset = pg_begin(r);
    VEC_EACH (Setting, it, &new) {
        if (same_setting(find_setting(&old, it->key), it))
            continue;
        strbuf_puts(&set, set.length ? ", " : "");
        put_setting(&set, it);
    }
    VEC_EACH (Setting, it, &old) {
        if (find_setting(&new, it->key))
            continue;
        strbuf_puts(&reset, reset.length ? ", " : "");
        StrBuf key = pg_begin(r);
        put_setting(&key, it);
        strbuf_put(&reset, key.text, (size_t)(strchr(key.text, '=') - key.text));
    }
    if (reset.length) {
        StrBuf text = pg_begin(r);
        strbuf_printf(&text, "%s RESET (%s)", head, reset.text);
        pg_cost(r, pg_emit(r, &text), "SHARE UPDATE EXCLUSIVE", NULL);
    }
    if (set.length) {
        StrBuf text = pg_begin(r);
        strbuf_printf(&text, "%s SET (%s)", head, set.text);
        pg_cost(r, pg_emit(r, &text), "SHARE UPDATE EXCLUSIVE", NULL);
    }
}

void pg_put_fdw_options(StrBuf *out, const char *options)
{
    SettingList list = pg_settings(out->arena, options);
    if (!list.count)
        return;
    strbuf_puts(out, " OPTIONS (");
    for (size_t i = 0; i < list.count; i++) {
        strbuf_puts(out, i ? ", " : "");
        D->put_identifier(out, list.items[i].key);
        strbuf_putc(out, ' ');
        D->put_literal(out, list.items[i].value);
    }
    strbuf_putc(out, ')');
}

static void put_change(StrBuf *out, bool *any, const char *verb, const Setting *setting, bool value)
{
    strbuf_printf(out, "%s%s ", *any ? ", " : "", verb);
    *any = true;
    D->put_identifier(out, setting->key);
    if (!value)
        return;
    strbuf_putc(out, ' ');
    D->put_literal(out, setting->value);
}

void pg_put_fdw_changes(StrBuf *out, const char *have, const char *want)
{
    SettingList old = pg_settings(out->arena, have), new = pg_settings(out->arena, want);
    bool any = false;
    strbuf_puts(out, " OPTIONS (");
    VEC_EACH (Setting, it, &old)
        if (!find_setting(&new, it->key))
            put_change(out, &any, "DROP", it, false);
    VEC_EACH (Setting, it, &new) {
        const Setting *before = find_setting(&old, it->key);
        if (!same_setting(before, it))
            put_change(out, &any, before ? "SET" : "ADD", it, true);
    }
    strbuf_putc(out, ')');
}
