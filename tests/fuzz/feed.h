// feed.h -- the bytes of a fuzzer as texts: pieces, and rows of a result.
#ifndef TESTS_FUZZ_FEED_H
#define TESTS_FUZZ_FEED_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/error.h"
#include "core/base/strbuf.h"
#include "core/base/vec.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

_Noreturn static inline void feed_broken(const char *law, const char *text)
{
    fprintf(stderr, "broken: %s\n%s\n", law, text);
    abort();
}

// A refusal says something, whatever was refused.
static inline void feed_refused(const Error *err, const char *text)
{
    if (!err->message[0])
        feed_broken("a refusal has words", text);
}

typedef struct Feed {
    Arena *arena;
    const char *p, *end;
} Feed;

static inline Feed feed_open(Arena *arena, const uint8_t *data, size_t size)
{
    const char *copy = arena_strndup(arena, (const char *)data, size);
    return (Feed){ arena, copy, copy + size };
}

// The text up to the next `mark`, which is stepped over; NULL at the end.
static inline char *feed_until(Feed *feed, char mark)
{
    if (feed->p >= feed->end)
        return NULL;
    size_t left = (size_t)(feed->end - feed->p);
    const char *at = memchr(feed->p, mark, left);
    size_t n = at ? (size_t)(at - feed->p) : left;
    char *text = arena_strndup(feed->arena, feed->p, n);
    feed->p += n + (at != NULL);
    return text;
}

// Results follow each other, as psql -A writes them: \x1d between results, \x1e between rows, \x1f between values,
// \x01 for NULL. A row has as many values as its reader may ask for.
enum { FEED_RESULT = '\x1d', FEED_ROW = '\x1e', FEED_VALUE = '\x1f', FEED_COLUMNS = 40 };
typedef struct FeedRow {
    const char *values[FEED_COLUMNS];
} FeedRow;
typedef VEC(FeedRow) FeedResult;

static inline FeedResult feed_result(Feed *feed)
{
    FeedResult out = { 0 };
    char *text = feed_until(feed, FEED_RESULT);
    if (!text)
        return out;
    Feed rows = { feed->arena, text, text + strlen(text) };
    for (char *line; (line = feed_until(&rows, FEED_ROW)) != NULL;) {
        FeedRow *row = VEC_PUSH(feed->arena, &out);
        Feed values = { feed->arena, line, line + strlen(line) };
        for (size_t i = 0; i < FEED_COLUMNS; i++) {
            const char *value = feed_until(&values, FEED_VALUE);
            row->values[i] = value && strcmp(value, "\x01") != 0 ? value : NULL;
        }
    }
    return out;
}

#endif
