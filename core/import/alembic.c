// Alembic: its scripts are Python, so Alembic itself is asked: for the graph by `history`, for the SQL by `upgrade --sql`
// and `downgrade --sql`. Flask-Migrate's projects are asked through `flask db`.
#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/file.h"
#include "core/base/process.h"
#include "core/import/alembic_internal.h"
#include "core/revision/directive.h"

static const char *absolute(Arena *arena, const char *path)
{
    char *whole = realpath(path, NULL);
    const char *out = arena_strdup(arena, whole ? whole : path);
    free(whole);
    return out;
}

static bool mentions(const Import *import, const char *path, const char *word)
{
    Text text;
    Error ignored = { 0 };
    return file_exists(path) && import_text(import, path, &text, &ignored) &&
           memmem(text.p, text.n, word, strlen(word));
}

// Accepts what people name: alembic.ini, its folder, the folder of env.py, or a pyproject.toml with a section
// for Alembic. An env.py that speaks of current_app belongs to Flask-Migrate.
static bool find_project(Alembic *alembic, Error *err)
{
    const Import *import = alembic->import;
    Arena *arena = import->arena;
    const char *folder = absolute(arena, import->folder), *parent = path_folder(arena, folder);
    const char *env = path_join(arena, folder, "env.py");
    const char *const inis[] = { folder, path_join(arena, folder, "alembic.ini"),
                                 path_join(arena, parent, "alembic.ini") };
    for (size_t i = folder_exists(folder); !alembic->ini && i < COUNT_OF(inis); i++)
        if ((i < 2 || file_exists(env)) && file_exists(inis[i]))
            alembic->ini = inis[i];
    if (alembic->ini) {
        alembic->folder = path_folder(arena, alembic->ini);
        if (mentions(import, env, "current_app")) {
            alembic->flask = folder;
            alembic->folder = NULL; // the application is found from here
        }
        return true;
    }
    const char *const folders[] = { folder, parent };
    for (size_t i = 0; i < COUNT_OF(folders) && !alembic->folder; i++)
        if (mentions(import, path_join(arena, folders[i], "pyproject.toml"), "[tool.alembic"))
            alembic->folder = folders[i];
    if (alembic->folder)
        return true;
    error_set(err, ERR_IO, "there is no alembic.ini in %s, nor beside it", import->folder);
    return error_hint(err, "Name the folder with env.py, the one with alembic.ini, or alembic.ini itself.");
}

static void find_program(Alembic *alembic)
{
    const char *program = alembic->import->program;
    if (!program || !*program)
        program = alembic->flask ? "flask db" : "alembic";
    split_names(alembic->import->arena, (Text){ program, strlen(program) }, &alembic->program);
}

bool alembic_ask(const Alembic *alembic, const char *const *words, ProcessResult *out, Error *err)
{
    Arena *arena = alembic->import->arena;
    NameList argv = { 0 };
    VEC_EACH (const char *, word, &alembic->before)
        *VEC_PUSH(arena, &argv) = *word;
    VEC_EACH (const char *, word, &alembic->program)
        *VEC_PUSH(arena, &argv) = *word;
    if (alembic->ini && !alembic->flask) {
        *VEC_PUSH(arena, &argv) = "-c";
        *VEC_PUSH(arena, &argv) = alembic->ini;
    }
    for (; *words; words++)
        *VEC_PUSH(arena, &argv) = *words;
    if (alembic->flask) {
        *VEC_PUSH(arena, &argv) = "-d";
        *VEC_PUSH(arena, &argv) = alembic->flask;
    }
    *VEC_PUSH(arena, &argv) = NULL;
    if (process_run(arena, argv.items, alembic->folder, 0, out, err))
        return true;
    return error_hint(err,
                      "The scripts are Python, and only %s can write them as SQL. Install it, activate its "
                      "environment, or say how it is called: --alembic 'PROGRAM …'",
                      alembic->flask ? "Flask-Migrate" : "Alembic");
}

// What it said last: `FAILED: …`, or the last line of a traceback.
static const char *reason_of(Arena *arena, const ProcessResult *result)
{
    const char *failed = memmem(result->out.p, result->out.n, "FAILED: ", 8);
    Text last = { "it says nothing", 15 }, line;
    for (Lines lines = { result->err.p, result->err.p + result->err.n, 0 }; lines_next(&lines, &line);)
        if (text_trim(line).n && memmem(line.p, line.n, "INFO", 4) != line.p && line.p[0] != ' ')
            last = text_trim(line);
    if (failed) {
        const char *p = failed + 8, *end = memchr(p, '\n', (size_t)(result->out.p + result->out.n - p));
        last = (Text){ p, (size_t)((end ? end : result->out.p + result->out.n) - p) };
    }
    const char *warning = memmem(last.p, last.n, "UserWarning: ", 13);
    if (warning)
        last = (Text){ warning + 13, (size_t)(last.p + last.n - warning) - 13 };
    static const char *const openings[] = { "ERROR [flask_migrate] ", "Error: " };
    for (size_t i = 0; i < COUNT_OF(openings); i++)
        if (last.n > strlen(openings[i]) && memcmp(last.p, openings[i], strlen(openings[i])) == 0)
            last = (Text){ last.p + strlen(openings[i]), last.n - strlen(openings[i]) };
    return arena_strndup(arena, last.p, last.n < 600 ? last.n : 600);
}

