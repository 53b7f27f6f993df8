// prove_copy.h -- real rows for a proof: a sample of another database of the same engine, with the rows that they refer to.
#ifndef CLI_WORKFLOW_PROVE_COPY_H
#define CLI_WORKFLOW_PROVE_COPY_H

#include "core/db/driver.h"

// Prove.copies of a ProveRun. The other database is only read, within one connection that is closed before this returns.
bool prove_copy_rows(void *payload, Db *db, const Schema *schema, Error *err) MUST_USE;

#endif
