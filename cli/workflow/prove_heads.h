// prove_heads.h -- do the heads commute? Both orders of each pair are replayed, and must give the same schema.
#ifndef CLI_WORKFLOW_PROVE_HEADS_H
#define CLI_WORKFLOW_PROVE_HEADS_H

#include "cli/workflow/prove_run.h"

// Fills run->heads_differ with a phrase for each difference, or for the order that cannot be run.
bool prove_heads(ProveRun *run, Error *err) MUST_USE;

#endif
