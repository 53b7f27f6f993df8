#include "cli/output/json.h"

#include <string.h>

#include "core/base/hidden.h"

void json_start(Json *json, Arena *arena)
{
    *json = (Json){ 0 };
    strbuf_init(&json->out, arena);
}

static void before_value(Json *json)
{
    if (json->comma)
        strbuf_puts(&json->out, ", ");
    json->comma = true;
}

void json_open(Json *json, char bracket)
{
    before_value(json);
    strbuf_putc(&json->out, bracket);
    json->comma = false;
}

void json_close(Json *json, char bracket)
{
    strbuf_putc(&json->out, bracket);
    json->comma = true;
}

void json_bytes(Json *json, Text text)
{
    before_value(json);
    StrBuf *out = &json->out;
    strbuf_putc(out, '"');
    for (size_t i = 0; i < text.n;) {
        const unsigned char *p = (const unsigned char *)text.p + i;
        size_t n = utf8_sequence(text.p + i, text.n - i);
        if (n == 0) {
            strbuf_puts(out, "\\ufffd");
            i++;
            continue;
        }
        if (*p == '"' || *p == '\\')
            strbuf_printf(out, "\\%c", *p);
        else if (*p == '\n')
            strbuf_puts(out, "\\n");
        else if (*p == '\t')
            strbuf_puts(out, "\\t");
        else if (code_is_hidden(utf8_code(text.p + i, n)))
            strbuf_printf(out, "\\u%04x", (unsigned)utf8_code(text.p + i, n));
        else
            strbuf_put(out, text.p + i, n);
        i += n;
    }
    strbuf_putc(out, '"');
}

void json_text(Json *json, const char *text)
{
    if (text)
        json_bytes(json, (Text){ text, strlen(text) });
    else
        json_null(json);
}

void json_key(Json *json, const char *key)
{
    json_text(json, key);
    strbuf_puts(&json->out, ": ");
    json->comma = false;
}

void json_bool(Json *json, bool value) { json_raw(json, value ? "true" : "false"); }

void json_int(Json *json, long long value)
{
    before_value(json);
    strbuf_printf(&json->out, "%lld", value);
}

void json_ms(Json *json, double value)
{
    before_value(json);
    strbuf_printf(&json->out, "%.3f", value);
}

void json_null(Json *json) { json_raw(json, "null"); }

void json_raw(Json *json, const char *document)
{
    before_value(json);
    strbuf_puts(&json->out, document);
}

void json_names(Json *json, const NameList *names)
{
    json_open(json, '[');
    VEC_EACH (const char *, name, names)
        json_text(json, *name);
    json_close(json, ']');
}

void json_put_text(Json *json, const char *key, const char *text)
{
    json_key(json, key);
    json_text(json, text);
}

void json_put_bool(Json *json, const char *key, bool value)
{
    json_key(json, key);
    json_bool(json, value);
}

void json_put_int(Json *json, const char *key, long long value)
{
    json_key(json, key);
    json_int(json, value);
}

void json_put_names(Json *json, const char *key, const NameList *names)
{
    json_key(json, key);
    json_names(json, names);
}
