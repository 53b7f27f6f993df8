// Laws of the splitter and of scripts, whatever the bytes:
//   between statements there are only spaces, comments, terminators, DELIMITER lines; no byte of a statement is lost;
//   statements stand in their order, inside the text, and do not overlap; their places are where they are;
//   a statement split again is itself; what is written as a script is read back as it was.
// The first byte chooses the engine.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/revision/script.h"
#include "core/revision/splitter.h"

static const unsigned engines[] = { LEX_SQLITE, LEX_POSTGRESQL, LEX_MYSQL };
static const char *const names[] = { "sqlite", "postgresql", "mysql" };

static void broken(const char *law, Text text)
{
    fprintf(stderr, "broken: %s\n%.*s\n", law, (int)text.n, text.p);
    abort();
}

// Walks what lies between two statements with the same lexer: DELIMITER and what it set may stand there too.
static bool is_gap(const char *from, const char *to, unsigned rules, bool delimited)
{
    if (delimited)
        return true; // what ends a statement there can be any text
    Lexer lexer;
    lex_init(&lexer, (Text){ from, (size_t)(to - from) }, rules, false);
    for (Token token = lex_next(&lexer); token.kind != TOKEN_END; token = lex_next(&lexer))
        if (!token_is(&token, ";"))
            return false;
    return true;
}

static bool has_word(Text text, const char *word)
{
    size_t n = strlen(word);
    for (size_t i = 0; i + n <= text.n; i++)
        if (strncasecmp(text.p + i, word, n) == 0)
            return true;
    return false;
}

static void check_place(Text text, const ScriptStatement *statement)
{
    unsigned line = 1, column = 1;
    for (const char *p = text.p; p < statement->sql.p; p++) {
        if (*p == '\n') {
            line++;
            column = 1;
        } else if (((unsigned char)*p & 0xc0) != 0x80) {
            column++;
        }
    }
    if (statement->at.line != line ||
        (statement->at.column != column && ((unsigned char)*statement->sql.p & 0xc0) != 0x80))
        broken("a statement's place", text);
}

static void check_again(Arena *arena, const Dialect *dialect, Text sql)
{
    Section again = { 0 };
    Error err;
    bool ok = script_split(arena, dialect, sql, (SourcePos){ "x", 1, 1, 0 }, &again, &err);
    if (!ok || again.statements.count != 1 || again.statements.items[0].sql.p != sql.p ||
        again.statements.items[0].sql.n != sql.n)
        broken("a statement split again is itself", sql);
}

// Does a semicolon end it? Not where a body or a parenthesis is left open: then it is no whole statement.
static bool is_closed(Arena *arena, const Dialect *dialect, Text sql)
{
    const char *ended = arena_printf(arena, "%.*s\n;", (int)sql.n, sql.p);
    Section section = { 0 };
    Error err;
    return script_split(arena, dialect, (Text){ ended, strlen(ended) }, (SourcePos){ "x", 1, 1, 0 }, &section,
                        &err) &&
           section.statements.count == 1 && section.statements.items[0].sql.n == sql.n;
}

// The writer's law: a statement and a message come back as they were.
static void check_written(Arena *arena, const Dialect *dialect, const Section *section, const char *message)
{
    Script head = { .revision = "a1", .message = message }, back;
    StatementList up = { 0 };
    VEC_EACH (ScriptStatement, it, &section->statements)
        *VEC_PUSH(arena, &up) =
            (Statement){ .sql = arena_strndup(arena, it->sql.p, it->sql.n), .assertion = it->assertion };
    StrBuf out;
    strbuf_init(&out, arena);
    script_write(&out, &head, dialect, &up, NULL);
    Text written = { out.text, out.length };
    Error err = { 0 };
    SectionList sections = { 0 };
    if (!script_read_text(arena, "x", written, &back, &err) ||
        !script_sections(arena, &back, dialect, UPGRADE, &sections, &err)) {
        fprintf(stderr, "%u: %s\n", err.at.line, err.message);
        broken("what is written can be read", written);
    }
    if (strcmp(back.message ? back.message : "", message) != 0)
        broken("the message comes back", written);
    if (sections.count != 1 || sections.items[0]->statements.count != up.count)
        broken("as many statements come back", written);
    for (size_t i = 0; i < up.count; i++) {
        Text sql = sections.items[0]->statements.items[i].sql;
        if (sql.n != strlen(up.items[i].sql) || memcmp(sql.p, up.items[i].sql, sql.n) != 0)
            broken("each statement comes back", written);
    }
}

static void check(Arena *arena, const Dialect *dialect, Text text)
{
    Section section = { 0 };
    Error err = { 0 };
    if (!script_split(arena, dialect, text, (SourcePos){ "x", 1, 1, 0 }, &section, &err)) {
        if (!err.message[0] || !err.at.line)
            broken("a refusal has words and a place", text);
        return;
    }
    bool delimited = has_word(text, "delimiter") || has_word(text, "sql_mode"); // other rules from there on
    bool whole = true;
    const char *end = text.p;
    VEC_EACH (ScriptStatement, it, &section.statements) {
        if (it->sql.n == 0 || it->sql.p < end || it->sql.p + it->sql.n > text.p + text.n)
            broken("order and bounds", text);
        if (!is_gap(end, it->sql.p, dialect->lex, delimited))
            broken("only spaces, comments and terminators between statements", text);
        check_place(text, it);
        // Dashes at the very end begin a comment that they did not begin before the next byte was cut off
        bool dashes = it->sql.p[it->sql.n - 1] == '-';
        if (!delimited && !dashes && it->sql.p[0] != '.')
            check_again(arena, dialect, it->sql);
        whole = whole && !dashes && it->sql.p[0] != '.' && is_closed(arena, dialect, it->sql);
        end = it->sql.p + it->sql.n;
    }
    if (!is_gap(end, text.p + text.n, dialect->lex, delimited))
        broken("only spaces, comments and terminators behind the last", text);
    bool plain = whole && !delimited && !memchr(text.p, '\0', text.n) && !memchr(text.p, '\\', text.n);
    if (plain && text.n < 2000)
        check_written(arena, dialect, &section, arena_strndup(arena, text.p, text.n));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    size_t engine = data[0] % COUNT_OF(engines);
    Dialect dialect = { .name = names[engine], .lex = engines[engine] };
    Arena *arena = arena_new();
    char *copy = malloc(size); // exactly as long, so that a byte too far is seen
    if (copy) {
        memcpy(copy, data + 1, size - 1);
        check(arena, &dialect, (Text){ copy, size - 1 });
        Script script;
        Error err = { 0 };
        if (!script_read_text(arena, "x", (Text){ copy, size - 1 }, &script, &err) && !err.message[0])
            broken("a refusal has words", (Text){ copy, size - 1 });
    }
    free(copy);
    arena_free(arena);
    return 0;
}
