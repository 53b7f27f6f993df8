#define _GNU_SOURCE
#include <string.h>

#include "core/import/import_internal.h"
#include "core/revision/directive.h"
#include "core/revision/splitter.h"

typedef struct Output {
    Import *import;
    Direction direction;
    bool transactions; // it writes BEGIN and COMMIT
    bool open;         // one is
} Output;

static Imported *by_id(const Import *import, Text id)
{
    VEC_EACH (Imported *, it, &import->revisions)
        if (text_is(id, (*it)->head.revision))
            return *it;
    return NULL;
}

// `-- Running upgrade a, b -> c`, `-- Running downgrade c -> a, b`: the revision is the one of the two ends that is one.
static bool is_marker(const Output *output, Text comment, Text *id)
{
    const char *word = output->direction == UPGRADE ? "-- Running upgrade " : "-- Running downgrade ";
    size_t n = strlen(word);
    if (comment.n < n || memcmp(comment.p, word, n) != 0)
        return false;
    const char *arrow = memmem(comment.p, comment.n, "-> ", 3), *end = comment.p + comment.n;
    if (!arrow)
        arrow = memmem(comment.p, comment.n, "->", 2); // to the base: nothing follows
    if (!arrow)
        return false;
    *id = output->direction == UPGRADE ? text_trim((Text){ arrow + 2, (size_t)(end - arrow) - 2 })
                                       : text_trim((Text){ comment.p + n, (size_t)(arrow - comment.p) - n });
    return true;
}

// CREATE TABLE [IF NOT EXISTS] name ( version_num …: which table it keeps its version in.
static void learn_books(Import *import, Text sql)
{
    TokenList tokens = lex_all(import->arena, sql, import->dialect->lex), name = { 0 };
    size_t i = 2;
    if (import->books.count || tokens.count < 6 || !token_is(&tokens.items[0], "CREATE") ||
        !token_is(&tokens.items[1], "TABLE"))
        return;
    if (token_is(&tokens.items[2], "IF"))
        i = 5;
    for (; i < tokens.count && !token_is(&tokens.items[i], "(") && tokens.items[i].kind != TOKEN_END; i++)
        *VEC_PUSH(import->arena, &name) = tokens.items[i];
    if (i + 1 >= tokens.count || !token_named(&tokens.items[i + 1], "version_num"))
        return;
    import->books = name;
    if (import->table)
        return;
    StrBuf table;
    strbuf_init(&table, import->arena);
    VEC_EACH (Token, token, &name)
        strbuf_puts(&table, token_is(token, ".") ? "." : token_name(import->arena, token));
    import->table = table.text;
}

// The SQL between two marks of one revision. A revision that has passed is read for its transactions only; an
// update of Alembic's version table must end the chunk, or a comment swallowed its semicolon.
static bool take_chunk(Output *output, Text id, Text sql, Error *err)
{
    Import *import = output->import;
    Imported *to = by_id(import, id);
    if (!to ||
        to->seen[output->direction]) { // another head's way down has passed it; whether a transaction is open
        Imported nobody = { 0 };       // must be known behind it
        return import_section(import, &nobody, output->direction, false, &output->open, sql, (SourcePos){ 0 },
                              err);
    }
    size_t books = import->books_found;
    if (!import_refuse_variables(sql, (SourcePos){ to->head.path, 0, 0, 0 }, err) ||
        !import_section(import, to, output->direction, output->transactions, &output->open, sql,
                        (SourcePos){ to->head.path, 0, 0, 0 }, err)) {
        if (err) // a place in what Alembic printed is no place in the file
            err->at = (SourcePos){ to->head.path, 0, 0, 0 };
        return error_prefix(err, "%s of %s as Alembic writes it: ",
                            output->direction == UPGRADE ? "the upgrade" : "the downgrade",
                            to->head.revision);
    }
    to->seen[output->direction] = true;
    if (import->books_found > books)
        return true;
    error_at(err, ERR_UNSUPPORTED, (SourcePos){ to->head.path, 0, 0, 0 },
             "the end of the last statement of %s cannot be told", to->head.revision);
    return error_hint(err, "Alembic puts a semicolon after each text that op.execute() is given: one that "
                           "ends in a comment swallows it.");
}

// What stands before the first revision: where the books are kept, and whether a transaction is open.
static void take_preamble(Output *output, Text sql)
{
    Splitter splitter;
    splitter_init(&splitter, sql, output->import->dialect->lex);
    for (SplitEvent event = splitter_next(&splitter); event.kind != SPLIT_END && event.kind != SPLIT_BAD;
         event = splitter_next(&splitter)) {
        if (event.kind != SPLIT_STATEMENT)
            continue;
        TransactionControl control = statement_control(event.text, output->import->dialect->lex);
        if (control == CONTROLS_BEGIN)
            output->open = output->transactions = true;
        learn_books(output->import, event.text);
    }
}

// What env.py prints itself comes first, and is no SQL.
static Text from_its_beginning(Text text)
{
    static const char *const beginnings[] = { "BEGIN;", "CREATE TABLE ", "-- Running " };
    Text line;
    for (Lines lines = { text.p, text.p + text.n, 0 }; lines_next(&lines, &line);)
        for (size_t i = 0; i < COUNT_OF(beginnings); i++)
            if (line.n >= strlen(beginnings[i]) && memcmp(line.p, beginnings[i], strlen(beginnings[i])) == 0)
                return (Text){ line.p, (size_t)(text.p + text.n - line.p) };
    return (Text){ text.p + text.n, 0 };
}

bool alembic_take_output(Import *import, Direction direction, Text text, Error *err)
{
    Output output = { .import = import, .direction = direction };
    Splitter splitter;
    text = from_its_beginning(text);
    splitter_init(&splitter, text, import->dialect->lex);
    const char *from = text.p, *end = text.p + text.n;
    Text id = { 0 };
    for (;;) {
        SplitEvent event = splitter_next(&splitter);
        bool last = event.kind == SPLIT_END || event.kind == SPLIT_BAD;
        Text next = { 0 };
        if (!last && (event.kind != SPLIT_COMMENT || event.open || !is_marker(&output, event.text, &next)))
            continue;
        Text chunk = { from, (size_t)((last ? end : event.text.p) - from) };
        if (!id.p)
            take_preamble(&output, chunk);
        else if (!take_chunk(&output, id, chunk, err))
            return false;
        if (last)
            return true;
        id = next;
        from = event.text.p + event.text.n;
    }
}
