// Flyway: V1_2__create_users.sql, U… for its undo, R__… to be repeated, B… as a baseline; a .conf beside each.
#define _GNU_SOURCE
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/file.h"
#include "core/import/import_internal.h"
#include "core/revision/directive.h"

typedef struct Name {
    char prefix;         // V, U, R, B; 0: none of these
    const char *version; // "1.2"; NULL: repeatable
    const char *description;
    bool is_sql, is_code;
} Name;

static bool is_version(const char *text)
{
    bool digit = false;
    for (const char *p = text; *p; p++) {
        if (!isdigit((unsigned char)*p) && (*p != '.' || !digit))
            return false;
        digit = isdigit((unsigned char)*p);
    }
    return digit;
}

static void replace_all(char *text, char from, char to)
{
    for (; *text; text++)
        if (*text == from)
            *text = to;
}

static Name parse_name(Arena *arena, const char *path)
{
    const char *name = path_base(path), *dot = strrchr(name, '.');
    Name out = { 0 };
    if (!dot || !strchr("VURB", name[0]))
        return out;
    out.is_sql = strcmp(dot, ".sql") == 0;
    out.is_code = strcmp(dot, ".java") == 0 || strcmp(dot, ".class") == 0;
    const char *stem = arena_strndup(arena, name + 1, (size_t)(dot - name) - 1);
    const char *separator = strstr(stem, "__");
    char *version =
        separator ? arena_strndup(arena, stem, (size_t)(separator - stem)) : arena_strdup(arena, stem);
    char *description = arena_strdup(arena, separator ? separator + 2 : "");
    replace_all(version, '_', '.');
    replace_all(description, '_', ' ');
    out.description = description;
    if (name[0] == 'R' ? separator && !*version : is_version(version))
        out.prefix = name[0];
    out.version = name[0] == 'R' ? NULL : version;
    return out;
}

// ---- The text of a script

typedef struct Settings {
    bool no_transaction, no_placeholders;
} Settings;

static bool take_setting(Import *import, const char *path, Text line, Settings *out)
{
    Text text = text_trim(line);
    const char *equals = memchr(text.p, '=', text.n);
    if (!text.n || text.p[0] == '#' || !equals)
        return true;
    Text key = text_trim((Text){ text.p, (size_t)(equals - text.p) });
    Text value = text_trim((Text){ equals + 1, (size_t)(text.p + text.n - equals) - 1 });
    if (text_is(key, "executeInTransaction"))
        out->no_transaction = !text_is(value, "true");
    else if (text_is(key, "placeholderReplacement"))
        out->no_placeholders = !text_is(value, "true");
    else if (!text_is(key, "encoding") || (!text_is(value, "UTF-8") && !text_is(value, "utf-8")))
        import_warn(import, path, "'%s' is not carried over", arena_strndup(import->arena, text.p, text.n));
    return true;
}

static bool read_settings(Import *import, const char *path, Settings *out, Error *err)
{
    const char *beside = arena_printf(import->arena, "%s.conf", path);
    Text text, line;
    if (!file_exists(beside))
        return true;
    if (!import_text(import, beside, &text, err))
        return false;
    for (Lines lines = { text.p, text.p + text.n, 0 }; lines_next(&lines, &line);)
        take_setting(import, beside, line, out);
    return true;
}

static bool placeholder(Import *import, Text name, SourcePos at, StrBuf *out, Error *err)
{
    if (memchr(name.p, ':', name.n)) {
        error_at(err, ERR_UNSUPPORTED, at, "only Flyway knows the value of this placeholder");
        return error_hint(err, "Write the value in its place.");
    }
    for (size_t i = 0; i < name.n; i++)
        if (!isalnum((unsigned char)name.p[i]) && !strchr("_-.", name.p[i]))
            return error_at(err, ERR_SCRIPT, at, "this is not the name of a placeholder");
    import_variable(import, out, name, (Text){ 0 });
    return true;
}

