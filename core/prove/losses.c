#include "core/prove/losses.h"

#include <string.h>
#include <strings.h>

#include "core/revision/directive.h"

static bool is_word_byte(char c)
{
    return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c & 0x80);
}

// As a word of its own.
static bool text_has_word(const char *text, const char *word)
{
    size_t n = strlen(word);
    for (const char *p = text; n && (p = strstr(p, word)); p++)
        if ((p == text || !is_word_byte(p[-1]) || !is_word_byte(word[0])) &&
            !(is_word_byte(p[n]) && is_word_byte(word[n - 1])))
            return true;
    return false;
}

static void add(Arena *arena, DeclaredLosses *out, const char *schema, const char *table, const char *column,
                SourcePos at)
{
    VEC_EACH (DeclaredLoss, it, out)
        if (same_text(it->table, table) && same_text(it->column, column) && same_text(it->schema, schema))
            return;
    *VEC_PUSH(arena, out) = (DeclaredLoss){ .schema = schema, .table = table, .column = column, .at = at };
}

// TABLE, TABLE.COLUMN, SCHEMA.TABLE or SCHEMA.TABLE.COLUMN: of two parts, a table of the first name counts.
static void read_directive(Arena *arena, Text rest, const Schema *const sides[2], SourcePos at,
                           DeclaredLosses *out)
{
    NameList words = { 0 }, parts = { 0 };
    size_t n = 0;
    for (bool quoted = false; n < rest.n && (quoted || (rest.p[n] != ' ' && rest.p[n] != '\t')); n++)
        quoted ^= rest.p[n] == '"';
    *VEC_PUSH(arena, &words) = arena_strndup(arena, rest.p, n);
    if (!n || !name_split(arena, words.items[0], &parts) || parts.count > 3) {
        add(arena, out, NULL, NULL, NULL, at);
        return;
    }
    if (parts.count == 3) {
        add(arena, out, parts.items[0], parts.items[1], parts.items[2], at);
        return;
    }
    bool schema = false;
    for (size_t i = 0; i < 2 && parts.count == 2; i++)
        schema |= sides[i] && schema_table(sides[i], parts.items[0], parts.items[1]) != NULL;
    if (schema)
        add(arena, out, parts.items[0], parts.items[1], NULL, at);
    else
        add(arena, out, NULL, parts.items[0], parts.count == 2 ? parts.items[1] : NULL, at);
}

// Columns that the phrase names, or else its tables whole.
static void read_phrase(Arena *arena, const char *phrase, const Schema *const sides[2], SourcePos at,
                        DeclaredLosses *out)
{
    for (size_t i = 0; i < 2; i++)
        for (size_t k = 0; sides[i] && k < sides[i]->tables.count; k++) {
            const Table *table = sides[i]->tables.items[k];
            bool some = false;
            if (!text_has_word(phrase, table->head.name))
                continue;
            bool rows = strstr(phrase, "the rows of table ") != NULL;
            VEC_EACH (Column *, column, &table->columns)
                if (!rows && text_has_word(phrase, (*column)->head.name) &&
                    strcmp((*column)->head.name, "table") != 0 &&
                    strcmp((*column)->head.name, "column") != 0) {
                    add(arena, out, table->head.schema, table->head.name, (*column)->head.name, at);
                    some = true;
                }
            if (!some && rows)
                add(arena, out, table->head.schema, table->head.name, NULL, at);
        }
}

// One phrase each: they are joined by "; " where a statement does several things.
static void read_comment(Arena *arena, const char *text, const Schema *const sides[2], SourcePos at,
                         DeclaredLosses *out)
{
    static const char *const marks[] = { "loses data: ", "may lose data: ", "drops values of " };
    bool marked = false;
    for (const char *p = text; *p;) {
        const char *end = strstr(p, "; ");
        const char *phrase = end ? arena_strndup(arena, p, (size_t)(end - p)) : p;
        for (size_t i = 0; i < COUNT_OF(marks); i++)
            marked |= strncmp(phrase, marks[i], strlen(marks[i])) == 0;
        // "loses data: column body of table f; columns a of table t": what follows belongs to it
        if (marked)
            read_phrase(arena, phrase, sides, at, out);
        p = end ? end + 2 : p + strlen(p);
    }
}

void losses_read(Arena *arena, const Script *script, const Schema *before, const Schema *after,
                 DeclaredLosses *out)
{
    const Schema *const sides[2] = { before, after };
    const char *p = script->text.p, *end = p + script->text.n;
    for (unsigned line = 1; p && p < end; line++) {
        const char *stop = memchr(p, '\n', (size_t)(end - p));
        Text text = text_trim((Text){ p, (size_t)((stop ? stop : end) - p) });
        SourcePos at = { .file = script->path, .line = line, .column = 1 };
        Directive directive;
        if (directive_parse(text, &directive)) {
            if (text_is(directive.word, "loses"))
                read_directive(arena, directive.rest, sides, at, out);
        } else if (text.n > 3 && text.p[0] == '-' && text.p[1] == '-') {
            text = text_trim((Text){ text.p + 2, text.n - 2 });
            read_comment(arena, arena_strndup(arena, text.p, text.n), sides, at, out);
        }
        p = stop ? stop + 1 : end;
    }
}

bool loss_is_declared(const DeclaredLosses *losses, const Table *table, const char *column)
{
    VEC_EACH (DeclaredLoss, it, losses) {
        bool table_fits = it->table && strcasecmp(it->table, table->head.name) == 0 &&
                          (!it->schema || same_text(it->schema, table->head.schema));
        if (table_fits && (!it->column || (column && strcasecmp(it->column, column) == 0)))
            return true;
    }
    return false;
}
