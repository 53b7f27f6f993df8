#define _GNU_SOURCE
#include "core/import/import_internal.h"

#include <string.h>

#include "core/revision/directive.h"
#include "core/revision/splitter.h"

typedef struct Cutting {
    Import *import;
    Imported *to;
    Direction direction;
    bool no_transaction; // of what stands outside BEGIN … COMMIT
    bool open;
    StrBuf text; // of the section that is being made
    size_t statements;
    bool needs_none; // one of them cannot run in a transaction
} Cutting;

// After the terminator of the statement that ends at `p`.
static const char *behind(const char *p, const char *end, unsigned rules, bool *terminated)
{
    Lexer lexer;
    lex_init(&lexer, (Text){ p, (size_t)(end - p) }, rules, false);
    Token token = lex_next(&lexer);
    *terminated = token.kind != TOKEN_END;
    return token_is(&token, ";") ? token.text.p + token.text.n : p;
}

static void close_section(Cutting *c)
{
    if (!c->statements)
        return; // comments go with what follows them
    bool outside = (c->no_transaction && !c->open) || c->needs_none;
    Text text = text_trim((Text){ c->text.text, c->text.length });
    *VEC_PUSH(c->import->arena, &c->to->sections) =
        (ImportedSection){ c->direction, outside, arena_strndup(c->import->arena, text.p, text.n),
                           c->statements };
    strbuf_init(&c->text, c->import->arena);
    c->statements = 0;
    c->needs_none = false;
}

// The books of the tool itself: statements on its version table, which ours replaces.
static bool keeps_books(const Import *import, Text sql)
{
    static const char *const words[][3] = {
        {"INSERT",  "INTO",  NULL},
        { "UPDATE", NULL,    NULL},
        { "DELETE", "FROM",  NULL},
        { "CREATE", "TABLE", NULL},
        { "DROP",   "TABLE", NULL},
    };
    if (!import->books.count)
        return false;
    for (size_t w = 0; w < COUNT_OF(words); w++) {
        Lexer lexer;
        lex_init(&lexer, sql, import->dialect->lex, false);
        bool same = true;
        for (size_t i = 0; same && words[w][i]; i++) {
            Token token = lex_next(&lexer);
            same = token_is(&token, words[w][i]);
        }
        for (size_t i = 0; same && i < import->books.count; i++) {
            Token token = lex_next(&lexer);
            same = tokens_same(&token, &import->books.items[i]);
        }
        if (same)
            return true;
    }
    return false;
}

// Copies one statement with the text before it, unless it controls a transaction or keeps the other tool's own
// table. Those end a section or are left out: cmigrate does both itself.
static bool take_statement(Cutting *c, const ScriptStatement *statement, const char **from, const char *end,
                           Error *err)
{
    const Dialect *dialect = c->import->dialect;
    bool transactional = (dialect->caps & CAN_TRANSACTIONAL_DDL) != 0, terminated;
    TransactionControl control =
        transactional ? statement_control(statement->sql, dialect->lex) : CONTROLS_NOTHING;
    const char *last = statement->sql.p + statement->sql.n,
               *next = behind(last, end, dialect->lex, &terminated);
    if (control == CONTROLS_ROLLBACK)
        return error_at(err, ERR_UNSUPPORTED, statement->at, "a script of cmigrate cannot roll itself back");
    bool books = control == CONTROLS_NOTHING && keeps_books(c->import, statement->sql);
    c->import->books_found += books;
    if (control == CONTROLS_NOTHING && !books) {
        strbuf_put(&c->text, *from, (size_t)(last - *from));
        if (next > last || !terminated)
            strbuf_putc(&c->text, ';');
        c->statements++;
        c->needs_none |=
            transactional && dialect->needs_no_transaction && dialect->needs_no_transaction(statement->sql);
    } else {
        strbuf_put(&c->text, *from, (size_t)(statement->sql.p - *from));
        if (!books)
            close_section(c);
        if (!books)
            c->open = control == CONTROLS_BEGIN;
    }
    *from = next;
    return true;
}

bool import_section(Import *import, Imported *to, Direction direction, bool no_transaction, bool *open,
                    Text sql, SourcePos at, Error *err)
{
    Cutting c = {
        .import = import, .to = to, .direction = direction, .no_transaction = no_transaction, .open = *open
    };
    strbuf_init(&c.text, import->arena);
    const char *safe = script_without_directives(import->arena, arena_strndup(import->arena, sql.p, sql.n),
                                                 import->dialect->lex);
    Section split = { 0 };
    if (!script_split(import->arena, import->dialect, (Text){ safe, strlen(safe) }, at, &split, err))
        return false;
    const char *from = safe, *end = safe + strlen(safe);
    VEC_EACH (ScriptStatement, statement, &split.statements)
        if (!take_statement(&c, statement, &from, end, err))
            return false;
    strbuf_put(&c.text, from, (size_t)(end - from));
    close_section(&c);
    *open = c.open;
    if (direction == DOWNGRADE && !import_has(to, DOWNGRADE)) // said to be empty: it can be undone
        *VEC_PUSH(import->arena, &to->sections) = (ImportedSection){ DOWNGRADE, false, "", 0 };
    return true;
}

void import_no_downgrade(Import *import, Imported *to, const char *why)
{
    StrBuf sql;
    strbuf_init(&sql, import->arena);
    strbuf_puts(&sql, "-- cmigrate: assert ");
    put_line_text(&sql, why);
    strbuf_puts(&sql, "\nSELECT 1;");
    *VEC_PUSH(import->arena, &to->sections) = (ImportedSection){ DOWNGRADE, false, sql.text, 1 };
}

bool import_has(const Imported *imported, Direction direction)
{
    VEC_EACH (ImportedSection, section, &imported->sections)
        if (section->direction == direction)
            return true;
    return false;
}

bool import_refuse_variables(Text sql, SourcePos at, Error *err)
{
    const char *found = memmem(sql.p, sql.n, "${x.", 4);
    if (!found)
        return true;
    const char *line = sql.p;
    for (const char *p = sql.p; p < found; p++)
        if (*p == '\n') {
            line = p + 1;
            at.line++;
            at.column = 1;
        }
    at.column = text_column(line, found);
    at.length = 4;
    error_at(err, ERR_UNSUPPORTED, at, "'${x.' begins a variable in a script of cmigrate, and is text here");
    return error_hint(err, "Write it in two parts that are put together, as in '${' || 'x.'.");
}

void import_variable(Import *import, StrBuf *out, Text name, Text fallback)
{
    const char *copy = arena_strndup(import->arena, name.p, name.n);
    strbuf_printf(out, "${x.%s", copy);
    if (fallback.p)
        strbuf_puts(out, ":-");
    strbuf_put(out, fallback.p ? fallback.p : "", fallback.n);
    strbuf_putc(out, '}');
    if (!fallback.p && !names_have(&import->variables, copy))
        *VEC_PUSH(import->arena, &import->variables) = copy;
}
