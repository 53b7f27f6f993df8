// base.h -- the few macros that every file may use.
#ifndef CORE_BASE_BASE_H
#define CORE_BASE_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MUST_USE                __attribute__((warn_unused_result))
#define PRINTF_LIKE(fmt, first) __attribute__((format(printf, fmt, first)))
#define COUNT_OF(array)         (sizeof(array) / sizeof((array)[0]))

// A view into somebody's bytes; not NUL-terminated.
typedef struct Text {
    const char *p;
    size_t n;
} Text;

#endif
