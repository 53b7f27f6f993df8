// version.h -- where a database stands among the revisions.
#ifndef CLI_WORKFLOW_VERSION_H
#define CLI_WORKFLOW_VERSION_H

#include "cli/workflow/revision_new.h"

typedef struct Standing {
    NameList rows;        // of the version table
    RevisionList current; // the same as revisions
    bool at_head;         // all heads, and nothing but heads; also with no revision at all
} Standing;

// `graph` becomes what this database needs (graph_for_rows), and what `target` needs: NULL: nothing more.
bool standing_toward(Session *session, const Project *project, Graph *graph, const char *target,
                     Standing *out, Error *err) MUST_USE;
bool standing_read(Session *session, const Project *project, Graph *graph, Standing *out,
                   Error *err) MUST_USE;

// Warns of a revision of which a run did a part, and stopped, or does a part just now. *out (may be NULL) is it, or NULL.
bool interrupted_warn(Session *session, const Project *project, const Graph *graph,
                      const RevisionList *current, const Interrupted **out, Error *err) MUST_USE;
// The same where a run had nothing to do: `rows` is what the version table holds.
void interrupted_warn_at(Session *session, const Project *project, const Graph *graph, const NameList *rows);
// After a run that gave `err`. Where its target cannot be gone to, warns of an interrupted revision, which may be why it was given.
void version_run_failed(Session *session, const Project *project, Graph *graph, const Error *err);

// "3f2a9c1b8e07 (head)", or "the base".
const char *standing_text(Arena *arena, const NameList *rows, const Graph *graph);

// Revision words as Alembic prints them. Which of them is its custom too: `current` has no labels, `heads` no branch points.
typedef enum LineParts {
    LINE_PARENTS = 1 << 0, // and the message
    LINE_LABELS = 1 << 1,
    LINE_TREE = 1 << 2,  // branch points and merge points
    LINE_BLOCK = 1 << 3, // a head is called one although another revision depends on it
} LineParts;
const char *revision_line(Arena *arena, const Revision *revision, const RevisionList *current,
                          unsigned parts);
void put_revision_line(StrBuf *out, const Revision *revision, const RevisionList *current, unsigned parts);
const char *revision_marks(Arena *arena, const Revision *revision, const RevisionList *current);
void revision_block(Session *session, const Revision *revision, const RevisionList *current);
const char *names_joined(Arena *arena, const NameList *names, const char *none);

struct Json;
struct Node;
// "a, b" of the member "current" of an answer; "no revision" where that is empty.
const char *answer_current(Arena *arena, const struct Node *answer);
void revision_json(struct Json *json, Session *session, const Revision *revision,
                   const RevisionList *current);

// The contract revision that an upgrade to the target ended before; NULL: none. And what is said of it.
const Revision *version_stopped_before(Session *session, const Graph *graph, const NameList *rows,
                                       const char *target);
void version_say_stopped(Session *session, const Revision *before);

#endif
