// The scripts of a project's folders: thousands of small files, so that opening and reading them is most of the work.
#include "core/revision/graph_internal.h"

#include "core/base/file.h"
#include "core/base/parallel.h"

enum { WORTH_A_THREAD = 200 }; // files: about 1 ms of reading

typedef struct OneRead {
    const char *path;
    Script *script; // NULL: its head is wrong
    Error *wrong;   // NULL: nothing is
    size_t statements;
} OneRead;
typedef VEC(OneRead) OneReadList;

typedef struct Readings {
    OneReadList list;
    const Dialect *dialect; // whose statements they are, where they are looked at
} Readings;

// An Error is large, and nearly no file has one: it is made, and the file read again, where there is something to tell.
static void read_head_only(Arena *arena, void *payload, size_t index)
{
    OneRead *one = &((Readings *)payload)->list.items[index];
    Script *script = ARENA_NEW(arena, Script);
    if (!script_read_head(arena, one->path, script, NULL)) {
        one->wrong = ARENA_NEW(arena, Error);
        if (!script_read_head(arena, one->path, script, one->wrong))
            return;
        one->wrong = NULL;
    }
    one->script = script;
}

static bool split_all(Arena *arena, const Readings *readings, Script *script, size_t *statements, Error *err)
{
    const Dialect *dialect = readings->dialect ? readings->dialect
                             : script->dialect ? dialect_by_name(script->dialect)
                                               : NULL;
    for (int direction = UPGRADE; dialect && direction <= DOWNGRADE; direction++) {
        SectionList sections = { 0 };
        if (!script_sections(arena, script, dialect, (Direction)direction, &sections, err))
            return false;
        VEC_EACH (Section *, section, &sections)
            *statements += (*section)->statements.count;
    }
    return true;
}

// What is wrong behind a good head leaves the revision in its place, so that nobody misses it there.
static void tell_wrong(Arena *arena, const Readings *readings, OneRead *one)
{
    Script *head = ARENA_NEW(arena, Script), whole;
    Error *err = ARENA_NEW(arena, Error);
    Text text;
    size_t ignored = 0;
    if (!script_text(arena, one->path, &text, err) || !script_head_text(arena, one->path, text, head, err)) {
        one->wrong = err;
        return;
    }
    one->script = head;
    if (!script_read_text_as(arena, one->path, text, readings->dialect, &whole, err) ||
        !split_all(arena, readings, &whole, &ignored, err))
        one->wrong = err;
}

static void read_whole(Arena *arena, void *payload, size_t index)
{
    const Readings *readings = payload;
    OneRead *one = &readings->list.items[index];
    Script *script = ARENA_NEW(arena, Script);
    Text text;
    if (script_text(arena, one->path, &text, NULL) &&
        script_read_text_as(arena, one->path, text, readings->dialect, script, NULL) &&
        split_all(arena, readings, script, &one->statements, NULL))
        one->script = script;
    else
        tell_wrong(arena, readings, one);
}

static bool find_files(Arena *arena, const NameList *folders, OneReadList *out, Error *err)
{
    NameList read = { 0 };
    VEC_EACH (const char *, folder, folders) {
        if (names_have(&read, *folder) || !folder_exists(*folder))
            continue;
        *VEC_PUSH(arena, &read) = *folder;
        NameList names = { 0 };
        if (!folder_list(arena, *folder, ".sql", &names, err))
            return false;
        VEC_EACH (const char *, name, &names)
            *VEC_PUSH(arena, out) = (OneRead){ .path = path_join(arena, *folder, *name) };
    }
    return true;
}

static void add_issue(Issues *issues, const Error *wrong)
{
    Error *issue = issues_add(issues, wrong->code, wrong->at, "%s", wrong->message);
    Error *next = issue->next;
    *issue = *wrong;
    issue->next = next;
}

static bool read_folders(Arena *arena, const NameList *folders, Readings *readings, ParallelWork *read,
                         Graph *out, Error *err)
{
    ScriptList scripts = { 0 };
    Issues issues = { .arena = arena };
    if (!find_files(arena, folders, &readings->list, err))
        return false;
    parallel_each(arena, readings->list.count, WORTH_A_THREAD, read, readings);
    VEC_EACH (OneRead, one, &readings->list) {
        if (one->wrong)
            add_issue(&issues, one->wrong);
        if (one->script)
            *VEC_PUSH(arena, &scripts) = one->script;
    }
    return graph_build_with(arena, &scripts, NULL, &issues, out, err);
}

bool graph_read(Arena *arena, const NameList *folders, Graph *out, Error *err)
{
    Readings readings = { 0 };
    return read_folders(arena, folders, &readings, read_head_only, out, err);
}

bool graph_read_whole(Arena *arena, const NameList *folders, const Dialect *dialect, Graph *out,
                      size_t *statements, Error *err)
{
    Readings readings = { .dialect = dialect };
    if (!read_folders(arena, folders, &readings, read_whole, out, err))
        return false;
    *statements = 0;
    VEC_EACH (OneRead, one, &readings.list)
        *statements += one->statements;
    return true;
}
