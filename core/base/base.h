// base.h -- the few words that every file may use.
#ifndef CORE_BASE_BASE_H
#define CORE_BASE_BASE_H

#include <ctype.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define MUST_USE                __attribute__((warn_unused_result))
#define PRINTF_LIKE(fmt, first) __attribute__((format(printf, fmt, first)))
#define COUNT_OF(array)         (sizeof(array) / sizeof((array)[0]))

// A view into somebody's bytes; not NUL-terminated.
typedef struct Text {
    const char *p;
    size_t n;
} Text;

// Either may be NULL, which is the same only as NULL.
static inline bool same_text(const char *a, const char *b) { return a == b || (a && b && strcmp(a, b) == 0); }

// For tables that are searched by name (FNV-1a). `folds`: names that differ in case only have the same.
static inline size_t hash_name(const char *name, bool folds)
{
    uint64_t h = 14695981039346656037u;
    for (; *name; name++)
        h = (h ^ (uint64_t)(folds ? tolower((unsigned char)*name) : (unsigned char)*name)) * 1099511628211u;
    return (size_t)(h ^ (h >> 29));
}

// The same of a text in which case counts.
static inline size_t hash_text(const char *text) { return hash_name(text, false); }

#endif
