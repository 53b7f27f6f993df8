#define _GNU_SOURCE
#include "core/revision/head_cache.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "core/base/strbuf.h"

enum { LARGEST = 256 * 1024 * 1024, FRESH_PART = 16, SETTLED_S = 2, LISTS = 4, TEXTS = 5 };

// The file: this, `count` records by name, the numbers of the records in the order in which their files were listed, and
// all texts, each with a NUL. It is read where it was written only. Texts are said by where they begin; 0: there is none.
typedef struct Top {
    char magic[16];
    FileState program; // another build may understand scripts otherwise
    uint64_t count, texts;
    char checked_for[16];
} Top;

typedef struct Place {
    uint32_t line, column, length;
} Place;

struct HeadRecord {
    FileState state;
    uint32_t name;
    uint32_t texts[TEXTS];
    uint32_t lists[LISTS], counts[LISTS]; // the first text of each; the others follow it
    Place revision_at, parents_at;
    uint32_t checked, statements;
};

static const char magic[16] = "cmigrate heads4";

struct HeadCache {
    Arena *arena;
    const char *path;
    Top top; // of what would be written now
    const HeadRecord *records;
    const char *listing; // uint32_t each
    Text texts;
    size_t count;
    size_t next; // in the listing, that is asked for now
    bool checks; // what is noted as checked was so for `checked_for`
};

// $XDG_CACHE_HOME counts where it is absolute (XDG Base Directory Specification, "Basics").
static const char *own_folder(Arena *arena)
{
    const char *base = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
    if (!base || base[0] != '/')
        base = home && home[0] == '/' ? path_join(arena, home, ".cache") : NULL;
    return base ? path_join(arena, base, "cmigrate") : NULL;
}

// Each folder by its number on its device: a hash of its path would first have to wake a library.
static const char *own_path(Arena *arena, const NameList *folders)
{
    const char *folder = own_folder(arena);
    struct stat st;
    StrBuf name;
    strbuf_init(&name, arena);
    strbuf_puts(&name, "heads");
    VEC_EACH (const char *, it, folders)
        if (stat(*it, &st) == 0)
            strbuf_printf(&name, "-%llx.%llx", (unsigned long long)st.st_dev, (unsigned long long)st.st_ino);
    enum { LONGEST_NAME = 200 };
    return folder && name.length < LONGEST_NAME ? path_join(arena, folder, name.text) : NULL;
}

static bool file_is_as(const FileState *now, const FileState *then)
{
    return now->device == then->device && now->inode == then->inode && now->size == then->size &&
           now->modified == then->modified && now->changed == then->changed;
}

static bool fits(const Top *top, size_t size)
{
    return top->count <= LARGEST / sizeof(HeadRecord) && top->texts <= LARGEST && top->texts > 0 &&
           size == sizeof(*top) + top->count * (sizeof(HeadRecord) + sizeof(uint32_t)) + top->texts;
}

// Under sudo, $HOME may still be another's
static bool is_own(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && st.st_uid == geteuid();
}

static bool load(HeadCache *cache)
{
    Text text;
    Top top;
    if (!is_own(cache->path) || !file_read(cache->arena, cache->path, LARGEST, &text, NULL) ||
        text.n < sizeof(top))
        return false;
    memcpy(&top, text.p, sizeof(top));
    if (memcmp(top.magic, magic, sizeof(magic)) != 0 || !fits(&top, text.n) ||
        !file_is_as(&top.program, &cache->top.program))
        return false;
    const char *records = text.p + sizeof(top);
    cache->records = (const HeadRecord *)(const void *)records;
    cache->listing = records + top.count * sizeof(HeadRecord);
    cache->texts = (Text){ cache->listing + top.count * sizeof(uint32_t), top.texts };
    cache->checks = memcmp(top.checked_for, cache->top.checked_for, sizeof(top.checked_for)) == 0;
    cache->count = top.count;
    return cache->texts.p[top.texts - 1] == '\0'; // so that every text ends
}