bool alembic_refused(const Alembic *alembic, const char *what, const ProcessResult *result, Error *err)
{
    const char *reason = reason_of(alembic->import->arena, result);
    error_set(err, ERR_SCRIPT, "%s cannot %s: %s", alembic->program.items[0], what, reason);
    return strncmp(reason, "KeyError: ", 10) == 0
               ? error_hint(err, "A down_revision may name a revision that no file has.")
               : false;
}

// ---- The graph

typedef struct Entry {
    const char *id, *path, *message, *created;
    NameList parents, depends_on, labels;
} Entry;

static bool value_of(Text line, const char *key, Text *out)
{
    size_t n = strlen(key);
    if (line.n < n || memcmp(line.p, key, n) != 0)
        return false;
    *out = text_trim((Text){ line.p + n, line.n - n });
    return true;
}

static void take_doc(Arena *arena, Entry *entry, StrBuf *doc, Text line)
{
    Text date;
    Text text = text_trim(line);
    if (value_of(text, "Create Date: ", &date) && !entry->created) {
        char *created = arena_strndup(arena, date.p, date.n < 40 ? date.n : 40);
        char *blank = strchr(created, ' '), *dot = strchr(created, '.');
        if (blank)
            *blank = 'T';
        if (dot) // microseconds say nothing to a person
            memmove(dot, dot + 1 + strspn(dot + 1, "0123456789"),
                    strlen(dot + 1 + strspn(dot + 1, "0123456789")) + 1);
        entry->created = created;
    }
    if (!entry->message && doc->length && !text.n)
        entry->message = arena_strdup(arena, doc->text); // its first paragraph
    if (entry->message || !text.n)
        return;
    if (doc->length)
        strbuf_putc(doc, '\n');
    strbuf_put(doc, text.p, text.n);
}

static bool close_entry(Import *import, Entry *entry, const StrBuf *doc, Error *err)
{
    if (!entry->id)
        return true;
    const char *path = entry->path ? entry->path : import->folder;
    const char *message = entry->message ? entry->message : arena_strdup(import->arena, doc->text);
    Imported *to = import_add(import, entry->id, entry->id, message, path, err);
    if (!to)
        return false;
    to->head.created = entry->created;
    to->head.parents = entry->parents;
    to->head.depends_on = entry->depends_on;
    to->head.labels = entry->labels; // inherited ones too, for now
    return true;
}

// Reads what `alembic history --verbose` prints. Lines without a known word in front belong to the message
// only where they are indented.
static bool parse_history(Import *import, Text output, Error *err)
{
    Arena *arena = import->arena;
    Entry entry = { 0 };
    StrBuf doc;
    Text line, value;
    strbuf_init(&doc, arena);
    for (Lines lines = { output.p, output.p + output.n, 0 }; lines_next(&lines, &line);) {
        if (value_of(line, "Rev: ", &value)) {
            if (!close_entry(import, &entry, &doc, err))
                return false;
            const char *blank = memchr(value.p, ' ', value.n);
            entry =
                (Entry){ .id = arena_strndup(arena, value.p, blank ? (size_t)(blank - value.p) : value.n) };
            strbuf_init(&doc, arena);
        } else if (value_of(line, "Parent: ", &value) || value_of(line, "Merges: ", &value)) {
            if (!text_is(value, "<base>"))
                split_names(arena, value, &entry.parents);
        } else if (value_of(line, "Also depends on: ", &value)) {
            split_names(arena, value, &entry.depends_on);
        } else if (value_of(line, "Branch names: ", &value)) {
            split_names(arena, value, &entry.labels);
        } else if (value_of(line, "Path: ", &value)) {
            entry.path = arena_strndup(arena, value.p, value.n);
        } else if (!line.n || line.p[0] == ' ') { // its own text is indented
            take_doc(arena, &entry, &doc, line);
        }
    }
    return close_entry(import, &entry, &doc, err);
}

static Imported *by_id(const Import *import, const char *id)
{
    VEC_EACH (Imported *, it, &import->revisions)
        if (strcmp((*it)->head.revision, id) == 0)
            return *it;
    return NULL;
}

