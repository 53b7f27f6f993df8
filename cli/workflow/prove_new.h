// prove_new.h -- a revision that was not written yet, proved: what `migrate --prove` asks.
#ifndef CLI_WORKFLOW_PROVE_NEW_H
#define CLI_WORKFLOW_PROVE_NEW_H

#include "cli/workflow/project.h"

// Puts the script into its place in the graph and proves it in a scratch database. ERR_STATE where it is refuted: nothing is to
// be written then. The findings are printed as prove does, to standard output unless JSON is asked for.
bool prove_new(Session *session, const Project *project, const Graph *graph, const Script *head,
               const StrBuf *text, Error *err) MUST_USE;

#endif
