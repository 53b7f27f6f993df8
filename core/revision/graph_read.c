// The scripts of a project's folders: thousands of small files, so that opening and reading them is most of the work.
#include "core/revision/graph_internal.h"

#include "core/base/file.h"
#include "core/base/parallel.h"

#include <stdlib.h>
#include <string.h>

enum {
    WORTH_A_THREAD = 64, // files: some 0.3 ms of reading
    AT_ONCE = 4096,      // bytes: most scripts are shorter
    FIRST_KEPT = 250     // files: who has fewer than those worth a cache need not look at each one's state
};

typedef struct OneRead OneRead;
struct OneRead {
    OneRead *next;
    const Folder *folder;
    const char *path, *name;
    const HeadRecord *kept; // what the cache has of it; NULL: nothing
    const FileState *state; // before it was read; NULL: it was not, or nobody looked
    Script *script;         // NULL: its head is wrong
    Error *wrong;           // NULL: nothing is
    size_t statements;
    uint32_t listed; // the so-manyth that was listed
    bool regular, cached;
};

typedef struct Readings {
    const NameList *folders;
    size_t next_folder;
    Folder *open; // the folder that is being listed
    VEC(Folder *) opened;
    bool failed; // a folder cannot be listed
    Error *err;
    OneRead *first;
    size_t count;
    OneRead **sorted;       // when all are read
    const Dialect *dialect; // whose statements they are, where they are looked at
    HeadCache *cache;       // NULL: there is none
    bool whole;
} Readings;

// ---- Listing

static bool is_first_of_its_name(const NameList *folders, size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (strcmp(folders->items[i], folders->items[index]) == 0)
            return false;
    return true;
}

static bool open_next(Arena *arena, Readings *readings)
{
    const NameList *folders = readings->folders;
    while (!readings->failed && readings->next_folder < folders->count) {
        size_t index = readings->next_folder++;
        if (!is_first_of_its_name(folders, index) || !folder_exists(folders->items[index]))
            continue;
        readings->open = folder_open(arena, folders->items[index], ".sql", readings->err);
        readings->failed = !readings->open;
        if (readings->open)
            *VEC_PUSH(arena, &readings->opened) = readings->open;
        return readings->open != NULL;
    }
    return false;
}

static const char *next_name(Arena *arena, Readings *readings, bool *regular)
{
    while (readings->open || open_next(arena, readings)) {
        const char *name = folder_next(readings->open, regular);
        if (name)
            return name;
        readings->open = NULL;
    }
    return NULL;
}

static size_t take_files(Arena *arena, void *payload, void **things)
{
    Readings *readings = payload;
    size_t n = 0;
    bool regular;
    for (const char *name; n < PARALLEL_PORTION && (name = next_name(arena, readings, &regular));) {
        OneRead *one = ARENA_NEW(arena, OneRead);
        one->folder = readings->open;
        one->path = path_join(arena, readings->folders->items[readings->next_folder - 1], name);
        one->name = one->path + strlen(one->path) - strlen(name);
        one->regular = regular;
        one->listed = (uint32_t)readings->count;
        one->cached = regular && readings->cache &&
                      (head_cache_count(readings->cache) || readings->count >= FIRST_KEPT);
        one->kept = one->cached ? head_cache_find(readings->cache, name) : NULL;
        one->next = readings->first;
        readings->first = one;
        readings->count++;
        things[n++] = one;
    }
    return n;
}

// ---- Reading

// A short file that is no link is in `bytes` after one read; the rest are read by their path.
static bool is_read(const OneRead *one, char *bytes, Text *text)
{
    ptrdiff_t n = one->regular ? folder_read(one->folder, one->name, bytes, AT_ONCE) : -1;
    *text = (Text){ bytes, n < 0 ? 0 : (size_t)n };
    return n >= 0 && n < AT_ONCE;
}

static bool read_head(Arena *arena, const OneRead *one, Script *out, Error *err)
{
    char bytes[AT_ONCE];
    Text text;
    return is_read(one, bytes, &text) ? script_head_text(arena, one->path, text, out, err)
                                      : script_read_head(arena, one->path, out, err);
}

static bool read_text(Arena *arena, const OneRead *one, Text *out)
{
    char bytes[AT_ONCE];
    if (!is_read(one, bytes, out))
        return script_text(arena, one->path, out, NULL);
    out->p = arena_strndup(arena, out->p, out->n);
    return true;
}

// What the cache has of it instead of the file, which is as it was.
static bool take_kept(Arena *arena, const Readings *readings, OneRead *one)
{
    FileState now;
    if (!one->cached || !folder_state(one->folder, one->name, &now))
        return false;
    Script *script = ARENA_NEW(arena, Script);
    if (one->kept && head_cache_take(arena, readings->cache, one->kept, &now, readings->whole, one->path,
                                     script, &one->statements)) {
        one->script = script;
        return true;
    }
    FileState *state = ARENA_NEW(arena, FileState);
    *state = now;
    one->state = state;
    return false;
}

