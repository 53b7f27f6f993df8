// plain_dialect.h -- a dialect for tests of the stages: exact texts, every step rendered as one readable line.
//
// `plain_dialect(caps)` gives one with these capabilities; nothing is replaced or rebuilt unless a test sets a hook.
#ifndef TESTS_SUPPORT_PLAIN_DIALECT_H
#define TESTS_SUPPORT_PLAIN_DIALECT_H

#include <string.h>

#include "core/dialect/dialect.h"

static inline bool plain_same(Arena *arena, const char *a, const char *b)
{
    return sql_same_tokens(arena, a, b, 0);
}

static inline void plain_identifier(StrBuf *out, const char *name) { strbuf_puts(out, name); }

static inline Fate plain_fate(const Change *change, const Schema *have, const Schema *want)
{
    (void)have;
    (void)want;
    const ObjectKind kind = (change->have ? change->have : change->want)->kind;
    return kind == OBJECT_COLUMN || kind == OBJECT_TABLE ? FATE_IN_PLACE : FATE_REPLACE;
}

static inline bool plain_render(Arena *arena, const StepGraph *graph, const Step *step, StatementList *out,
                                Error *err)
{
    (void)graph;
    (void)err;
    static const char *const verbs[] = { "rename", "drop", "create", "alter", "change", "rebuild", "run" };
    const Object *object = step->want ? step->want : step->have;
    StrBuf text;
    strbuf_init(&text, arena);
    strbuf_printf(&text, "%s %s %s", verbs[step->kind], object_kinds[object->kind].word,
                  object_title(arena, object));
    VEC_EACH (Constraint *, later, &step->later)
        strbuf_printf(&text, " without %s", (*later)->head.name);
    VEC_PUSH(arena, out)->sql = text.text;
    return true;
}

static inline Dialect plain_dialect(uint64_t caps)
{
    return (Dialect){ .name = "plain",
                      .caps = caps,
                      .same_sql = plain_same,
                      .same_type = plain_same,
                      .put_identifier = plain_identifier,
                      .fate = plain_fate,
                      .render = plain_render };
}

#endif