HeadCache *head_cache_open(Arena *arena, const NameList *folders, const char *checked_for)
{
    HeadCache *cache = ARENA_NEW(arena, HeadCache);
    cache->arena = arena;
    cache->path = own_path(arena, folders);
    memcpy(cache->top.magic, magic, sizeof(magic));
    snprintf(cache->top.checked_for, sizeof(cache->top.checked_for), "%s", checked_for ? checked_for : "");
    if (!cache->path || !file_state("/proc/self/exe", &cache->top.program))
        return NULL;
    if (!load(cache))
        cache->count = 0;
    return cache;
}

size_t head_cache_count(const HeadCache *cache) { return cache->count; }

void head_cache_again(const HeadCache *cache, const HeadRecord *record, HeadToKeep *out)
{
    out->state = record->state;
    out->checked = cache->checks && record->checked;
}

size_t head_cache_place(const HeadCache *cache, const HeadRecord *record)
{
    return (size_t)(record - cache->records);
}

// ---- Finding and taking

// NULL: none, or not in the file.
static const char *text_at(const HeadCache *cache, uint32_t at)
{
    return at && at < cache->texts.n ? cache->texts.p + at : NULL;
}

static const HeadRecord *listed(const HeadCache *cache, size_t place)
{
    uint32_t index;
    if (place >= cache->count)
        return NULL;
    memcpy(&index, cache->listing + place * sizeof(index), sizeof(index));
    return index < cache->count ? &cache->records[index] : NULL;
}

static bool is_named(const HeadCache *cache, const HeadRecord *record, const char *name)
{
    const char *own = record ? text_at(cache, record->name) : NULL;
    return own && strcmp(own, name) == 0;
}

