#include "core/revision/script.h"

#include <string.h>

#include "core/revision/directive.h"
#include "core/revision/script_engines.h"
#include "core/revision/splitter.h"

static void put_header(StrBuf *out, const char *word, const char *value)
{
    strbuf_printf(out, "-- cmigrate: %s", word);
    if (value && value[0]) {
        strbuf_putc(out, ' ');
        put_line_text(out, value);
    }
    strbuf_putc(out, '\n');
}

static void put_names(StrBuf *out, const char *word, const NameList *names)
{
    strbuf_printf(out, "-- cmigrate: %s", word);
    for (size_t i = 0; i < names->count; i++) {
        strbuf_puts(out, i ? ", " : " ");
        put_line_text(out, names->items[i]);
    }
    strbuf_putc(out, '\n');
}

void script_put_head(StrBuf *out, const Script *head, const Dialect *dialect)
{
    put_header(out, "revision", head->revision);
    put_names(out, "parents", &head->parents);
    put_header(out, "message", head->message);
    if (head->created)
        put_header(out, "created", head->created);
    if (dialect)
        put_header(out, "dialect", dialect->name);
    if (head->phase)
        put_header(out, "phase", head->phase);
    if (head->labels.count)
        put_names(out, "labels", &head->labels);
    if (head->depends_on.count)
        put_names(out, "depends_on", &head->depends_on);
    if (head->replaces.count)
        put_names(out, "replaces", &head->replaces);
}

// Each line of a comment after its own `-- `; one that would read as a directive is made harmless.
static void put_comment(StrBuf *out, const char *comment)
{
    for (const char *p = comment; *p;) {
        size_t n = strcspn(p, "\n");
        StrBuf line;
        strbuf_init(&line, out->arena);
        const char *copy = arena_strndup(out->arena, p, n);
        strbuf_puts(&line, "-- ");
        put_line_text(&line, copy);
        Directive directive;
        strbuf_puts(out, directive_parse((Text){ line.text, line.length }, &directive) ? "-- \\" : "-- ");
        strbuf_puts(out, line.text + 3);
        strbuf_putc(out, '\n');
        p += n + (p[n] == '\n');
    }
}

const char *script_without_directives(Arena *arena, const char *sql, unsigned rules)
{
    if (!strstr(sql, "--"))
        return sql;
    StrBuf out;
    strbuf_init(&out, arena);
    const char *copied = sql;
    Splitter splitter;
    splitter_init(&splitter, (Text){ sql, strlen(sql) }, rules);
    for (SplitEvent event = splitter_next(&splitter); event.kind != SPLIT_END && event.kind != SPLIT_BAD;
         event = splitter_next(&splitter)) {
        Directive directive;
        if (event.kind != SPLIT_COMMENT || !directive_parse(event.text, &directive))
            continue;
        const char *word = event.text.p + 2;
        word += strspn(word, " \t");
        strbuf_put(&out, copied, (size_t)(event.text.p - copied));
        strbuf_puts(&out, "-- \\");
        copied = word;
    }
    strbuf_puts(&out, copied);
    return out.text;
}

static bool ends_in_line_comment(const char *sql, unsigned rules)
{
    Lexer lexer;
    lex_init(&lexer, (Text){ sql, strlen(sql) }, rules, true);
    bool comment = false;
    for (Token token = lex_next(&lexer); token.kind != TOKEN_END; token = lex_next(&lexer))
        comment = token.kind == TOKEN_COMMENT
                      ? token.text.p[0] != '/'
                      : comment && token.kind == TOKEN_SPACE && !memchr(token.text.p, '\n', token.text.n);
    return comment;
}

// Does our own splitter see one statement in it, up to its last byte?
static bool is_one_statement(const char *text, unsigned rules)
{
    Splitter splitter;
    splitter_init(&splitter, (Text){ text, strlen(text) }, rules);
    size_t statements = 0;
    for (;;) {
        SplitEvent event = splitter_next(&splitter);
        if (event.kind == SPLIT_END)
            return statements <= 1;
        if (event.kind != SPLIT_STATEMENT && event.kind != SPLIT_COMMENT)
            return false;
        statements += event.kind == SPLIT_STATEMENT;
    }
}

static void put_delimited(StrBuf *out, const char *sql, bool newline)
{
    static const char *const delimiters[] = { "//", "$$", ";;", "@@", "//cmigrate//" };
    size_t i = 0;
    while (i + 1 < COUNT_OF(delimiters) && strstr(sql, delimiters[i]))
        i++;
    strbuf_printf(out, "DELIMITER %s\n%s%s%s\nDELIMITER ;\n", delimiters[i], sql, newline ? "\n" : "",
                  delimiters[i]);
}

// Writes a statement as the splitter reads it back: it is split here to see, and where that gives another text
// it gets a DELIMITER of its own.
static void put_statement(StrBuf *out, const Statement *statement, unsigned rules)
{
    if (statement->comment)
        put_comment(out, statement->comment);
    if (statement->assertion)
        put_header(out, "assert", statement->assertion[0] ? statement->assertion : "the query gives rows");
    if (statement->batch)
        put_header(out, "batch", statement->batch);
    const char *sql = script_without_directives(out->arena, statement->sql, rules);
    bool newline = ends_in_line_comment(sql, rules);
    const char *terminated = arena_printf(out->arena, "%s%s;\nSELECT", sql, newline ? "\n" : "");
    Splitter splitter;
    splitter_init(&splitter, (Text){ terminated, strlen(terminated) }, rules);
    SplitEvent event = splitter_next(&splitter);
    while (event.kind == SPLIT_COMMENT)
        event = splitter_next(&splitter);
    bool whole = event.kind == SPLIT_STATEMENT && strlen(sql) >= event.text.n &&
                 is_one_statement(event.text.p + event.text.n, rules);
    if (whole || !(rules & LEX_ROUTINE_BODIES))
        strbuf_printf(out, "%s%s;\n", sql, newline ? "\n" : "");
    else
        put_delimited(out, sql, newline);
}

