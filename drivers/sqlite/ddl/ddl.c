#include "drivers/sqlite/ddl/internal.h"

#include <string.h>
#include <strings.h>

void ddl_open(Ddl *ddl, Arena *arena, const char *text, Error *err)
{
    *ddl = (Ddl){ .arena = arena, .err = err, .behind = text };
    lex_init(&ddl->lexer, (Text){ text, strlen(text) }, SQLITE_LEX, false);
    ddl->now = lex_next(&ddl->lexer);
    ddl->next = lex_next(&ddl->lexer);
}

void ddl_step(Ddl *ddl)
{
    ddl->behind = ddl->now.text.p + ddl->now.text.n;
    ddl->now = ddl->next;
    ddl->next = lex_next(&ddl->lexer);
    // a comment that does not end is one all the same (tokenize.c)
    if (ddl->next.kind == TOKEN_BAD && ddl->next.text.n >= 2 && memcmp(ddl->next.text.p, "/*", 2) == 0)
        ddl->next.kind = TOKEN_END;
}

bool ddl_at(const Ddl *ddl, const char *word) { return token_is(&ddl->now, word); }

bool ddl_take(Ddl *ddl, const char *word)
{
    if (!ddl_at(ddl, word))
        return false;
    ddl_step(ddl);
    return true;
}

bool ddl_take_two(Ddl *ddl, const char *first, const char *second)
{
    if (!ddl_at(ddl, first) || !token_is(&ddl->next, second))
        return false;
    ddl_step(ddl);
    ddl_step(ddl);
    return true;
}

bool ddl_unexpected(Ddl *ddl, const char *wanted)
{
    const Token *token = &ddl->now;
    int n = token->text.n > 40 ? 40 : (int)token->text.n;
    if (token->kind == TOKEN_END)
        return error_set(ddl->err, ERR_UNSUPPORTED, "expected %s, found the end of its text", wanted);
    return error_set(ddl->err, ERR_UNSUPPORTED, "expected %s, found '%.*s' in line %u of its text", wanted, n,
                     token->text.p, token->line);
}

bool ddl_expect(Ddl *ddl, const char *word) { return ddl_take(ddl, word) || ddl_unexpected(ddl, word); }

bool ddl_is_name(const Token *token)
{
    return token->kind == TOKEN_WORD || token->kind == TOKEN_NAME || token->kind == TOKEN_STRING;
}

bool ddl_name(Ddl *ddl, const char **out)
{
    if (!ddl_is_name(&ddl->now))
        return ddl_unexpected(ddl, "a name");
    *out = token_name(ddl->arena, &ddl->now);
    ddl_step(ddl);
    return true;
}

bool ddl_parenthesised(Ddl *ddl, const char **out)
{
    if (!ddl_expect(ddl, "("))
        return false;
    const char *from = ddl->now.text.p;
    for (size_t depth = 1;;) {
        if (ddl->now.kind == TOKEN_END || ddl->now.kind == TOKEN_BAD)
            return ddl_unexpected(ddl, ")");
        depth += ddl_at(ddl, "(");
        depth -= ddl_at(ddl, ")");
        if (depth == 0)
            break;
        ddl_step(ddl);
    }
    const char *to = ddl->behind > from ? ddl->behind : from;
    *out = arena_strndup(ddl->arena, from, (size_t)(to - from));
    ddl_step(ddl);
    return true;
}

bool ddl_create(Ddl *ddl, const char *kind)
{
    const char *name;
    if (!ddl_expect(ddl, "CREATE"))
        return false;
    (void)(ddl_take(ddl, "TEMP") || ddl_take(ddl, "TEMPORARY"));
    if (strcmp(kind, "INDEX") == 0)
        (void)ddl_take(ddl, "UNIQUE");
    if (!ddl_expect(ddl, kind))
        return false;
    if (ddl_at(ddl, "IF") && token_is(&ddl->next, "NOT")) {
        ddl_step(ddl);
        ddl_step(ddl);
        if (!ddl_expect(ddl, "EXISTS"))
            return false;
    }
    if (!ddl_name(ddl, &name))
        return false;
    return !ddl_take(ddl, ".") || ddl_name(ddl, &name);
}

bool ddl_conflict(Ddl *ddl, OptionList *options, const char *key)
{
    static const char *const words[] = { "rollback", "abort", "fail", "ignore", "replace" };
    if (!ddl_take_two(ddl, "ON", "CONFLICT"))
        return true;
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (ddl_take(ddl, words[i])) {
            if (options)
                option_set(ddl->arena, options, key, words[i]);
            return true;
        }
    return ddl_unexpected(ddl, "ROLLBACK, ABORT, FAIL, IGNORE or REPLACE");
}

// The tokens of one part of a key, up to its comma or parenthesis.
typedef struct PartText {
    Token first, last;
    size_t count;
} PartText;

static bool ends_part(const Ddl *ddl, size_t depth)
{
    if (depth)
        return false;
    if (ddl_at(ddl, ",") || ddl_at(ddl, ")") || ddl_at(ddl, "AUTOINCREMENT"))
        return true;
    // the words after the expression, when nothing but them follows
    if ((ddl_at(ddl, "ASC") || ddl_at(ddl, "DESC")) &&
        (token_is(&ddl->next, ",") || token_is(&ddl->next, ")") || token_is(&ddl->next, "NULLS") ||
         token_is(&ddl->next, "AUTOINCREMENT")))
        return true;
    return ddl_at(ddl, "NULLS") && (token_is(&ddl->next, "FIRST") || token_is(&ddl->next, "LAST"));
}

