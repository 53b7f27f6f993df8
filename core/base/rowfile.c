#define _GNU_SOURCE
#include "core/base/rowfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/base/file.h"

typedef enum RowFormat { FORMAT_CSV, FORMAT_TSV, FORMAT_JSON } RowFormat;

struct RowFile {
    FILE *stream;
    const char *shown, *null;
    RowFormat format;
    NameList columns;
    Arena *arena;     // of the columns
    Arena *scratch;   // of the last rows
    RowField *fields; // of the last row, by column
    unsigned line, began;
    bool first; // JSON: the line that told the columns is still to be given
    const char *first_line;
};

unsigned rowfile_line(const RowFile *file) { return file->began; }
const NameList *rowfile_columns(const RowFile *file) { return &file->columns; }

static bool wrong(const RowFile *file, Error *err, const char *what)
{
    return error_at(err, ERR_SCHEMA, (SourcePos){ file->shown, file->began, 0, 0 }, "%s", what);
}

// ---- Characters: a carriage return before a line's end belongs to it

static int next_char(RowFile *file)
{
    int c = getc_unlocked(file->stream);
    if (c == '\r') {
        int after = getc_unlocked(file->stream);
        if (after == '\n')
            c = '\n';
        else if (after != EOF)
            ungetc(after, file->stream);
    }
    file->line += c == '\n';
    return c;
}

static void skip_mark(RowFile *file) // of byte order, which some programs write
{
    int a = getc_unlocked(file->stream), b = a == 0xef ? getc_unlocked(file->stream) : EOF;
    if (a == 0xef && b == 0xbb && getc_unlocked(file->stream) == 0xbf)
        return;
    rewind(file->stream);
}

// ---- CSV and TSV

typedef VEC(RowField) FieldList;

static void add_field(RowFile *file, FieldList *fields, const StrBuf *text, bool quoted)
{
    bool is_null = !quoted && strcmp(text->text, file->null) == 0;
    *VEC_PUSH(file->scratch, fields) =
        (RowField){ .text = is_null ? NULL : arena_strndup(file->scratch, text->text, text->length),
                    .quoted = quoted };
}

// What stands between quotes; the quote that opens it was read.
static bool read_quoted(RowFile *file, StrBuf *out, Error *err)
{
    for (;;) {
        int c = next_char(file);
        if (c == EOF)
            return wrong(file, err, "a quote is not closed");
        if (c == '"') {
            int after = getc_unlocked(file->stream);
            if (after != '"') {
                if (after != EOF)
                    ungetc(after, file->stream);
                return true;
            }
        }
        strbuf_putc(out, (char)c);
    }
}

static char unescaped(int c) { return (char)(c == 't' ? '\t' : c == 'n' ? '\n' : c == 'r' ? '\r' : c); }

// One record; none (*more false) at the end of the file.
static bool read_record(RowFile *file, FieldList *fields, bool *more, Error *err)
{
    char separator = file->format == FORMAT_TSV ? '\t' : ',';
    StrBuf text;
    bool quoted = false, any = false;
    strbuf_init(&text, file->scratch);
    file->began = file->line;
    for (;;) {
        int c = next_char(file);
        if (c == EOF && !any && !text.length)
            return (*more = false, true);
        any = true;
        if (c == 0)
            return wrong(file, err, "a NUL byte: this is not text");
        if (c == EOF || c == '\n' || c == separator) {
            add_field(file, fields, &text, quoted);
            strbuf_clear(&text);
            quoted = false;
            if (c != separator)
                return (*more = true, true);
        } else if (c == '"' && file->format == FORMAT_CSV && !text.length && !quoted) {
            quoted = true;
            if (!read_quoted(file, &text, err))
                return false;
        } else if (c == '\\' && file->format == FORMAT_TSV) {
            int after = next_char(file);
            if (after == 'N') // the null of this format
                strbuf_puts(&text, "\\N");
            else if (after != EOF)
                strbuf_putc(&text, unescaped(after));
        } else {
            strbuf_putc(&text, (char)c);
        }
    }
}

// ---- JSON Lines

static const char *blanks(const char *p) { return p + strspn(p, " \t\r"); }

static unsigned hex4(const char *p)
{
    unsigned value = 0;
    for (int i = 0; i < 4; i++) {
        const char *digits = "0123456789abcdef", *at = p[i] ? strchr(digits, p[i] | 0x20) : NULL;
        if (!at)
            return 0xffffffff;
        value = value << 4 | (unsigned)(at - digits);
    }
    return value;
}

