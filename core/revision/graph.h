// graph.h -- the revisions of a project as a graph: parents, heads, bases, branches, labels, dependencies.
//
// Building it reports every fault in one reading, each placed in the files concerned: missing parents, duplicate ids,
// cycles, a revision that is its own parent. 20,000 revisions are no problem: lookups are by sorted index.
#ifndef CORE_REVISION_GRAPH_H
#define CORE_REVISION_GRAPH_H

#include "core/revision/head_cache.h"
#include "core/revision/script.h"

typedef struct Revision Revision;
typedef VEC(Revision *) RevisionList;

struct Revision {
    Script *script;
    const char *id;
    uint64_t id_key;      // its first bytes as a number, so that most ids are told apart by that
    RevisionList parents; // down revisions
    RevisionList children;
    RevisionList depends_on; // resolved
    NameList labels;         // own and inherited
    size_t order;            // topological: parents and dependencies come first
    bool is_head, is_base, is_branch_point, is_merge_point;
    bool is_needed; // another depends on it: a head that is needed is none that stands in the version table
    Revision *replaced_by; // a squash stands for it; NULL: none
};

typedef struct Graph {
    RevisionList revisions; // in topological order, independent ones by file name
    RevisionList by_id;     // sorted by id
    RevisionList heads, bases;
    RevisionList
        replaced; // scripts that a squash stands for and that are still there, in its order; not in the above
    ScriptList
        apart; // squashes that were left out (graph_for_rows): the last that they replace stands for them
    struct LabelEntry *label_table; // sorted by label: the revision that declares it
    size_t label_count;
} Graph;

// Reads the heads of all scripts in the folders. A missing folder is an empty one.
bool graph_read(Arena *arena, const NameList *folders, Graph *out, Error *err) MUST_USE;
// The same, of files that are as they were from the cache (NULL: there is none).
bool graph_look(Arena *arena, const NameList *folders, HeadCache *cache, Graph *out, Error *err) MUST_USE;
// The same, and looks at every statement of them by the dialect's rules (NULL: of the engine that
// each names): what is wrong there is told with what is wrong with the graph.
bool graph_look_whole(Arena *arena, const NameList *folders, HeadCache *cache, const Dialect *dialect,
                      Graph *out, size_t *statements, Error *err) MUST_USE;
bool graph_build(Arena *arena, const ScriptList *scripts, Graph *out, Error *err) MUST_USE;

// By full id, a unique partial id or a label; NULL with ERR_USAGE: unknown (nearest id), or ambiguous (candidates).
Revision *graph_find(const Graph *graph, const char *text, Error *err);
Revision *graph_by_id(const Graph *graph, const char *id); // exact; NULL: absent

// Is `ancestor` reached from `revision` by parents (and dependencies)? A revision is its own ancestor.
bool graph_is_ancestor(const Graph *graph, const Revision *ancestor, const Revision *revision);
// Is every head reached, by its own row or by the row of what depends on it?
bool graph_at_head(Arena *arena, const Graph *graph, const RevisionList *current);
// The heads of what is applied: `applied` without those that others of it imply, as the version table keeps them.
void graph_minimal(Arena *arena, const Graph *graph, const RevisionList *applied, RevisionList *out);
// All that a database which is at `current` has run, dependencies too, in topological order.
void graph_applied(Arena *arena, const Graph *graph, const RevisionList *current, RevisionList *out);
// What has run last in each branch: `current`, and what depends_on of it implies although a branch of its own.
void graph_reached(Arena *arena, const Graph *graph, const RevisionList *current, RevisionList *out);
// All revisions that a text names: what graph_find takes, and heads, head, base (none), current, LABEL@…, REV+N, REV-N.
// `current` may be NULL where no database is asked.
bool graph_resolve(Arena *arena, const Graph *graph, const RevisionList *current, const char *text,
                   RevisionList *out, Error *err) MUST_USE;
// The revision that stands for a row of the version table: of that id, or the squash whose last replaced one it is.
Revision *graph_by_row(const Graph *graph, const char *row);
// The graph for a database that has these rows: `graph` itself, or where one of them is in the middle of what a squash
// replaces, *own, in which the old revisions stand for themselves. ERR_SCRIPT where their scripts are not all there.
bool graph_for_rows(Arena *arena, const Graph *graph, const NameList *rows, Graph *own, const Graph **out,
                    Error *err) MUST_USE;

// TARGET (cli.md): revision ids, head, heads, base, +N, -N, REV+N, REV-N, LABEL@head. `current` are the database's.
typedef struct Move {
    Revision *revision;
    Direction direction;
    NameList before, after; // the rows of the version table around this step
} Move;
typedef VEC(Move) MoveList;
bool graph_upgrade_moves(Arena *arena, const Graph *graph, const RevisionList *current, const char *target,
                         MoveList *out, Error *err) MUST_USE;
bool graph_downgrade_moves(Arena *arena, const Graph *graph, const RevisionList *current, const char *target,
                           MoveList *out, Error *err) MUST_USE;
// What undoes a revision and all that builds on it, of what a database that is at `current` has run.
void graph_undo_moves(Arena *arena, const Graph *graph, const RevisionList *current, Revision *revision,
                      MoveList *out);
// Takes the first move up to a revision of `phase contract`, and all after it, off the list. NULL: there is none.
const Revision *graph_stop_before_contract(MoveList *moves);
// The rows of the version table after `stamp TARGET…`.
bool graph_stamp(Arena *arena, const Graph *graph, const RevisionList *current, const NameList *targets,
                 NameList *out, Error *err) MUST_USE;
// `A:B`, `A:`, `:B` of history, newest first.
bool graph_range(Arena *arena, const Graph *graph, const RevisionList *current, const char *range,
                 RevisionList *out, Error *err) MUST_USE;

#endif
