// update.h -- `test --update`: writes into a file of tests the rows that came.
#ifndef CLI_TESTING_UPDATE_H
#define CLI_TESTING_UPDATE_H

#include "cli/testing/run.h"

// `text` is what the file held when it was read. Where a place has different answers, of several engines, the file is left as
// it is: ERR_STATE.
bool update_write(Arena *arena, const char *path, Text text, const TestUpdateList *updates,
                  Error *err) MUST_USE;
// The files of expected rows that `rows: {file: …}` names; appends those that were written.
bool update_write_files(Arena *arena, const TestUpdateList *updates, NameList *written, Error *err) MUST_USE;

#endif