static const HeadRecord *search(const HeadCache *cache, const char *name)
{
    size_t low = 0, high = cache->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const char *own = text_at(cache, cache->records[middle].name);
        if (!own)
            return NULL;
        int order = strcmp(own, name);
        if (order == 0)
            return &cache->records[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

const HeadRecord *head_cache_find(HeadCache *cache, const char *name)
{
    enum { AHEAD = 4 }; // files that were removed since
    for (size_t i = 0; i < AHEAD; i++) {
        const HeadRecord *record = listed(cache, cache->next + i);
        if (!is_named(cache, record, name))
            continue;
        cache->next += i + 1;
        return record;
    }
    return search(cache, name);
}

static bool take_list(Arena *arena, const HeadCache *cache, uint32_t at, uint32_t count, NameList *out)
{
    if (!count)
        return true;
    if (count > cache->texts.n)
        return false;
    *out = (NameList){ arena_alloc(arena, count * sizeof(*out->items)), 0, count };
    while (out->count < count) {
        const char *text = text_at(cache, at);
        if (!text)
            return false;
        out->items[out->count++] = text;
        at += (uint32_t)strlen(text) + 1;
    }
    return true;
}

static SourcePos place_in(const char *path, const Place *place)
{
    return (SourcePos){ place->line ? path : NULL, place->line, place->column, place->length };
}

bool head_cache_take(Arena *arena, const HeadCache *cache, const HeadRecord *record, const FileState *now,
                     bool checked, const char *path, Script *out, size_t *statements)
{
    if (!file_is_as(now, &record->state) || (checked && !(cache->checks && record->checked)))
        return false;
    const char *texts[TEXTS];
    for (size_t i = 0; i < TEXTS; i++)
        texts[i] = text_at(cache, record->texts[i]);
    *out = (Script){ .revision = texts[0],
                     .message = texts[1],
                     .created = texts[2],
                     .dialect = texts[3],
                     .phase = texts[4],
                     .path = path,
                     .revision_at = place_in(path, &record->revision_at),
                     .parents_at = place_in(path, &record->parents_at) };
    *statements = record->statements;
    NameList *lists[LISTS] = { &out->parents, &out->labels, &out->depends_on, &out->replaces };
    for (size_t i = 0; i < LISTS; i++)
        if (!take_list(arena, cache, record->lists[i], record->counts[i], lists[i]))
            return false;
    return out->revision != NULL;
}

// ---- Keeping

// Long enough ago that a change after it has another time.
static bool is_settled(const FileState *state, int64_t now)
{
    int64_t last = state->modified > state->changed ? state->modified : state->changed;
    return last < now - (int64_t)SETTLED_S * 1000000000;
}

static uint32_t put_text(StrBuf *texts, const char *text)
{
    uint32_t at = (uint32_t)texts->length;
    if (text)
        strbuf_put(texts, text, strlen(text) + 1);
    return text ? at : 0;
}

// Puts a head into the cache's form: numbers in the record, texts as offsets into one block. head_cache_take()
// reads the same fields back.
static void fill(HeadRecord *record, const HeadToKeep *head, StrBuf *texts)
{
    const Script *script = head->head;
    const char *single[TEXTS] = { script->revision, script->message, script->created, script->dialect,
                                  script->phase };
    const NameList *lists[LISTS] = { &script->parents, &script->labels, &script->depends_on,
                                     &script->replaces };
    const SourcePos *revision = &script->revision_at, *parents = &script->parents_at;
    *record = (HeadRecord){
        .state = head->state,
        .name = put_text(texts, head->name),
        .checked = head->checked,
        .statements = (uint32_t)head->statements,
        .revision_at = {revision->line, revision->column, revision->length},
        .parents_at = { parents->line, parents->column,  parents->length }
    };
    for (size_t i = 0; i < TEXTS; i++)
        record->texts[i] = put_text(texts, single[i]);
    for (size_t i = 0; i < LISTS; i++) {
        record->counts[i] = (uint32_t)lists[i]->count;
        record->lists[i] = lists[i]->count ? (uint32_t)texts->length : 0;
        VEC_EACH (const char *, name, lists[i])
            put_text(texts, *name);
    }
}

typedef struct Listed {
    uint32_t listed, index;
} Listed;

static int by_listing(const void *a, const void *b)
{
    const Listed *x = a, *y = b;
    return (x->listed > y->listed) - (x->listed < y->listed);
}

// The whole file; empty where most of them were changed just now, and another time will do.
static void put_cache(StrBuf *out, const Top *top, const HeadToKeep *heads, size_t count, int64_t now)
{
    Top own = *top;
    StrBuf texts;
    strbuf_init(&texts, out->arena);
    strbuf_putc(&texts, '\0');
    HeadRecord *records = arena_alloc(out->arena, (count + 1) * sizeof(*records));
    Listed *places = arena_alloc(out->arena, (count + 1) * sizeof(*places));
    for (size_t i = 0; i < count; i++) {
        if (!is_settled(&heads[i].state, now) || texts.length > LARGEST / 2)
            continue;
        places[own.count] = (Listed){ heads[i].listed, (uint32_t)own.count };
        fill(&records[own.count++], &heads[i], &texts);
    }
    if (own.count <= count / 2)
        return;
    qsort(places, own.count, sizeof(*places), by_listing);
    own.texts = texts.length;
    strbuf_put(out, (const char *)&own, sizeof(own));
    strbuf_put(out, (const char *)records, own.count * sizeof(*records));
    for (size_t i = 0; i < own.count; i++)
        strbuf_put(out, (const char *)&places[i].index, sizeof(places[i].index));
    strbuf_put(out, texts.text, texts.length);
}

// Messages of revisions are nobody else's business.
static bool make_own_folder(Arena *arena, const char *path)
{
    const char *folder = path_folder(arena, path);
    return folder_exists(folder) ||
           (folder_make(path_folder(arena, folder), NULL) && mkdir(folder, 0700) == 0);
}

bool head_cache_worth(size_t count, size_t fresh)
{
    return count >= WORTH_A_CACHE && fresh > count / FRESH_PART;
}

void head_cache_keep(HeadCache *cache, const HeadToKeep *heads, size_t count)
{
    if (!make_own_folder(cache->arena, cache->path))
        return;
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    Arena *scratch = arena_new();
    StrBuf whole;
    strbuf_init(&whole, scratch);
    put_cache(&whole, &cache->top, heads, count, (int64_t)now.tv_sec * 1000000000 + now.tv_nsec);
    bool written = whole.length && file_write(cache->path, (Text){ whole.text, whole.length }, false, NULL);
    (void)written; // then it is made another time
    arena_free(scratch);
}
