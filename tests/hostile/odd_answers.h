// odd_answers.h -- what the engine answers, altered: shared by the libraries that answers.py loads in front of the clients'.
//
// NULLs, empty, huge and negative values, columns too few or too many, no rows or rows twice, whoever asks: introspection,
// locks, the history, statistics, a probe. ODD_SEED chooses what is altered, ODD_AFTER how many answers are left as they are
// first, ODD_PART how many of 100 are altered from then on.
#ifndef TESTS_HOSTILE_ODD_ANSWERS_H
#define TESTS_HOSTILE_ODD_ANSWERS_H

#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef enum OddForm {
    ODD_NONE,
    ODD_CELLS, // one of ten
    ODD_ALL,
    ODD_NULLS,
    ODD_FEWER,
    ODD_MORE,
    ODD_NO_ROWS,
    ODD_TWICE,
    ODD_FORMS
} OddForm;

static uint64_t odd_state;
static long odd_after = -1, odd_part;

static inline long odd_number(const char *name, long otherwise)
{
    const char *text = getenv(name);
    return text ? strtol(text, NULL, 10) : otherwise;
}

static inline unsigned odd_below(unsigned n)
{
    odd_state ^= odd_state << 13;
    odd_state ^= odd_state >> 7;
    odd_state ^= odd_state << 17;
    return (unsigned)((odd_state >> 11) % n);
}

// How the next answer is altered.
static inline OddForm odd_form(void)
{
    if (!odd_state) {
        odd_state = ((uint64_t)odd_number("ODD_SEED", 1) + 1) * UINT64_C(0x9E3779B97F4A7C15);
        odd_after = odd_number("ODD_AFTER", 0);
        odd_part = odd_number("ODD_PART", 10);
    }
    if (odd_after > 0) {
        odd_after--;
        return ODD_NONE;
    }
    return (long)odd_below(100) < odd_part ? (OddForm)(1 + odd_below(ODD_FORMS - 1)) : ODD_NONE;
}

static inline const char *odd_value(const char *value)
{
    enum { LENGTH = 1 << 18 };
    static char huge[LENGTH + 1];
    static const char *const others[] = { NULL,
                                          NULL,
                                          "",
                                          "0",
                                          "1",
                                          "-1",
                                          "t",
                                          "f",
                                          "r",
                                          "16384",
                                          "4294967295",
                                          "-9223372036854775808",
                                          "99999999999999999999",
                                          "1e999",
                                          "{}",
                                          "{a,b}",
                                          "{\"",
                                          "[1:0]={}",
                                          "()",
                                          "\xff\xfe",
                                          "a\"b`c'd\\",
                                          "\n;--",
                                          "public",
                                          "TABLE",
                                          "YES",
                                          "id",
                                          "%s%n",
                                          "2020-01-01 00:00:00",
                                          "(1,\"",
                                          "{",
                                          "[",
                                          "\"",
                                          "/*",
                                          "$$" };
    enum { OTHERS = sizeof others / sizeof *others };
    unsigned at = odd_below(OTHERS + 2);
    if (at < OTHERS)
        return others[at];
    if (!huge[0])
        memset(huge, 'y', LENGTH);
    return odd_below(3) ? value : huge;
}

// A cell of an answer of this form; NULL is the engine's.
static inline const char *odd_cell(OddForm form, const char *value)
{
    if (form == ODD_NULLS)
        return NULL;
    return form == ODD_ALL || (form == ODD_CELLS && odd_below(10) == 0) ? odd_value(value) : value;
}

static inline unsigned odd_columns(OddForm form, unsigned columns)
{
    if (form == ODD_FEWER)
        return columns ? odd_below(columns) : 0;
    return form == ODD_MORE ? columns + 1 + odd_below(20) : columns;
}

// The function that this one is in front of: in a library that a module may have loaded after the start.
static inline void *odd_real(const char *const *libraries, const char *name)
{
    void *found = dlsym(RTLD_NEXT, name);
    for (; !found && *libraries; libraries++) {
        void *library = dlopen(*libraries, RTLD_LAZY | RTLD_NOLOAD);
        found = library ? dlsym(library, name) : NULL;
    }
    if (!found) {
        fprintf(stderr, "odd_answers: there is no %s\n", name);
        _Exit(99);
    }
    return found;
}

#endif