// `history` names a branch at each of its revisions; `show LABEL` tells the one that the label was given to.
static bool find_labels(const Alembic *alembic, Error *err)
{
    Import *import = alembic->import;
    NameList labels = { 0 };
    VEC_EACH (Imported *, it, &import->revisions) {
        VEC_EACH (const char *, label, &(*it)->head.labels)
            if (!names_have(&labels, *label))
                *VEC_PUSH(import->arena, &labels) = *label;
        (*it)->head.labels = (NameList){ 0 };
    }
    VEC_EACH (const char *, label, &labels) {
        ProcessResult result;
        Text line, value = { 0 };
        if (!alembic_ask(alembic, (const char *const[]){ "show", *label, NULL }, &result, err))
            return false;
        Lines lines = { result.out.p, result.out.p + result.out.n, 0 };
        while (lines_next(&lines, &line) && !value_of(line, "Rev: ", &value))
            continue;
        size_t n = 0;
        while (n < value.n && value.p[n] != ' ')
            n++;
        Imported *owner = value.n ? by_id(import, arena_strndup(import->arena, value.p, n)) : NULL;
        if (result.status != 0 || !owner)
            return alembic_refused(alembic, arena_printf(import->arena, "show the branch '%s'", *label),
                                   &result, err);
        *VEC_PUSH(import->arena, &owner->head.labels) = *label;
    }
    return true;
}

static bool read_graph(const Alembic *alembic, Error *err)
{
    Import *import = alembic->import;
    ProcessResult result;
    if (!alembic_ask(alembic, (const char *const[]){ "history", "-v", NULL }, &result, err))
        return false;
    // Alembic goes on with one of two scripts of the same id, and only warns
    if (result.status != 0 || memmem(result.err.p, result.err.n, "is present more than once", 25))
        return alembic_refused(alembic, "list its revisions", &result, err);
    if (!parse_history(import, result.out, err))
        return false;
    for (size_t i = 0, n = import->revisions.count; i < n / 2; i++) { // newest first
        Imported *it = import->revisions.items[i];
        import->revisions.items[i] = import->revisions.items[n - 1 - i];
        import->revisions.items[n - 1 - i] = it;
    }
    return find_labels(alembic, err);
}

// ---- The SQL

// `Context impl PostgresqlImpl.` in its log says which engine it wrote for.
static bool check_engine(const Alembic *alembic, Text log, bool *doubles, Error *err)
{
    static const char mark[] = "Context impl ";
    const char *found = memmem(log.p, log.n, mark, sizeof(mark) - 1);
    *doubles = true;
    if (!found)
        return true;
    const char *name = found + sizeof(mark) - 1;
    size_t n = 0;
    while (name + n + 4 < log.p + log.n && memcmp(name + n, "Impl", 4) != 0 && n < 32)
        n++;
    char *word = arena_strndup(alembic->import->arena, name, n);
    *doubles = strcmp(word, "SQLite") != 0;
    for (char *p = word; *p; p++)
        if (*p >= 'A' && *p <= 'Z')
            *p = (char)(*p + 32);
    const Dialect *theirs = dialect_by_name(word);
    if (!theirs || theirs == alembic->import->dialect)
        return true;
    error_set(err, ERR_CONFIG, "Alembic writes for %s, and the project's database is of %s", theirs->name,
              alembic->import->dialect->name);
    return error_hint(err, "Give both the same database: sqlalchemy.url there, url: here.");
}

// Where env.py says no paramstyle, drivers that take %s have each percent sign written twice.
static Text single_percents(Import *import, Text output)
{
    if (!import->revisions.count)
        return output;
    const char *versions = path_folder(import->arena, import->revisions.items[0]->head.path);
    const char *env = path_join(import->arena, path_folder(import->arena, versions), "env.py");
    bool any = false, even = true;
    for (size_t i = 0; i < output.n; i++) {
        size_t n = 0;
        while (i + n < output.n && output.p[i + n] == '%')
            n++;
        any |= n > 0;
        even &= n % 2 == 0;
        i += n;
    }
    if (!any || !even || !file_exists(env) || mentions(import, env, "paramstyle"))
        return output;
    StrBuf out;
    strbuf_init(&out, import->arena);
    for (size_t i = 0; i < output.n; i++) {
        strbuf_putc(&out, output.p[i]);
        i += output.p[i] == '%';
    }
    import_warn(import, env,
                "Alembic writes each %% twice, as env.py sets no paramstyle: each pair was taken as one");
    return (Text){ out.text, out.length };
}

static bool write_sql(const Alembic *alembic, Direction direction, const char *range, ProcessResult *out,
                      Error *err)
{
    const char *const words[] = { direction == UPGRADE ? "upgrade" : "downgrade", "--sql", range, NULL };
    return alembic_ask(alembic, words, out, err);
}

