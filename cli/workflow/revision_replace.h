// revision_replace.h -- the newest revision once more: `migrate --replace` writes a script again that no database has run.
//
// It keeps its id, its file, its parents and its message, and gets the statements that the model asks for now. Where the
// model asks for nothing any more, the file is removed.
#ifndef CLI_WORKFLOW_REVISION_REPLACE_H
#define CLI_WORKFLOW_REVISION_REPLACE_H

#include "cli/workflow/version.h"

// Chooses the one head of `graph`, makes `graph` the graph without it, and *out its head to be written again. *chosen is
// the revision as it is. ERR_USAGE: options that give it another place; ERR_STATE: no revision, several heads, a squash.
bool replace_begin(Session *session, const Project *project, Graph *graph, const GraphOptions *options,
                   Script *out, Revision **chosen, Error *err) MUST_USE;
// ERR_STATE where the connected database has run it.
bool replace_permits(Session *session, const Project *project, const Revision *chosen, Error *err) MUST_USE;
// ERR_STATE where a run has done a part of it: `interrupted` is what interrupted_warn gave.
bool replace_is_whole(const Revision *chosen, const Interrupted *interrupted, Error *err) MUST_USE;
// Removes its file.
bool replace_remove(Session *session, const Project *project, const Revision *chosen, Error *err) MUST_USE;

#endif