static bool fill_line(Import *import, const char *path, unsigned number, Text line, StrBuf *out, Error *err)
{
    for (const char *p = line.p, *end = line.p + line.n; p < end;) {
        const char *stop =
            end - p > 3 && p[0] == '$' && p[1] == '{' ? memchr(p, '}', (size_t)(end - p)) : NULL;
        if (!stop || stop == p + 2) {
            strbuf_putc(out, *p++);
            continue;
        }
        Text whole = { p, (size_t)(stop + 1 - p) };
        SourcePos at = { path, number, text_column(line.p, p), text_characters(whole) };
        if (!placeholder(import, (Text){ p + 2, whole.n - 3 }, at, out, err))
            return false;
        p = stop + 1;
    }
    strbuf_putc(out, '\n');
    return true;
}

static bool take_sql(Import *import, Imported *to, Direction direction, const char *path, Error *err)
{
    Settings settings = { 0 };
    SourcePos at = { path, 1, 1, 0 };
    Text text, line;
    StrBuf filled;
    bool open = false;
    strbuf_init(&filled, import->arena);
    if (!import_text(import, path, &text, err) || !read_settings(import, path, &settings, err))
        return false;
    if (settings.no_placeholders) {
        if (!import_refuse_variables(text, at, err))
            return false;
    } else {
        for (Lines lines = { text.p, text.p + text.n, 0 }; lines_next(&lines, &line);)
            if (!fill_line(import, path, lines.number, line, &filled, err))
                return false;
        text = (Text){ filled.text, filled.length };
    }
    return import_section(import, to, direction, settings.no_transaction, &open, text, at, err);
}

// ---- The files

typedef struct Files {
    NameList undo, repeatable, baseline;
} Files;

// beforeMigrate.sql, afterEachMigrate__title.sql
static bool is_callback(const char *file)
{
    static const char *const moments[] = { "before", "after", "createSchema" };
    for (size_t i = 0; i < COUNT_OF(moments); i++)
        if (strncmp(path_base(file), moments[i], strlen(moments[i])) == 0)
            return true;
    return false;
}

// Sorts one file by Flyway's rules of naming. Versioned migrations become revisions at once; undo, repeatable
// and baseline files wait until all versions are known.
static bool take_file(Import *import, const char *file, Files *files, Error *err)
{
    const char *path = import_path(import, file);
    Name name = parse_name(import->arena, file);
    size_t n = strlen(file);
    if (name.prefix && name.is_code) {
        error_at(err, ERR_UNSUPPORTED, (SourcePos){ path, 0, 0, 0 },
                 "a migration written in Java cannot be carried over");
        return error_hint(err, "Write what it does as SQL, in a .sql file in its place.");
    }
    if (!name.prefix || !name.is_sql) {
        if (n > 4 && strcmp(file + n - 4, ".sql") == 0)
            import_warn(import, path,
                        is_callback(file) ? "left out: a callback, which nothing here calls"
                                          : "left out: it is named like no migration of Flyway");
        return true;
    }
    NameList *list = name.prefix == 'U'   ? &files->undo
                     : name.prefix == 'R' ? &files->repeatable
                     : name.prefix == 'B' ? &files->baseline
                                          : NULL;
    if (list) {
        *VEC_PUSH(import->arena, list) = file;
        return true;
    }
    Imported *to = import_add(import, name.version, name.version, name.description, path, err);
    return to && take_sql(import, to, UPGRADE, path, err);
}

static bool take_undo(Import *import, const char *file, Error *err)
{
    const char *path = import_path(import, file);
    Name name = parse_name(import->arena, file);
    VEC_EACH (Imported *, it, &import->revisions) {
        if (version_compare((*it)->version, name.version) != 0)
            continue;
        if (import_has(*it, DOWNGRADE))
            return error_at(err, ERR_SCRIPT, (SourcePos){ path, 1, 0, 0 },
                            "version %s is undone by two files", name.version);
        return take_sql(import, *it, DOWNGRADE, path, err);
    }
    import_warn(import, path, "left out: there is no V%s to undo", name.version);
    return true;
}

