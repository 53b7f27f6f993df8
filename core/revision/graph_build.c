#include "core/revision/graph_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/base/file.h"

typedef struct Build {
    Arena *arena;
    Graph *graph;
    RevisionList all; // by path, replaced ones included
    Issues issues;
} Build;

// Numbers in the order of the bytes that they are made of.
static uint64_t key_of(const char *id)
{
    uint64_t key = 0;
    for (unsigned i = 0; i < sizeof(key); i++)
        key = key << 8 | (unsigned char)(*id ? *id++ : '\0');
    return key;
}

static int compare_ids(const Revision *revision, uint64_t key, const char *id)
{
    return revision->id_key != key ? (revision->id_key > key) - (revision->id_key < key)
                                   : strcmp(revision->id, id);
}

static int by_id(const void *a, const void *b)
{
    const Revision *x = *(Revision *const *)a, *y = *(Revision *const *)b;
    int order = compare_ids(x, y->id_key, y->id);
    return order ? order : strcmp(x->script->path, y->script->path);
}

static int by_path(const void *a, const void *b)
{
    const Revision *x = *(Revision *const *)a, *y = *(Revision *const *)b;
    int order = strcmp(path_base(x->script->path), path_base(y->script->path));
    return order ? order : strcmp(x->script->path, y->script->path);
}

static int by_label(const void *a, const void *b)
{
    return strcmp(((const LabelEntry *)a)->label, ((const LabelEntry *)b)->label);
}

