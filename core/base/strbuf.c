#include "core/base/strbuf.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void strbuf_init(StrBuf *buf, Arena *arena)
{
    *buf = (StrBuf){ .arena = arena, .capacity = 64 };
    buf->text = arena_alloc(arena, buf->capacity);
}

void strbuf_clear(StrBuf *buf)
{
    buf->length = 0;
    buf->text[0] = '\0';
}

static void reserve(StrBuf *buf, size_t more)
{
    if (buf->length + more < buf->capacity)
        return;
    size_t wider = buf->capacity * 2;
    while (wider <= buf->length + more)
        wider *= 2;
    char *moved = arena_alloc(buf->arena, wider);
    memcpy(moved, buf->text, buf->length + 1);
    buf->text = moved;
    buf->capacity = wider;
}

void strbuf_put(StrBuf *buf, const char *bytes, size_t n)
{
    reserve(buf, n + 1);
    if (n)
        memcpy(buf->text + buf->length, bytes, n);
    buf->length += n;
    buf->text[buf->length] = '\0';
}

void strbuf_puts(StrBuf *buf, const char *text) { strbuf_put(buf, text, strlen(text)); }

void strbuf_putc(StrBuf *buf, char c) { strbuf_put(buf, &c, 1); }

void strbuf_quoted(StrBuf *buf, char quote, const char *doubled, const char *text)
{
    strbuf_putc(buf, quote);
    while (*text) {
        size_t plain = strcspn(text, doubled);
        strbuf_put(buf, text, plain);
        text += plain;
        if (*text) {
            strbuf_putc(buf, *text);
            strbuf_putc(buf, *text++);
        }
    }
    strbuf_putc(buf, quote);
}

void strbuf_put_list(StrBuf *buf, const char *const *texts, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (i)
            strbuf_putc(buf, ',');
        if (texts[i])
            strbuf_quoted(buf, '"', "\"", texts[i]);
    }
}

void strbuf_repeat(StrBuf *buf, char c, size_t times)
{
    while (times--)
        strbuf_putc(buf, c);
}

void strbuf_printf(StrBuf *buf, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    va_list again;
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, fmt, args);
    va_end(args);
    if (n > 0) {
        reserve(buf, (size_t)n + 1);
        vsnprintf(buf->text + buf->length, (size_t)n + 1, fmt, again);
        buf->length += (size_t)n;
    }
    va_end(again);
}