// A baseline stands for all versions up to its own: a squash.
static bool take_baseline(Import *import, const NameList *files, Error *err)
{
    const char *latest = NULL;
    Name name = { 0 };
    VEC_EACH (const char *, file, files) {
        Name it = parse_name(import->arena, *file);
        if (latest && version_compare(it.version, name.version) < 0) {
            import_warn(import, import_path(import, *file), "left out: a later baseline replaces it");
            continue;
        }
        if (latest)
            import_warn(import, import_path(import, latest), "left out: a later baseline replaces it");
        latest = *file;
        name = it;
    }
    if (!latest)
        return true;
    size_t versioned = import->revisions.count;
    const char *path = import_path(import, latest), *id = arena_printf(import->arena, "B%s", name.version);
    Imported *to = import_add(import, id, name.version, name.description, path, err);
    if (!to || !take_sql(import, to, UPGRADE, path, err))
        return false;
    for (size_t i = 0; i < versioned; i++) {
        Imported *it = import->revisions.items[i];
        if (version_compare(it->version, name.version) <= 0)
            *VEC_PUSH(import->arena, &to->head.replaces) = it->head.revision;
        else if (!it->head.parents.count)
            *VEC_PUSH(import->arena, &it->head.parents) = id;
    }
    return true;
}

static const char *repeatable_id(Arena *arena, const char *description)
{
    char *id = arena_printf(arena, "R_%s", description);
    for (char *p = id; *p; p++)
        if (!isalnum((unsigned char)*p) && !((unsigned char)*p & 0x80))
            *p = '_';
    return id;
}

// It runs whenever its text changes there; a history of revisions has it once, after the others.
static bool take_repeatable(Import *import, const char *file, const char *parent, const char **id, Error *err)
{
    const char *path = import_path(import, file);
    Name name = parse_name(import->arena, file);
    *id = repeatable_id(import->arena, name.description);
    const char *version = arena_printf(import->arena, "R %s", name.description);
    Imported *to = import_add(import, *id, version, name.description, path, err);
    if (!to || !take_sql(import, to, UPGRADE, path, err))
        return false;
    if (parent)
        *VEC_PUSH(import->arena, &to->head.parents) = parent;
    import_warn(
        import, path,
        "repeatable: it becomes the revision %s and runs once. What it makes belongs into the model from "
        "now on",
        *id);
    return true;
}

static int by_description(const void *a, const void *b)
{
    return strcmp(path_base(*(const char *const *)a), path_base(*(const char *const *)b));
}

bool read_flyway(Import *import, Error *err)
{
    NameList names = { 0 };
    Files files = { 0 };
    if (!import_list(import, true, &names, err))
        return false;
    VEC_EACH (const char *, name, &names)
        if (!take_file(import, *name, &files, err))
            return false;
    if (!import_chain(import, err))
        return false;
    VEC_EACH (const char *, file, &files.undo)
        if (!take_undo(import, *file, err))
            return false;
    size_t versioned = import->revisions.count;
    const char *last = versioned ? import->revisions.items[versioned - 1]->head.revision : NULL;
    if (!take_baseline(import, &files.baseline, err))
        return false;
    if (!last && import->revisions.count)
        last = import->revisions.items[0]->head.revision;
    if (files.repeatable.count)
        qsort(files.repeatable.items, files.repeatable.count, sizeof(const char *), by_description);
    VEC_EACH (const char *, file, &files.repeatable)
        if (!take_repeatable(import, *file, last, &last, err))
            return false;
    VEC_EACH (Imported *, it, &import->revisions)
        if (!import_has(*it, DOWNGRADE))
            import_no_downgrade(
                import, *it,
                arena_printf(import->arena, "nobody wrote how to undo %s", path_base((*it)->head.path)));
    return true;
}
