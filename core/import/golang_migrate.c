// golang-migrate: 000001_create_users.up.sql and 000001_create_users.down.sql.
#include <string.h>

#include "core/import/import_internal.h"
#include "core/revision/directive.h"

typedef struct Name {
    const char *version, *title;
    Direction direction;
    bool is_sql;
} Name;

// The first `.up.` or `.down.` from the end divides, as their pattern is greedy.
static bool parse_name(Arena *arena, const char *name, Name *out)
{
    size_t digits = digits_at(name);
    if (!digits || name[digits] != '_')
        return false;
    const char *title = name + digits + 1, *stop = NULL, *behind = NULL;
    for (const char *p = title; *p; p++) {
        size_t n = strncmp(p, ".up.", 4) == 0 ? 4 : strncmp(p, ".down.", 6) == 0 ? 6 : 0;
        if (!n)
            continue;
        stop = p;
        behind = p + n;
        out->direction = n == 4 ? UPGRADE : DOWNGRADE;
    }
    if (!stop)
        return false;
    out->version = arena_strndup(arena, name, digits);
    out->title = arena_strndup(arena, title, (size_t)(stop - title));
    out->is_sql = strcmp(behind, "sql") == 0;
    return true;
}

typedef struct Files {
    Imported *revision;
    const char *paths[2];
} Files;
typedef VEC(Files) FilesList;

static Files *files_of(Import *import, FilesList *all, const Name *name, const char *path, Error *err)
{
    VEC_EACH (Files, it, all)
        if (version_compare(it->revision->version, name->version) == 0)
            return it;
    Imported *revision = import_add(import, name->version, name->version, name->title, path, err);
    if (!revision)
        return NULL;
    Files *files = VEC_PUSH(import->arena, all);
    *files = (Files){ .revision = revision };
    return files;
}

// One direction of a version; the other file of the same version finds the revision that the first one made.
static bool take_file(Import *import, FilesList *all, const char *file, Error *err)
{
    const char *path = import_path(import, file);
    SourcePos at = { path, 1, 1, 0 };
    Name name = { 0 };
    Text text;
    size_t n = strlen(file);
    if (!parse_name(import->arena, file, &name)) {
        if (n > 4 && strcmp(file + n - 4, ".sql") == 0)
            import_warn(import, path, "left out: its name is not VERSION_TITLE.up.sql or .down.sql");
        return true;
    }
    if (!name.is_sql)
        return error_at(err, ERR_UNSUPPORTED, (SourcePos){ path, 0, 0, 0 }, "this migration is not SQL");
    Files *files = files_of(import, all, &name, path, err);
    if (!files)
        return false;
    if (files->paths[name.direction]) {
        error_at(err, ERR_SCRIPT, (SourcePos){ .file = path }, "version %s is there twice", name.version);
        return error_also(err, (SourcePos){ .file = files->paths[name.direction] }, "the other");
    }
    files->paths[name.direction] = path;
    if (name.direction == UPGRADE) { // what the revision is called and where its faults are placed
        files->revision->head.path = path;
        files->revision->head.revision_at.file = files->revision->head.parents_at.file = path;
        files->revision->head.message = name.title;
    }
    bool open = false;
    return import_text(import, path, &text, err) && import_refuse_variables(text, at, err) &&
           import_section(import, files->revision, name.direction, false, &open, text, at, err);
}

bool read_golang_migrate(Import *import, Error *err)
{
    NameList names = { 0 };
    FilesList all = { 0 };
    if (!import_list(import, false, &names, err))
        return false;
    VEC_EACH (const char *, name, &names)
        if (!take_file(import, &all, *name, err))
            return false;
    VEC_EACH (Files, it, &all)
        if (!it->paths[UPGRADE])
            import_warn(import, it->paths[DOWNGRADE], "there is no .up.sql beside it: the upgrade is empty");
    return import_chain(import, err);
}