static void put_utf8(StrBuf *out, unsigned c)
{
    if (c < 0x80) {
        strbuf_putc(out, (char)c);
        return;
    }
    int more = c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
    static const unsigned lead[] = { 0, 0xc0, 0xe0, 0xf0 };
    strbuf_putc(out, (char)(lead[more] | c >> (6 * more)));
    while (more-- > 0)
        strbuf_putc(out, (char)(0x80 | (c >> (6 * more) & 0x3f)));
}

// \uD83D\uDE42 is one character. NULL: no hexadecimal digits, half of a pair, or NUL.
static const char *json_unicode(const char *p, StrBuf *out)
{
    unsigned c = hex4(p);
    p += 4;
    if (c >= 0xd800 && c < 0xdc00 && p[0] == '\\' && p[1] == 'u') {
        unsigned low = hex4(p + 2);
        if (low < 0xdc00 || low > 0xdfff)
            return NULL;
        c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
        p += 6;
    }
    if (c == 0xffffffff || c == 0 || (c >= 0xd800 && c < 0xe000))
        return NULL;
    put_utf8(out, c);
    return p;
}

// After the quote that opens it; NULL: it is wrong. Gives the byte after the one that closes it.
static const char *json_string(const char *p, StrBuf *out)
{
    static const char escapes[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
    for (; *p && *p != '"'; p++) {
        if (*p != '\\') {
            strbuf_putc(out, *p);
            continue;
        }
        const char *at = *++p ? strchr(escapes, *p) : NULL;
        if (at) {
            strbuf_putc(out, meant[at - escapes]);
        } else if (*p == 'u') {
            p = json_unicode(p + 1, out);
            if (!p)
                return NULL;
            p--;
        } else {
            return NULL;
        }
    }
    return *p == '"' ? p + 1 : NULL;
}

// The end of an object or list, quotes minded; NULL: it does not end.
static const char *json_end(const char *p)
{
    int depth = 0;
    bool inside = false;
    for (; *p; p++) {
        if (inside && *p == '\\' && p[1])
            p++;
        else if (*p == '"')
            inside = !inside;
        else if (!inside && (*p == '{' || *p == '['))
            depth++;
        else if (!inside && (*p == '}' || *p == ']') && --depth == 0)
            return p + 1;
    }
    return NULL;
}

static const char *json_value(RowFile *file, const char *p, RowField *out)
{
    StrBuf text;
    strbuf_init(&text, file->scratch);
    const char *end;
    *out = (RowField){ 0 };
    if (*p == '"') {
        end = json_string(p + 1, &text);
        *out = (RowField){ .text = text.text, .quoted = true };
        return end;
    }
    end = *p == '{' || *p == '[' ? json_end(p) : p + strcspn(p, ",} \t");
    if (!end || end == p)
        return NULL;
    const char *word = arena_strndup(file->scratch, p, (size_t)(end - p));
    if (strcmp(word, "null") != 0)
        *out = (RowField){ .text = word, .quoted = *p == '{' || *p == '[' };
    return end;
}

static size_t place_of(const NameList *names, const char *name)
{
    size_t i = 0;
    while (i < names->count && strcmp(names->items[i], name) != 0)
        i++;
    return i;
}

// A member of no column is one more, in the line that tells them; else it is wrong.
static bool read_object(RowFile *file, const char *line, bool tells, Error *err)
{
    const char *p = blanks(line);
    if (*p++ != '{')
        return wrong(file, err, "a line must be one JSON object");
    for (p = blanks(p); *p != '}'; p = blanks(p)) {
        StrBuf name;
        RowField field;
        strbuf_init(&name, file->scratch);
        p = *p == '"' ? json_string(p + 1, &name) : NULL;
        p = p ? blanks(p) : NULL;
        if (!p || *p != ':' || !(p = json_value(file, blanks(p + 1), &field)))
            return wrong(file, err, "this is not JSON");
        size_t place = place_of(&file->columns, name.text);
        if (place == file->columns.count && !tells)
            return wrong(file, err, arena_printf(file->scratch, "the first line has no '%s'", name.text));
        if (tells && place == file->columns.count)
            *VEC_PUSH(file->arena, &file->columns) = arena_strdup(file->arena, name.text);
        if (!tells)
            file->fields[place] = field;
        p = blanks(p);
        if (*p == ',')
            p++;
        else if (*p != '}')
            return wrong(file, err, "this is not JSON");
    }
    return *blanks(p + 1) == '\0' || wrong(file, err, "a line must be one JSON object");
}

static const char *read_line(RowFile *file, bool *more)
{
    StrBuf line;
    int c;
    do {
        strbuf_init(&line, file->scratch);
        file->began = file->line;
        while ((c = next_char(file)) != EOF && c != '\n')
            strbuf_putc(&line, (char)c);
    } while (c != EOF && !line.length);
    *more = line.length > 0;
    return line.text;
}

// ---- Both

static bool read_head(RowFile *file, Error *err)
{
    bool more = false;
    if (file->format == FORMAT_JSON) {
        const char *line = read_line(file, &more);
        file->first_line = more ? arena_strdup(file->arena, line) : NULL;
        return !more || read_object(file, line, true, err);
    }
    FieldList names = { 0 };
    const char *null = file->null;
    file->null = "\xff"; // a name is never null
    bool ok = read_record(file, &names, &more, err);
    file->null = null;
    VEC_EACH (RowField, name, &names)
        *VEC_PUSH(file->arena, &file->columns) = arena_strdup(file->arena, name->text);
    return ok && (more || wrong(file, err, "the file is empty: its first line names the columns"));
}

RowFile *rowfile_open(Arena *arena, const char *path, const char *shown, const char *null, Error *err)
{
    static const char *const endings[] = { ".csv", ".tsv", ".jsonl" };
    size_t n = strlen(path), format = 0;
    while (format < COUNT_OF(endings) &&
           (n < strlen(endings[format]) || strcmp(path + n - strlen(endings[format]), endings[format]) != 0))
        format++;
    if (format == COUNT_OF(endings)) {
        error_set(err, ERR_SCHEMA, "%s is not a known kind of file of rows", shown);
        error_hint(err, "Its name ends in .csv, .tsv or .jsonl.");
        return NULL;
    }
    int descriptor = file_open(path, err);
    if (descriptor < 0)
        return NULL;
    RowFile *file = ARENA_NEW(arena, RowFile);
    *file = (RowFile){ .stream = fdopen(descriptor, "r"),
                       .shown = shown,
                       .null = null                   ? null
                               : format == FORMAT_TSV ? "\\N"
                                                      : "",
                       .format = (RowFormat)format,
                       .arena = arena,
                       .scratch = arena_new(),
                       .line = 1 };
    if (!file->stream)
        out_of_memory();
    skip_mark(file);
    if (!read_head(file, err)) {
        rowfile_close(file);
        return NULL;
    }
    file->fields = arena_alloc(arena, (file->columns.count + 1) * sizeof(RowField));
    return file;
}

void rowfile_close(RowFile *file)
{
    if (!file)
        return;
    fclose(file->stream);
    arena_free(file->scratch);
}

static bool next_object(RowFile *file, bool *more, Error *err)
{
    const char *line = file->first_line;
    *more = line != NULL;
    if (!line)
        line = read_line(file, more);
    else
        file->first_line = NULL;
    for (size_t i = 0; i < file->columns.count; i++)
        file->fields[i] = (RowField){ .absent = true };
    return !*more || read_object(file, line, false, err);
}

bool rowfile_next(RowFile *file, const RowField **fields, bool *more, Error *err)
{
    enum { BYTES_OF_SCRATCH = 128 * 1024 }; // to make room for each row would cost more than to read it
    if (arena_used(file->scratch) > BYTES_OF_SCRATCH) {
        arena_free(file->scratch);
        file->scratch = arena_new();
    }
    bool ok;
    if (file->format == FORMAT_JSON) {
        ok = next_object(file, more, err);
    } else {
        FieldList list = { 0 };
        do { // an empty line is no row
            list.count = 0;
            ok = read_record(file, &list, more, err);
        } while (ok && *more && list.count == 1 && file->columns.count > 1 && !list.items[0].text);
        if (ok && *more && list.count != file->columns.count)
            return wrong(file, err,
                         arena_printf(file->scratch, "%zu field%s, and %zu column%s are named", list.count,
                                      list.count == 1 ? "" : "s", file->columns.count,
                                      file->columns.count == 1 ? "" : "s"));
        if (ok && *more)
            memcpy(file->fields, list.items, list.count * sizeof(RowField));
    }
    if (ok && ferror(file->stream))
        return error_set(err, ERR_IO, "cannot read %s: %s", file->shown, strerror(errno));
    *fields = file->fields;
    return ok;
}

void rowfile_put_csv(StrBuf *out, const char *text)
{
    if (!text)
        return;
    if (*text && !strpbrk(text, ",\"\r\n"))
        strbuf_puts(out, text);
    else
        strbuf_quoted(out, '"', "\"", text);
}