Revision *graph_by_id(const Graph *graph, const char *id)
{
    size_t low = 0, high = graph->by_id.count;
    uint64_t key = key_of(id);
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = compare_ids(graph->by_id.items[middle], key, id);
        if (order == 0)
            return graph->by_id.items[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

LabelEntry *label_find(const Graph *graph, const char *label)
{
    LabelEntry wanted = { .label = label };
    return graph->label_count
               ? bsearch(&wanted, graph->label_table, graph->label_count, sizeof(wanted), by_label)
               : NULL;
}

static void add_also(Error *issue, SourcePos at, const char *label)
{
    issue->also = at;
    snprintf(issue->also_label, sizeof(issue->also_label), "%s", label);
}

static void sort_ids(Build *b)
{
    Graph *graph = b->graph;
    if (graph->by_id.count)
        qsort(graph->by_id.items, graph->by_id.count, sizeof(Revision *), by_id);
    for (size_t i = 1; i < graph->by_id.count; i++) {
        Revision *first = graph->by_id.items[i - 1], *second = graph->by_id.items[i];
        if (strcmp(first->id, second->id) != 0)
            continue;
        Error *issue = issues_add(&b->issues, ERR_SCRIPT, second->script->revision_at,
                                  "revision %s is in two files: %s and %s", second->id, first->script->path,
                                  second->script->path);
        add_also(issue, first->script->revision_at, "the other one");
        error_hint(issue, "Give one of them another id, and its children's parents with it.");
    }
}

static const char *nearest_id(const Build *b, const char *id)
{
    const char **ids = arena_alloc(b->arena, (b->graph->by_id.count + 1) * sizeof(*ids));
    for (size_t i = 0; i < b->graph->by_id.count; i++)
        ids[i] = b->graph->by_id.items[i]->id;
    return nearest_word(id, ids, b->graph->by_id.count);
}

// What people write where there is nothing to be named.
static bool is_word_for_none(const char *id)
{
    static const char *const words[] = { "none", "null", "nil", "root", "<base>", "empty" };
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (strcasecmp(id, words[i]) == 0)
            return true;
    return false;
}

static void missing(Build *b, const Revision *revision, SourcePos at, const char *what, const char *id)
{
    Error *issue = issues_add(&b->issues, ERR_SCRIPT, at,
                              "Can't locate revision identified by '%s': %s of %s", id, what, revision->id);
    if (b->issues.count > 20)
        return;
    const char *near = nearest_id(b, id);
    if (near)
        error_label(issue, "did you mean '%s'?", near);
    else if (is_word_for_none(id))
        error_hint(issue, "A revision without a parent has nothing after `parents`, or no such line.");
    else
        error_hint(issue, "Its script is missing from the folder: was it left out of a commit, or renamed?");
}

// A parent or dependency that a squash stands for is the squash.
static Revision *standing_for(Revision *revision)
{
    while (revision && revision->replaced_by)
        revision = revision->replaced_by;
    return revision;
}

typedef struct Replacement {
    const char *id;
    Revision *squash;
    bool last;
} Replacement;
typedef VEC(Replacement) ReplacementList;

static const Replacement *replacement_of(const ReplacementList *list, const char *id)
{
    VEC_EACH (Replacement, it, list)
        if (strcmp(it->id, id) == 0)
            return it;
    return NULL;
}

// Squashes: the scripts that they replace, where still there, leave the graph and keep each other's order.
static void find_replaced(Build *b, ReplacementList *list)
{
    VEC_EACH (Revision *, squash, &b->all)
        for (size_t i = 0; i < (*squash)->script->replaces.count; i++) {
            const char *id = (*squash)->script->replaces.items[i];
            const Replacement *other = replacement_of(list, id);
            if (other && (names_have(&other->squash->script->replaces, (*squash)->id) ||
                          names_have(&(*squash)->script->replaces, other->squash->id)))
                continue; // a squash of squashes: either of them will do, the one stands for the other
            if (other) {
                issues_add(&b->issues, ERR_SCRIPT, (*squash)->script->revision_at,
                           "revision %s is replaced by both %s and %s", id, other->squash->id, (*squash)->id);
                continue;
            }
            *VEC_PUSH(b->arena, list) =
                (Replacement){ id, *squash, i + 1 == (*squash)->script->replaces.count };
            Revision *replaced = graph_by_id(b->graph, id);
            if (replaced == *squash)
                issues_add(&b->issues, ERR_SCRIPT, (*squash)->script->revision_at,
                           "revision %s replaces itself", id);
            else if (replaced) {
                replaced->replaced_by = *squash;
                *VEC_PUSH(b->arena, &b->graph->replaced) = replaced;
            }
        }
}

// `before`: whose file stands before that of who asks, which is mostly its parent; or NULL.
static Revision *find_edge(Build *b, const ReplacementList *replaced, const char *id, Revision *before)
{
    Revision *found = before && strcmp(before->id, id) == 0 ? before : graph_by_id(b->graph, id);
    if (!found) {
        const Replacement *squash = replacement_of(replaced, id);
        found = squash ? squash->squash : NULL;
    }
    VEC_EACH (Script *, script, &b->graph->apart)
        if (!found && strcmp((*script)->revision, id) == 0)
            found = find_edge(b, replaced, (*script)->replaces.items[(*script)->replaces.count - 1], NULL);
    return found;
}

static void link_parents(Build *b, Revision *revision, Revision *before, const ReplacementList *replaced)
{
    VEC_EACH (const char *, id, &revision->script->parents) {
        Revision *parent = find_edge(b, replaced, *id, before);
        if (!parent) {
            missing(b, revision, revision->script->parents_at, "a parent", *id);
            continue;
        }
        if (!revision->replaced_by)
            parent = standing_for(parent);
        if (parent == revision) {
            issues_add(&b->issues, ERR_SCRIPT, revision->script->parents_at, "revision %s is its own parent",
                       revision->id);
            continue;
        }
        if (list_has(&revision->parents, parent))
            continue;
        *VEC_PUSH(b->arena, &revision->parents) = parent;
        if (!revision->replaced_by)
            *VEC_PUSH(b->arena, &parent->children) = revision;
    }
}

static void link_dependencies(Build *b, Revision *revision, const ReplacementList *replaced)
{
    VEC_EACH (const char *, id, &revision->script->depends_on) {
        Revision *found = find_edge(b, replaced, *id, NULL);
        const LabelEntry *label = found ? NULL : label_find(b->graph, *id);
        found = standing_for(found ? found : label ? label->revision : NULL);
        if (!found)
            missing(b, revision, revision->script->revision_at, "a dependency", *id);
        else if (found == revision)
            issues_add(&b->issues, ERR_SCRIPT, revision->script->revision_at, "revision %s depends on itself",
                       revision->id);
        else if (!list_has(&revision->depends_on, found) && !list_has(&revision->parents, found))
            *VEC_PUSH(b->arena, &revision->depends_on) = found;
    }
}

// Sorts the branch labels for label_find() and reports those that two revisions have, or that are a revision's
// id.
static void collect_labels(Build *b)
{
    VEC(LabelEntry) entries = { 0 };
    VEC_EACH (Revision *, revision, &b->all)
        VEC_EACH (const char *, label, &(*revision)->script->labels)
            *VEC_PUSH(b->arena, &entries) =
                (LabelEntry){ *label, *revision, (*revision)->script->revision_at };
    b->graph->label_table = entries.items;
    b->graph->label_count = entries.count;
    if (entries.count)
        qsort(entries.items, entries.count, sizeof(LabelEntry), by_label);
    for (size_t i = 0; i < entries.count; i++) {
        LabelEntry *entry = &entries.items[i];
        if (i && strcmp(entry[-1].label, entry->label) == 0) {
            Error *issue = issues_add(&b->issues, ERR_SCRIPT, entry->at,
                                      "Branch name '%s' in revision %s already used by revision %s",
                                      entry->label, entry->revision->id, entry[-1].revision->id);
            add_also(issue, entry[-1].at, "the other one");
        }
        if (graph_by_id(b->graph, entry->label))
            issues_add(&b->issues, ERR_SCRIPT, entry->at, "the branch label '%s' is a revision's id",
                       entry->label);
    }
}

// A heap of revisions, the first by path on top, so that the order is the same on every machine.
typedef struct Heap {
    size_t *items; // indexes into `all`
    size_t count;
} Heap;

static void heap_push(Heap *heap, size_t value)
{
    size_t i = heap->count++;
    for (; i && heap->items[(i - 1) / 2] > value; i = (i - 1) / 2)
        heap->items[i] = heap->items[(i - 1) / 2];
    heap->items[i] = value;
}

static size_t heap_pop(Heap *heap)
{
    size_t top = heap->items[0], value = heap->items[--heap->count], i = 0;
    for (;;) {
        size_t child = 2 * i + 1;
        if (child >= heap->count)
            break;
        if (child + 1 < heap->count && heap->items[child + 1] < heap->items[child])
            child++;
        if (heap->items[child] >= value)
            break;
        heap->items[i] = heap->items[child];
        i = child;
    }
    heap->items[i] = value;
    return top;
}

typedef struct Sorting {
    RevisionList *nodes; // `order` is the index into it while sorting
    size_t *waiting;     // of each: parents and dependencies not yet out
    RevisionList *users; // of each: who depends on it
} Sorting;

static void release(Sorting *sorting, Heap *ready, const RevisionList *users)
{
    VEC_EACH (Revision *, user, users)
        if (--sorting->waiting[(*user)->order] == 0)
            heap_push(ready, (*user)->order);
}

// Names the revisions of one cycle, walking back from any that is left until one comes twice.
static void report_cycle(Build *b, const Sorting *sorting, Revision *start)
{
    Revision *revision = start;
    bool *seen = arena_alloc(b->arena, sorting->nodes->count * sizeof(bool));
    bool dependency = false;
    for (int round = 0; round < 2; round++) {
        memset(seen, 0, sorting->nodes->count * sizeof(bool));
        StrBuf path;
        strbuf_init(&path, b->arena);
        Revision *first = revision;
        // what is left over when nothing can be sorted has a parent that is left over too
        // NOLINTNEXTLINE(clang-analyzer-core.NullDereference)
        while (!seen[revision->order]) {
            seen[revision->order] = true;
            if (path.length < 400)
                strbuf_printf(&path, "%s -> ", revision->id);
            Revision *next = NULL;
            for (size_t i = 0; i < revision->parents.count && !next; i++)
                next =
                    sorting->waiting[revision->parents.items[i]->order] ? revision->parents.items[i] : NULL;
            for (size_t i = 0; i < revision->depends_on.count && !next; i++)
                if (sorting->waiting[revision->depends_on.items[i]->order]) {
                    next = revision->depends_on.items[i];
                    dependency = true;
                }
            revision = next;
        }
        if (round == 0)
            continue; // now `revision` is on the cycle; go round once more from it
        Error *issue = issues_add(&b->issues, ERR_SCRIPT,
                                  first->script->parents_at.line ? first->script->parents_at
                                                                 : first->script->revision_at,
                                  "Cycle is detected in %srevisions (%s%s)",
                                  dependency ? "dependencies of " : "", path.text, revision->id);
        Revision *other = first->parents.count ? first->parents.items[0] : first->depends_on.items[0];
        add_also(issue, other->script->revision_at, "continues through this one");
        error_hint(issue, "One of them must name another parent, or depend on another.");
    }
}

// Kahn's algorithm with a heap over the files' order, so that the order is the same each time. Revisions that
// are left form a cycle, which is reported; then it returns false.
static bool sort_revisions(Build *b, RevisionList *nodes)
{
    size_t n = nodes->count;
    Sorting sorting = { nodes, arena_alloc(b->arena, (n + 1) * sizeof(size_t)),
                        arena_alloc(b->arena, (n + 1) * sizeof(RevisionList)) };
    Heap ready = { arena_alloc(b->arena, (n + 1) * sizeof(size_t)), 0 };
    for (size_t i = 0; i < n; i++)
        nodes->items[i]->order = i;
    for (size_t i = 0; i < n; i++) {
        Revision *revision = nodes->items[i];
        sorting.waiting[i] = revision->parents.count + revision->depends_on.count;
        VEC_EACH (Revision *, other, &revision->depends_on)
            *VEC_PUSH(b->arena, &sorting.users[(*other)->order]) = revision;
        if (sorting.waiting[i] == 0)
            heap_push(&ready, i);
    }
    while (ready.count) {
        size_t i = heap_pop(&ready);
        *VEC_PUSH(b->arena, &b->graph->revisions) = nodes->items[i];
        release(&sorting, &ready, &nodes->items[i]->children);
        release(&sorting, &ready, &sorting.users[i]);
    }
    if (b->graph->revisions.count < n)
        for (size_t i = 0; i < n; i++)
            if (sorting.waiting[i]) {
                report_cycle(b, &sorting, nodes->items[i]);
                return false;
            }
    for (size_t i = 0; i < n; i++)
        b->graph->revisions.items[i]->order = i;
    return true;
}

static void add_label(Arena *arena, Revision *revision, const char *label)
{
    if (!names_have(&revision->labels, label))
        *VEC_PUSH(arena, &revision->labels) = label;
}

// A label belongs to all that descends from where it stands, and downwards to the branch point.
static void spread_labels(Build *b)
{
    Graph *graph = b->graph;
    for (size_t i = 0; i < graph->label_count; i++) {
        const LabelEntry *entry = &graph->label_table[i];
        if (entry->revision->replaced_by)
            continue;
        RevisionSet set = set_new(b->arena, graph);
        RevisionList from = { 0 };
        *VEC_PUSH(b->arena, &from) = entry->revision;
        add_descendants(b->arena, graph, &from, false, &set);
        VEC_EACH (Revision *, revision, &graph->revisions)
            if (set_has(&set, *revision))
                add_label(b->arena, *revision, entry->label);
        const Revision *revision = entry->revision;
        while (revision->parents.count == 1) {
            Revision *parent = revision->parents.items[0];
            if (parent->is_branch_point || parent->is_merge_point)
                break;
            add_label(b->arena, parent, entry->label);
            revision = parent;
        }
    }
}

static void mark(Build *b)
{
    VEC_EACH (Revision *, it, &b->graph->revisions) {
        Revision *revision = *it;
        revision->is_head = revision->children.count == 0;
        revision->is_base = revision->parents.count == 0;
        revision->is_branch_point = revision->children.count > 1;
        revision->is_merge_point = revision->parents.count > 1;
        VEC_EACH (Revision *, other, &revision->depends_on)
            (*other)->is_needed = true;
        if (revision->is_head)
            *VEC_PUSH(b->arena, &b->graph->heads) = revision;
        if (revision->is_base)
            *VEC_PUSH(b->arena, &b->graph->bases) = revision;
    }
}

// Order matters: ids are sorted before anything is looked up, replaced revisions are known before parents are
// linked, and marks need the sorted graph.
static void build(Build *b)
{
    ReplacementList replaced = { 0 };
    b->graph->by_id = (RevisionList){ 0 };
    VEC_EACH (Revision *, revision, &b->all)
        *VEC_PUSH(b->arena, &b->graph->by_id) = *revision;
    sort_ids(b);
    collect_labels(b);
    find_replaced(b, &replaced);
    RevisionList nodes = { 0 };
    VEC_EACH (Revision *, revision, &b->all) {
        link_parents(b, *revision, revision == b->all.items ? NULL : revision[-1], &replaced);
        link_dependencies(b, *revision, &replaced);
        if (!(*revision)->replaced_by)
            *VEC_PUSH(b->arena, &nodes) = *revision;
    }
    if (!sort_revisions(b, &nodes) || b->issues.count)
        return;
    size_t kept = 0; // what a squash replaces is known to `replaced` only
    VEC_EACH (Revision *, revision, &b->graph->by_id)
        if (!(*revision)->replaced_by)
            b->graph->by_id.items[kept++] = *revision;
    b->graph->by_id.count = kept;
    VEC_EACH (Revision *, revision, &b->graph->revisions)
        if ((*revision)->children.count > 1)
            qsort((*revision)->children.items, (*revision)->children.count, sizeof(Revision *), by_path);
    mark(b);
    spread_labels(b);
}

bool graph_build_with(Arena *arena, const ScriptList *scripts, const NameList *apart, const Issues *found,
                      Graph *out, Error *err)
{
    *out = (Graph){ 0 };
    Build b = { .arena = arena, .graph = out, .issues = *found };
    bool sorted = true; // the scripts of one folder are
    const char *last = "";
    VEC_EACH (Script *, script, scripts) {
        if (apart && names_have(apart, (*script)->revision)) {
            *VEC_PUSH(arena, &out->apart) = *script;
            continue;
        }
        Revision *revision = ARENA_NEW(arena, Revision);
        revision->script = *script;
        revision->id = (*script)->revision;
        revision->id_key = key_of(revision->id);
        *VEC_PUSH(arena, &b.all) = revision;
        const char *base = path_base((*script)->path);
        sorted = sorted && strcmp(last, base) < 0;
        last = base;
    }
    if (!sorted)
        qsort(b.all.items, b.all.count, sizeof(Revision *), by_path);
    build(&b);
    return issues_raise(&b.issues, err);
}

bool graph_build(Arena *arena, const ScriptList *scripts, Graph *out, Error *err)
{
    const Issues none = { .arena = arena };
    return graph_build_with(arena, scripts, NULL, &none, out, err);
}
