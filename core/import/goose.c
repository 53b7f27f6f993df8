// goose: 00001_create_users.sql, with `-- +goose Up`, `-- +goose Down` and what stands between.
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "core/import/import_internal.h"
#include "core/revision/directive.h"

typedef enum Annotation {
    UP,
    DOWN,
    STATEMENT_BEGIN,
    STATEMENT_END,
    NO_TRANSACTION,
    ENVSUB_ON,
    ENVSUB_OFF,
    ANNOTATION_COUNT,
    NO_ANNOTATION
} Annotation;
static const char *const annotations[ANNOTATION_COUNT] = {
    "Up", "Down", "StatementBegin", "StatementEnd", "NO TRANSACTION", "ENVSUB ON", "ENVSUB OFF",
};

typedef struct Goose {
    Import *import;
    const char *path;
    StrBuf texts[2]; // of the directions, a line of the file in each line, so that places stay true
    bool seen[2];
    bool in_statement, substitutes, no_transaction;
    Direction direction;
    unsigned line;
} Goose;

// Gives NO_ANNOTATION for a line without one. An unknown annotation is an error that suggests the nearest
// known one.
static bool parse_annotation(const Goose *goose, Text line, Annotation *out, Error *err)
{
    static const char mark[] = "+goose";
    *out = NO_ANNOTATION;
    Text text = text_trim(line);
    if (text.n < 2 || memcmp(text.p, "--", 2) != 0)
        return true;
    Text rest = text_trim((Text){ text.p + 2, text.n - 2 });
    if (rest.n < sizeof(mark) - 1 || memcmp(rest.p, mark, sizeof(mark) - 1) != 0)
        return true;
    SourcePos at = { goose->path, goose->line, text_column(line.p, text.p), text_characters(text) };
    if (text.p != line.p)
        return error_at(err, ERR_SCRIPT, at, "blanks before an annotation of goose");
    rest = text_trim((Text){ rest.p + sizeof(mark) - 1, rest.n - sizeof(mark) + 1 });
    const char *word = arena_strndup(goose->import->arena, rest.p, rest.n);
    for (Annotation it = UP; it < ANNOTATION_COUNT; it++)
        if (strcasecmp(word, annotations[it]) == 0) {
            *out = it;
            return true;
        }
    error_at(err, ERR_SCRIPT, at, "goose has no annotation '%s'", word);
    const char *near = nearest_word(word, annotations, ANNOTATION_COUNT);
    return near ? error_label(err, "did you mean '%s'?", near) : false;
}

// ---- ENVSUB: $NAME, ${NAME}, ${NAME:-default}, ${NAME-default}, ${NAME?message}

static size_t name_length(const char *p, const char *end)
{
    size_t n = 0;
    while (p + n < end &&
           (isalpha((unsigned char)p[n]) || p[n] == '_' || (n && isdigit((unsigned char)p[n]))))
        n++;
    return n;
}

static bool substitute_braced(Goose *goose, Text line, const char **p, StrBuf *out, Error *err)
{
    const char *end = line.p + line.n, *name = *p + 2;
    size_t n = name_length(name, end);
    const char *stop = n ? memchr(name + n, '}', (size_t)(end - name - (ptrdiff_t)n)) : NULL;
    SourcePos at = { goose->path, goose->line, text_column(line.p, *p), 2 };
    if (!stop)
        return error_at(err, ERR_SCRIPT, at, "ENVSUB is on, and this is not a variable");
    const char *rest = name + n;
    size_t mark = rest[0] == ':' ? 1 : 0;
    at.length = text_characters((Text){ *p, (size_t)(stop + 1 - *p) });
    Text fallback = { 0 };
    if (rest[mark] == '-')
        fallback = (Text){ rest + mark + 1, (size_t)(stop - rest) - mark - 1 };
    else if (rest != stop && rest[mark] != '?')
        return error_at(err, ERR_UNSUPPORTED, at, "a part of a variable cannot be carried over");
    import_variable(goose->import, out, (Text){ name, n }, fallback);
    *p = stop + 1;
    return true;
}

static bool substitute(Goose *goose, Text line, StrBuf *out, Error *err)
{
    for (const char *p = line.p, *end = line.p + line.n; p < end;) {
        size_t n = *p == '$' ? name_length(p + 1, end) : 0;
        if (*p == '$' && p + 1 < end && p[1] == '{') {
            if (!substitute_braced(goose, line, &p, out, err))
                return false;
        } else if (n) {
            import_variable(goose->import, out, (Text){ p + 1, n }, (Text){ 0 });
            p += n + 1;
        } else if ((*p == '$' || *p == '\\') && p + 1 < end && p[1] == '$') {
            strbuf_puts(out, *p == '$' ? "$$" : "$");
            p += 2;
        } else {
            strbuf_putc(out, *p++);
        }
    }
    return true;
}

// ---- Lines

static bool misplaced(const Goose *goose, Annotation annotation, Error *err)
{
    return error_at(err, ERR_SCRIPT, (SourcePos){ goose->path, goose->line, 1, 0 },
                    "'-- +goose %s' is not allowed here", annotations[annotation]);
}

// What stands between StatementBegin and StatementEnd needs no semicolon at its end for goose.
static void end_statement(StrBuf *text)
{
    size_t n = text->length;
    while (n && isspace((unsigned char)text->text[n - 1]))
        n--;
    if (n && text->text[n - 1] != ';')
        strbuf_putc(text, ';');
}