static bool part_text(Ddl *ddl, PartText *out)
{
    *out = (PartText){ .first = ddl->now };
    for (size_t depth = 0; !ends_part(ddl, depth);) {
        if (ddl->now.kind == TOKEN_END || ddl->now.kind == TOKEN_BAD)
            return ddl_unexpected(ddl, ")");
        if (depth == 0 && out->count && ddl_at(ddl, "COLLATE") && ddl_is_name(&ddl->next))
            return true;
        depth += ddl_at(ddl, "(");
        depth -= ddl_at(ddl, ")") && depth;
        out->last = ddl->now;
        out->count++;
        ddl_step(ddl);
    }
    return out->count > 0 || ddl_unexpected(ddl, "a column or an expression");
}

// A part of a key or index. A COLLATE at its end is the part's; one within an expression belongs to the
// expression.
static bool read_part(Ddl *ddl, Part *part)
{
    PartText text;
    if (!part_text(ddl, &text))
        return false;
    const char *until = text.last.text.p + text.last.text.n;
    while (ddl_at(ddl, "COLLATE")) {
        ddl_step(ddl);
        const char *collation = NULL;
        if (!ddl_name(ddl, &collation))
            return false;
        if (part->collation) { // the last one counts; all are kept as text
            part->expression =
                arena_strndup(ddl->arena, text.first.text.p, (size_t)(until - text.first.text.p));
            text.count = 2;
        }
        part->collation = collation;
        if (!ends_part(ddl, 0) &&
            !ddl_at(ddl, "COLLATE")) { // a COLLATE inside an expression: go on behind it
            PartText more;
            if (!part_text(ddl, &more))
                return false;
            until = more.last.text.p + more.last.text.n;
            text.count += more.count;
            part->collation = NULL;
        }
    }
    bool column = text.count == 1 && ddl_is_name(&text.first);
    if (column)
        part->column = token_name(ddl->arena, &text.first);
    else
        part->expression = arena_strndup(ddl->arena, text.first.text.p, (size_t)(until - text.first.text.p));
    part->descending = ddl_take(ddl, "DESC");
    if (!part->descending)
        (void)ddl_take(ddl, "ASC");
    if (ddl_take_two(ddl, "NULLS", "FIRST"))
        part->nulls_first = YES;
    else if (ddl_take_two(ddl, "NULLS", "LAST"))
        part->nulls_first = NO;
    return true;
}

bool ddl_parts(Ddl *ddl, PartList *out, bool *autoincrement)
{
    if (!ddl_expect(ddl, "("))
        return false;
    do {
        if (!read_part(ddl, VEC_PUSH(ddl->arena, out)))
            return false;
    } while (ddl_take(ddl, ","));
    if (ddl_take(ddl, "AUTOINCREMENT") && autoincrement)
        *autoincrement = true;
    return ddl_expect(ddl, ")");
}

bool ddl_index(Arena *arena, const Table *table, const char *name, const char *text, Index **out, Error *err)
{
    Ddl ddl;
    ddl_open(&ddl, arena, text, err);
    Index *index = index_new(arena, table, name);
    index->unique = token_is(&ddl.next, "UNIQUE");
    const char *on;
    if (!ddl_create(&ddl, "INDEX") || !ddl_expect(&ddl, "ON") || !ddl_name(&ddl, &on) ||
        !ddl_parts(&ddl, &index->parts, NULL))
        return false;
    if (ddl_take(&ddl, "WHERE")) {
        const char *from = ddl.now.text.p;
        while (ddl.now.kind != TOKEN_END && !ddl_at(&ddl, ";"))
            ddl_step(&ddl);
        index->where = arena_strndup(arena, from, (size_t)(ddl.behind - from));
    }
    (void)ddl_take(&ddl, ";");
    if (ddl.now.kind != TOKEN_END)
        return ddl_unexpected(&ddl, "WHERE or the end");
    *out = index;
    return true;
}

bool ddl_view(Arena *arena, const char *name, const char *text, View **out, Error *err)
{
    Ddl ddl;
    ddl_open(&ddl, arena, text, err);
    View *view = object_new(arena, OBJECT_VIEW, NULL, NULL, name);
    if (!ddl_create(&ddl, "VIEW"))
        return false;
    if (ddl_take(&ddl, "(")) {
        do {
            const char *column = NULL;
            if (!ddl_name(&ddl, &column))
                return false;
            *VEC_PUSH(arena, &view->columns) = column;
        } while (ddl_take(&ddl, ","));
        if (!ddl_expect(&ddl, ")"))
            return false;
    }
    if (!ddl_expect(&ddl, "AS"))
        return false;
    const char *from = ddl.now.text.p, *to = from;
    for (; ddl.now.kind != TOKEN_END; ddl_step(&ddl))
        if (!ddl_at(&ddl, ";"))
            to = ddl.now.text.p + ddl.now.text.n;
    view->query = arena_strndup(arena, from, (size_t)(to - from));
    *out = view;
    return true;
}

const char *ddl_module(Arena *arena, const char *text)
{
    Ddl ddl;
    Error ignored;
    ddl_open(&ddl, arena, text, &ignored);
    if (!ddl_take(&ddl, "CREATE") || !ddl_at(&ddl, "VIRTUAL"))
        return NULL;
    while (ddl.now.kind != TOKEN_END && !ddl_at(&ddl, "USING"))
        ddl_step(&ddl);
    ddl_step(&ddl);
    const char *module = NULL;
    return ddl_is_name(&ddl.now) && ddl_name(&ddl, &module) ? module : "";
}
