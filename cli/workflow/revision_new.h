// revision_new.h -- a new revision: its place in the graph, its file, and what is run on it.
#ifndef CLI_WORKFLOW_REVISION_NEW_H
#define CLI_WORKFLOW_REVISION_NEW_H

#include <time.h>

#include "cli/workflow/project.h"

// The options of every command that makes a revision.
typedef struct GraphOptions {
    const char *message, *rev_id, *head, *branch_label, *version_path;
    NameList depends_on;
    bool splice;
    bool joins; // a merge, whose parents are chosen by the caller
} GraphOptions;

// The rows of an option table for a struct whose member `member` is a GraphOptions.
#define GRAPH_OPTION_MESSAGE(T, member)                                                                      \
    {                                                                                                        \
        .name = "message", .letter = 'm', .kind = OPT_TEXT, .offset = offsetof(T, member.message),           \
        .value_name = "TEXT", .help = "what the revision does, in a few words"                               \
    }
#define GRAPH_OPTION_ID(T, member)                                                                           \
    {                                                                                                        \
        .name = "rev-id", .kind = OPT_TEXT, .offset = offsetof(T, member.rev_id), .value_name = "ID",        \
        .help = "use this revision id instead of a random one"                                               \
    }
#define GRAPH_OPTION_HEAD(T, member)                                                                         \
    {                                                                                                        \
        .name = "head", .kind = OPT_TEXT, .offset = offsetof(T, member.head), .value_name = "REV",           \
        .help = "revision to build on: an id, a label, LABEL@head, or base (default: head)",                 \
        .completes = COMPLETES_REVISION                                                                      \
    }
#define GRAPH_OPTION_SPLICE(T, member)                                                                       \
    {                                                                                                        \
        .name = "splice", .kind = OPT_FLAG, .offset = offsetof(T, member.splice),                            \
        .help = "allow building on a revision that is no head: a new branch begins there"                    \
    }
#define GRAPH_OPTION_LABEL(T, member)                                                                        \
    {                                                                                                        \
        .name = "branch-label", .kind = OPT_TEXT, .offset = offsetof(T, member.branch_label),                \
        .value_name = "LABEL", .help = "name of the branch that begins here"                                 \
    }
#define GRAPH_OPTION_PATH(T, member)                                                                         \
    {                                                                                                        \
        .name = "version-path", .kind = OPT_TEXT, .offset = offsetof(T, member.version_path),                \
        .value_name = "DIR", .help = "which of the folders of scripts it goes to (default: its parent's)",   \
        .completes = COMPLETES_FOLDER                                                                        \
    }
#define GRAPH_OPTION_DEPENDS(T, member)                                                                      \
    {                                                                                                        \
        .name = "depends-on", .kind = OPT_LIST, .offset = offsetof(T, member.depends_on),                    \
        .value_name = "REV", .help = "revision that must have run before; may be repeated",                  \
        .completes = COMPLETES_REVISION                                                                      \
    }

// The head of a new script: id, parents, labels, dependencies, checked against the graph. Alembic's words where the
// graph refuses.
bool revision_head(Session *session, const Project *project, const Graph *graph, const GraphOptions *options,
                   Script *out, Error *err) MUST_USE;

// Writes the script as a new file, or to head->path where that is set, and runs the hooks on it. *path as the user would
// name it.
bool revision_save(Session *session, const Project *project, const Script *head, const Dialect *dialect,
                   const StatementList *up, const StatementList *down, const char **path,
                   Error *err) MUST_USE;

// The same with a text that is complete already.
bool revision_save_text(Session *session, const Project *project, const Script *head, const StrBuf *text,
                        const char **path, Error *err) MUST_USE;

// The name that file_template gives a script made at `when`; NULL: an error.
const char *revision_file_name(Session *session, const Project *project, const Script *head, time_t when,
                               Error *err);
// Is `timezone:` a zone that the system knows? Another one would pass for UTC.
bool revision_zone_check(Session *session, const Config *config, Error *err) MUST_USE;
time_t revision_time(void); // now, or SOURCE_DATE_EPOCH

// `linear: true`: the one head stands in a file, so that two branches that both add a revision conflict where version
// control can see it.
bool revision_note_head(Session *session, const Project *project, const char *id, Error *err) MUST_USE;

// A revision by id, partial id, label, LABEL@head or head; NULL: an error.
Revision *revision_resolve(Session *session, const Graph *graph, const char *text, Error *err);

// The graph of the project's folders.
bool project_graph(Session *session, const Project *project, Graph *out, Error *err) MUST_USE;
// The same, for what only looks: scripts that are as they were need not be read again (head_cache.h).
bool project_look(Session *session, const Project *project, Graph *out, Error *err) MUST_USE;

#endif
