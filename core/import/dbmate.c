// dbmate: 20151127184807_create_users.sql, with `-- migrate:up` and `-- migrate:down`.
#define _GNU_SOURCE
#include <string.h>

#include "core/import/import_internal.h"
#include "core/revision/directive.h"

// `-- migrate:up`, and what follows it in the line.
static bool is_marker(Text line, const char *word, Text *options)
{
    if (line.n < 2 || memcmp(line.p, "--", 2) != 0)
        return false;
    Text rest = text_trim((Text){ line.p + 2, line.n - 2 });
    size_t n = strlen(word);
    if (rest.n < n || memcmp(rest.p, word, n) != 0 || (rest.n > n && !strchr(" \t\r", rest.p[n])))
        return false;
    *options = text_trim((Text){ rest.p + n, rest.n - n });
    return true;
}

static bool is_plain_line(Text line)
{
    Text text = text_trim(line);
    return text.n == 0 || (text.n >= 2 && memcmp(text.p, "--", 2) == 0);
}

typedef struct Block {
    const char *start, *end; // NULL: it is not there
    unsigned line;           // of its first byte
    bool no_transaction;
    NameList env; // variables of the environment that stand in it as {{ .NAME }}
} Block;

static void take_options(Import *import, const char *path, Text options, Block *block)
{
    NameList words = { 0 };
    split_names(import->arena, options, &words);
    VEC_EACH (const char *, word, &words) {
        if (strcmp(*word, "transaction:false") == 0)
            block->no_transaction = true;
        else if (strncmp(*word, "env:", 4) == 0)
            *VEC_PUSH(import->arena, &block->env) = *word + 4;
        else if (strcmp(*word, "transaction:true") != 0)
            import_warn(import, path, "the option '%s' says nothing to dbmate, and nothing here", *word);
    }
}

// {{ .NAME }} for what `env:NAME` allows.
static bool fill_in(Import *import, const Block *block, Text line, SourcePos at, StrBuf *out, Error *err)
{
    for (const char *p = line.p, *end = line.p + line.n; p < end;) {
        const char *stop =
            end - p > 3 && p[0] == '{' && p[1] == '{' ? memmem(p, (size_t)(end - p), "}}", 2) : NULL;
        if (!stop) {
            strbuf_putc(out, *p++);
            continue;
        }
        Text inside = text_trim((Text){ p + 2, (size_t)(stop - p) - 2 });
        const char *name = inside.n > 1 && inside.p[0] == '.'
                               ? arena_strndup(import->arena, inside.p + 1, inside.n - 1)
                               : NULL;
        if (!name || !names_have(&block->env, name)) {
            at.column = text_column(line.p, p);
            at.length = text_characters((Text){ p, (size_t)(stop + 2 - p) });
            return error_at(err, ERR_UNSUPPORTED, at,
                            "this is not a variable that the line '-- migrate:' names");
        }
        import_variable(import, out, (Text){ inside.p + 1, inside.n - 1 }, (Text){ 0 });
        p = stop + 2;
    }
    return true;
}

static bool block_text(Import *import, const char *path, const Block *block, Text *out, Error *err)
{
    Text sql = { block->start, (size_t)(block->end - block->start) }, line;
    *out = sql;
    SourcePos at = { path, block->line, 1, 0 };
    if (!import_refuse_variables(sql, at, err))
        return false;
    if (!block->env.count)
        return true;
    StrBuf filled;
    strbuf_init(&filled, import->arena);
    for (Lines lines = { sql.p, sql.p + sql.n, block->line - 1 }; lines_next(&lines, &line);) {
        at.line = lines.number;
        if (!fill_in(import, block, line, at, &filled, err))
            return false;
        strbuf_putc(&filled, '\n');
    }
    *out = (Text){ filled.text, filled.length };
    return true;
}

// Finds the two sections of a file. What dbmate itself refuses (a statement above the first, the two in the
// wrong order) is refused here too.
static bool find_blocks(Import *import, const char *path, Text text, Block blocks[2], Error *err)
{
    static const char *const words[] = { "migrate:up", "migrate:down" };
    Lines lines = { text.p, text.p + text.n, 0 };
    for (Text line; lines_next(&lines, &line);) {
        Text options = { 0 };
        Direction found = is_marker(line, words[DOWNGRADE], &options) ? DOWNGRADE : UPGRADE;
        bool marker = found == DOWNGRADE || is_marker(line, words[UPGRADE], &options);
        SourcePos at = { path, lines.number, 1, text_characters(line) };
        if (!marker && !blocks[UPGRADE].start && !is_plain_line(line)) {
            error_at(err, ERR_SCRIPT, at, "a statement above '-- migrate:up'");
            return error_hint(err, "dbmate refuses it too: put it below the line.");
        }
        if (!marker || blocks[found].start)
            continue;
        if (found == DOWNGRADE && !blocks[UPGRADE].start)
            return error_at(err, ERR_SCRIPT, at, "'-- migrate:down' comes before '-- migrate:up'");
        blocks[found] = (Block){ .start = lines.p, .end = text.p + text.n, .line = lines.number + 1 };
        take_options(import, path, options, &blocks[found]);
        if (found == DOWNGRADE)
            blocks[UPGRADE].end = line.p;
    }
    if (blocks[UPGRADE].start)
        return true;
    error_at(err, ERR_SCRIPT, (SourcePos){ path, 1, 0, 0 }, "there is no '-- migrate:up'");
    return error_hint(err, "Each migration of dbmate has one; if the file is none, move it elsewhere.");
}

// Makes one revision of a file: the digits in front are its version, the rest of the name its message.
static bool read_file(Import *import, const char *name, Error *err)
{
    const char *path = import_path(import, name);
    size_t digits = digits_at(name);
    const char *message = name + digits + (name[digits] == '_'),
               *version = arena_strndup(import->arena, name, digits);
    Text text;
    Block blocks[2] = { 0 };
    if (!import_text(import, path, &text, err) || !find_blocks(import, path, text, blocks, err))
        return false;
    Imported *to =
        import_add(import, version, version,
                   arena_strndup(import->arena, message, strlen(message) - strlen(".sql")), path, err);
    for (int i = UPGRADE; to && i <= DOWNGRADE; i++) {
        if (!blocks[i].start)
            continue;
        Text sql;
        SourcePos at = { path, blocks[i].line, 1, 0 };
        bool open = false;
        if (!block_text(import, path, &blocks[i], &sql, err) ||
            !import_section(import, to, (Direction)i, blocks[i].no_transaction, &open, sql, at, err))
            return false;
    }
    return to != NULL;
}

bool read_dbmate(Import *import, Error *err)
{
    NameList names = { 0 };
    if (!import_list(import, false, &names, err))
        return false;
    VEC_EACH (const char *, name, &names) {
        size_t n = strlen(*name);
        bool is_sql = n > 4 && strcmp(*name + n - 4, ".sql") == 0;
        if (is_sql && !digits_at(*name))
            import_warn(import, import_path(import, *name),
                        "left out: its name does not begin with a version");
        else if (is_sql && !read_file(import, *name, err))
            return false;
    }
    return import_chain(import, err);
}