// The revision that it was at when it gave up.
const Imported *alembic_last_running(const Import *import, Text output)
{
    static const char mark[] = "-- Running upgrade ";
    const Imported *last = NULL;
    Text line;
    for (Lines lines = { output.p, output.p + output.n, 0 }; lines_next(&lines, &line);) {
        const char *arrow = line.n > sizeof(mark) - 1 && memcmp(line.p, mark, sizeof(mark) - 1) == 0
                                ? memmem(line.p, line.n, "-> ", 3)
                                : NULL;
        if (arrow)
            last =
                by_id(import, arena_strndup(import->arena, arrow + 3, (size_t)(line.p + line.n - arrow) - 3));
    }
    return last;
}

static bool cannot_be_sql(Error *err)
{
    return error_hint(err,
                      "Operations that query the database cannot be exported as SQL. If you cannot rewrite "
                      "them, start from the current database: cmigrate init --from-database");
}

// Asks for the SQL of all upgrades at once. Where Alembic cannot write them offline the scripts are run
// against an empty database, and its refusal is placed at the revision that it was at.
static bool read_upgrades(const Alembic *alembic, bool *doubles, Error *err)
{
    Import *import = alembic->import;
    ProcessResult result;
    if (!write_sql(alembic, UPGRADE, "base:heads", &result, err) ||
        !check_engine(alembic, result.err, doubles, err))
        return false;
    if (result.status != 0) {
        Error of_run = { 0 };
        bool ran;
        if (alembic_read_by_running(alembic, &ran, &of_run))
            return true;
        if (ran) {
            *err = of_run;
            return cannot_be_sql(err);
        }
        const Imported *at = alembic_last_running(import, result.out);
        alembic_refused(alembic, "write its revisions as SQL", &result, err);
        if (at && err)
            err->at = at->head.revision_at;
        return cannot_be_sql(err);
    }
    if (!alembic_take_output(import, UPGRADE, *doubles ? single_percents(import, result.out) : result.out,
                             err))
        return false;
    VEC_EACH (Imported *, it, &import->revisions)
        if (!(*it)->seen[UPGRADE])
            return error_at(err, ERR_SCRIPT, (*it)->head.revision_at,
                            "Alembic wrote no SQL for revision %s: does its env.py write to another place?",
                            (*it)->head.revision);
    return true;
}

static bool is_head(const Import *import, const Imported *imported)
{
    VEC_EACH (Imported *, it, &import->revisions)
        if (names_have(&(*it)->head.parents, imported->head.revision))
            return false;
    return true;
}

static bool take_downgrade(const Alembic *alembic, const char *range, bool doubles, ProcessResult *result,
                           Error *err)
{
    Import *import = alembic->import;
    if (!write_sql(alembic, DOWNGRADE, range, result, err))
        return false;
    return result->status != 0 ||
           alembic_take_output(import, DOWNGRADE,
                               doubles ? single_percents(import, result->out) : result->out, err);
}

// From each head to the base in one go; what that does not reach, one by one. A downgrade may be missing.
static bool read_downgrades(const Alembic *alembic, bool doubles, Error *err)
{
    Import *import = alembic->import;
    ProcessResult result;
    VEC_EACH (Imported *, it, &import->revisions)
        if (is_head(import, *it) && !(*it)->seen[DOWNGRADE] &&
            !take_downgrade(alembic, arena_printf(import->arena, "%s:base", (*it)->head.revision), doubles,
                            &result, err))
            return false;
    bool missing = false, ran;
    VEC_EACH (Imported *, it, &import->revisions)
        missing |= !(*it)->seen[DOWNGRADE];
    Error refused = { 0 }; // a warning names each that is missing then
    missing = missing && !alembic_read_by_running(alembic, &ran, &refused);
    VEC_EACH (Imported *, it, &import->revisions) {
        if ((*it)->seen[DOWNGRADE])
            continue;
        const NameList *parents = &(*it)->head.parents;
        const char *range = arena_printf(import->arena, "%s:%s", (*it)->head.revision,
                                         parents->count ? parents->items[0] : "base");
        if (!take_downgrade(alembic, range, doubles, &result, err))
            return false;
        if ((*it)->seen[DOWNGRADE])
            continue;
        import_no_downgrade(import, *it, "Alembic could not write this downgrade as SQL");
        import_warn(import, (*it)->head.path, "without a downgrade, as Alembic cannot write it as SQL: %s",
                    reason_of(import->arena, &result));
    }
    return true;
}

bool read_alembic(Import *import, Error *err)
{
    Alembic alembic = { .import = import };
    bool doubles;
    if (!find_project(&alembic, err))
        return false;
    find_program(&alembic);
    return read_graph(&alembic, err) &&
           (!import->revisions.count ||
            (read_upgrades(&alembic, &doubles, err) && read_downgrades(&alembic, doubles, err)));
}
