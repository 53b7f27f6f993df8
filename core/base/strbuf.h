// strbuf.h -- text under construction, in an arena.
//
// `text` is never NULL and always NUL-terminated. Appending cannot fail (see arena.h).
#ifndef CORE_BASE_STRBUF_H
#define CORE_BASE_STRBUF_H

#include "core/base/arena.h"

typedef struct StrBuf {
    Arena *arena;
    char *text;
    size_t length;
    size_t capacity;
} StrBuf;

// An empty buffer whose text is in `arena`. `text` is never NULL and always NUL-terminated.
void strbuf_init(StrBuf *buf, Arena *arena);
void strbuf_clear(StrBuf *buf); // keeps the storage
// Append `n` bytes, a text or one character. `bytes` must not lie in the buffer itself.
void strbuf_put(StrBuf *buf, const char *bytes, size_t n);
void strbuf_puts(StrBuf *buf, const char *text);
void strbuf_putc(StrBuf *buf, char c);
// `text` between two `quote`s; each of its characters that stands in `doubled` comes twice: "'" for SQL, "'\\" where a
// backslash escapes. No text can end the quotes.
void strbuf_quoted(StrBuf *buf, char quote, const char *doubled, const char *text);
// Appends texts as a line of CSV, with each in quotes; one that is NULL is empty and without quotes. Different texts give
// different lines, whatever bytes are in them.
void strbuf_put_list(StrBuf *buf, const char *const *texts, size_t count);
void strbuf_repeat(StrBuf *buf, char c, size_t times);
void strbuf_printf(StrBuf *buf, const char *fmt, ...) PRINTF_LIKE(2, 3);

#endif