static bool has_semicolon(const char *sql, unsigned rules)
{
    Lexer lexer;
    lex_init(&lexer, (Text){ sql, strlen(sql) }, rules, false);
    for (Token token = lex_next(&lexer); token.kind != TOKEN_END; token = lex_next(&lexer))
        if (token.kind == TOKEN_SYMBOL && memchr(token.text.p, ';', token.text.n))
            return true;
    return false;
}

void script_put_for_client(StrBuf *out, const Dialect *dialect, const char *sql)
{
    bool newline = ends_in_line_comment(sql, dialect->lex);
    if ((dialect->lex & LEX_ROUTINE_BODIES) && has_semicolon(sql, dialect->lex))
        put_delimited(out, sql, newline);
    else
        strbuf_printf(out, "%s%s;\n", sql, newline ? "\n" : "");
}

// `engine`: the section is for it alone; NULL: it does not say.
static void put_section(StrBuf *out, const char *word, const char *engine, const StatementList *statements,
                        unsigned rules)
{
    const char *marked = engine ? arena_printf(out->arena, "%s (%s)", word, engine) : word;
    bool open = false, no_transaction = false;
    for (size_t i = 0; statements && i < statements->count; i++) {
        const Statement *statement = &statements->items[i];
        if (!open || statement->starts_section || statement->no_transaction != no_transaction) {
            no_transaction = statement->no_transaction;
            strbuf_printf(out, "\n-- cmigrate: %s%s\n", marked, no_transaction ? " no-transaction" : "");
            open = true;
        } else if (statement->comment || statement->assertion || statement->batch) {
            strbuf_putc(out, '\n');
        }
        put_statement(out, statement, rules);
    }
    if (!open)
        strbuf_printf(out, "\n-- cmigrate: %s\n", marked);
}

void script_write_up(StrBuf *out, const Script *head, const Dialect *dialect, const StatementList *up)
{
    script_put_head(out, head, dialect);
    put_section(out, "upgrade", NULL, up, dialect ? dialect->lex : 0);
}

void script_write(StrBuf *out, const Script *head, const Dialect *dialect, const StatementList *up,
                  const StatementList *down)
{
    script_write_up(out, head, dialect, up);
    put_section(out, "downgrade", NULL, down, dialect ? dialect->lex : 0);
}

// ---- For several engines

// Would every engine split and read it alike? What their lexical rules differ in is not in it.
static bool is_plain(const char *sql)
{
    return !strpbrk(sql, ";\\$#`") && !strstr(sql, "--") && !strstr(sql, "/*");
}

static bool same_statement(const Statement *a, const Statement *b)
{
    const char *first = a->assertion ? a->assertion : "", *second = b->assertion ? b->assertion : "";
    return strcmp(a->sql, b->sql) == 0 && strcmp(first, second) == 0 && !a->assertion == !b->assertion &&
           same_text(a->batch, b->batch) && a->no_transaction == b->no_transaction &&
           a->starts_section == b->starts_section;
}

static bool same_statements(const StatementList *a, const StatementList *b)
{
    if (a->count != b->count)
        return false;
    for (size_t i = 0; i < a->count; i++)
        if (!is_plain(a->items[i].sql) || !same_statement(&a->items[i], &b->items[i]))
            return false;
    return true;
}

// A section for all says nothing of the locks of one engine.
static StatementList without_comments(Arena *arena, const StatementList *from)
{
    StatementList out = { 0 };
    VEC_EACH (Statement, it, from) {
        Statement *copy = VEC_PUSH(arena, &out);
        *copy = *it;
        if (copy->comment && strncmp(copy->comment, "locks: ", 7) == 0)
            copy->comment = NULL;
    }
    return out;
}

static void put_direction(StrBuf *out, const ScriptPart *parts, size_t count, Direction direction)
{
    const char *word = direction == UPGRADE ? "upgrade" : "downgrade";
    bool same = true;
    for (size_t i = 1; i < count; i++)
        same = same && (direction == UPGRADE ? same_statements(parts[0].up, parts[i].up)
                                             : same_statements(parts[0].down, parts[i].down));
    if (same) {
        const StatementList bare =
            without_comments(out->arena, direction == UPGRADE ? parts[0].up : parts[0].down);
        put_section(out, word, NULL, &bare, 0);
        return;
    }
    for (size_t i = 0; i < count; i++)
        put_section(out, word, parts[i].dialect->name, direction == UPGRADE ? parts[i].up : parts[i].down,
                    parts[i].dialect->lex);
}

void script_write_engines(StrBuf *out, const Script *head, const ScriptPart *parts, size_t count)
{
    script_put_head(out, head, NULL);
    put_direction(out, parts, count, UPGRADE);
    put_direction(out, parts, count, DOWNGRADE);
}