// Moves between sections as goose does. Everything out of place is an error, since goose would read the file
// otherwise than its author thinks.
static bool take_annotation(Goose *goose, Annotation annotation, Error *err)
{
    bool begun = goose->seen[UPGRADE];
    switch (annotation) {
    case UP:
        if (begun)
            return misplaced(goose, annotation, err);
        goose->direction = UPGRADE;
        return goose->seen[UPGRADE] = true;
    case DOWN:
        if (!begun || goose->seen[DOWNGRADE] || goose->in_statement)
            return misplaced(goose, annotation, err);
        goose->direction = DOWNGRADE;
        return goose->seen[DOWNGRADE] = true;
    case STATEMENT_BEGIN:
        if (!begun || goose->in_statement)
            return misplaced(goose, annotation, err);
        return goose->in_statement = true;
    case STATEMENT_END:
        if (!goose->in_statement)
            return misplaced(goose, annotation, err);
        end_statement(&goose->texts[goose->direction]);
        goose->in_statement = false;
        return true;
    case NO_TRANSACTION: return goose->no_transaction = true;
    case ENVSUB_ON: return goose->substitutes = true;
    case ENVSUB_OFF: goose->substitutes = false; return true;
    case ANNOTATION_COUNT:
    case NO_ANNOTATION: break;
    }
    return true;
}

// Puts a line into the text of its direction, and an empty one into the other: so statements keep the numbers
// of their lines in the file.
static bool take_line(Goose *goose, Text line, Error *err)
{
    Annotation annotation;
    if (!parse_annotation(goose, line, &annotation, err))
        return false;
    if (annotation != NO_ANNOTATION) {
        if (!take_annotation(goose, annotation, err))
            return false;
    } else if (!goose->seen[UPGRADE]) {
        Text text = text_trim(line);
        if (text.n && !(text.n >= 2 && memcmp(text.p, "--", 2) == 0)) {
            error_at(err, ERR_SCRIPT, (SourcePos){ goose->path, goose->line, 1, text_characters(line) },
                     "a statement above '-- +goose Up'");
            return error_hint(err, "goose refuses it too: put it below the line.");
        }
    } else if (goose->substitutes) {
        if (!substitute(goose, line, &goose->texts[goose->direction], err))
            return false;
    } else {
        SourcePos at = { goose->path, goose->line, 1, 0 };
        if (!import_refuse_variables(line, at, err))
            return false;
        strbuf_put(&goose->texts[goose->direction], line.p, line.n);
    }
    strbuf_putc(&goose->texts[UPGRADE], '\n');
    strbuf_putc(&goose->texts[DOWNGRADE], '\n');
    return true;
}

// Makes one revision of a file. Sections come after the whole file is read, because NO TRANSACTION may stand
// anywhere in it.
static bool read_file(Import *import, const char *name, Error *err)
{
    Goose goose = { .import = import, .path = import_path(import, name) };
    size_t digits = digits_at(name);
    const char *version = arena_strndup(import->arena, name, digits), *message = name + digits + 1;
    Text text, line;
    strbuf_init(&goose.texts[UPGRADE], import->arena);
    strbuf_init(&goose.texts[DOWNGRADE], import->arena);
    if (!import_text(import, goose.path, &text, err))
        return false;
    for (Lines lines = { text.p, text.p + text.n, 0 }; lines_next(&lines, &line);) {
        goose.line = lines.number;
        if (!take_line(&goose, line, err))
            return false;
    }
    SourcePos at = { goose.path, 1, 1, 0 };
    if (!goose.seen[UPGRADE])
        return error_at(err, ERR_SCRIPT, at, "there is no '-- +goose Up'");
    if (goose.in_statement)
        return error_at(err, ERR_SCRIPT, at, "a '-- +goose StatementEnd' is missing");
    Imported *to =
        import_add(import, version, version,
                   arena_strndup(import->arena, message, strlen(message) - strlen(".sql")), goose.path, err);
    for (int i = UPGRADE; to && i <= DOWNGRADE; i++) {
        Text sql = { goose.texts[i].text, goose.texts[i].length };
        bool open = false;
        if (goose.seen[i] &&
            !import_section(import, to, (Direction)i, goose.no_transaction, &open, sql, at, err))
            return false;
    }
    return to != NULL;
}

static bool ends_in(const char *name, const char *ending)
{
    size_t n = strlen(name), tail = strlen(ending);
    return n > tail && strcmp(name + n - tail, ending) == 0;
}

bool read_goose(Import *import, Error *err)
{
    NameList names = { 0 };
    if (!import_list(import, false, &names, err))
        return false;
    VEC_EACH (const char *, name, &names) {
        size_t digits = digits_at(*name);
        bool numbered = digits && (*name)[digits] == '_';
        const char *path = import_path(import, *name);
        if (numbered && ends_in(*name, ".go") && !ends_in(*name, "_test.go")) {
            error_at(err, ERR_UNSUPPORTED, (SourcePos){ path, 0, 0, 0 },
                     "a migration written in Go cannot be carried over");
            return error_hint(err, "Write what it does as SQL, as %.*s_….sql in its place.", (int)digits,
                              *name);
        }
        if (!ends_in(*name, ".sql"))
            continue;
        if (!numbered)
            import_warn(import, path, "left out: its name does not begin with a version");
        else if (!read_file(import, *name, err))
            return false;
    }
    return import_chain(import, err);
}