// An Error is large, and nearly no file has one: it is made, and the file read again, where there is something to tell.
static void read_head_only(Arena *arena, void *payload, void *thing)
{
    OneRead *one = thing;
    if (take_kept(arena, payload, one))
        return;
    Script *script = ARENA_NEW(arena, Script);
    if (!read_head(arena, one, script, NULL)) {
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
    SectionList verify = { 0 };
    if (dialect && !script_verifications(arena, script, dialect, &verify, err))
        return false;
    VEC_EACH (Section *, section, &verify)
        *statements += (*section)->statements.count;
    return true;
}

// What is wrong after a good head leaves the revision in its place, so that nobody misses it there.
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

static void read_whole(Arena *arena, void *payload, void *thing)
{
    const Readings *readings = payload;
    OneRead *one = thing;
    if (take_kept(arena, readings, one))
        return;
    Script *script = ARENA_NEW(arena, Script);
    Text text;
    if (read_text(arena, one, &text) &&
        script_read_text_as(arena, one->path, text, readings->dialect, script, NULL) &&
        split_all(arena, readings, script, &one->statements, NULL))
        one->script = script;
    else
        tell_wrong(arena, readings, one);
}

static void add_issue(Issues *issues, const Error *wrong)
{
    Error *issue = issues_add(issues, wrong->code, wrong->at, "%s", wrong->message);
    Error *next = issue->next;
    *issue = *wrong;
    issue->next = next;
}

// By folder, in it by name: whatever the order was in which they came. The cache has them in that order.
static int by_place(const void *a, const void *b)
{
    const OneRead *x = *(OneRead *const *)a, *y = *(OneRead *const *)b;
    if (x->kept && y->kept && x->folder == y->folder)
        return (x->kept > y->kept) - (x->kept < y->kept);
    return x->folder == y->folder ? strcmp(x->name, y->name) : strcmp(x->path, y->path);
}

// Of one folder: then no two have one record.
static bool are_all_kept(const Readings *readings)
{
    if (!readings->cache || readings->opened.count != 1 ||
        readings->count != head_cache_count(readings->cache))
        return false;
    for (const OneRead *one = readings->first; one; one = one->next)
        if (!one->kept)
            return false;
    return true;
}

static void sort(Arena *arena, Readings *readings)
{
    readings->sorted = arena_alloc(arena, (readings->count + 1) * sizeof(OneRead *));
    size_t n = 0;
    if (are_all_kept(readings)) { // the cache knows the place of each
        for (OneRead *one = readings->first; one; one = one->next)
            readings->sorted[head_cache_place(readings->cache, one->kept)] = one;
        return;
    }
    for (OneRead *one = readings->first; one; one = one->next)
        readings->sorted[n++] = one;
    qsort(readings->sorted, n, sizeof(OneRead *), by_place);
}

static size_t count_fresh(const Readings *readings)
{
    size_t fresh = 0;
    for (const OneRead *one = readings->first; one; one = one->next)
        fresh += one->state && !one->wrong;
    return fresh;
}

static void keep(Arena *arena, const Readings *readings)
{
    if (!readings->cache || !head_cache_worth(readings->count, count_fresh(readings)))
        return;
    HeadToKeep *heads = arena_alloc(arena, (readings->count + 1) * sizeof(*heads));
    size_t n = 0;
    for (size_t i = 0; i < readings->count; i++) {
        const OneRead *one = readings->sorted[i];
        bool of_another_folder = n && strcmp(heads[n - 1].name, one->name) >= 0;
        if (one->wrong || of_another_folder || !(one->kept || one->state))
            continue;
        HeadToKeep *head = &heads[n++];
        *head = (HeadToKeep){ one->name, { 0 }, one->script, readings->whole, one->statements, one->listed };
        if (one->state)
            head->state = *one->state;
        else
            head_cache_again(readings->cache, one->kept, head);
    }
    head_cache_keep(readings->cache, heads, n);
}

static bool read_folders(Arena *arena, Readings *readings, Graph *out, Error *err)
{
    ScriptList scripts = { 0 };
    Issues issues = { .arena = arena };
    readings->err = err;
    parallel_each(arena, WORTH_A_THREAD, take_files, readings->whole ? read_whole : read_head_only, readings);
    VEC_EACH (Folder *, folder, &readings->opened)
        folder_close(*folder);
    if (readings->failed)
        return false;
    sort(arena, readings);
    keep(arena, readings);
    for (size_t i = 0; i < readings->count; i++) {
        const OneRead *one = readings->sorted[i];
        if (one->wrong)
            add_issue(&issues, one->wrong);
        if (one->script)
            *VEC_PUSH(arena, &scripts) = one->script;
    }
    return graph_build_with(arena, &scripts, NULL, &issues, out, err);
}

bool graph_read(Arena *arena, const NameList *folders, Graph *out, Error *err)
{
    return graph_look(arena, folders, NULL, out, err);
}

bool graph_look(Arena *arena, const NameList *folders, HeadCache *cache, Graph *out, Error *err)
{
    Readings readings = { .folders = folders, .cache = cache };
    return read_folders(arena, &readings, out, err);
}

bool graph_look_whole(Arena *arena, const NameList *folders, HeadCache *cache, const Dialect *dialect,
                      Graph *out, size_t *statements, Error *err)
{
    Readings readings = { .folders = folders, .cache = cache, .dialect = dialect, .whole = true };
    if (!read_folders(arena, &readings, out, err))
        return false;
    *statements = 0;
    for (const OneRead *one = readings.first; one; one = one->next)
        *statements += one->statements;
    return true;
}
