// point.h -- names the steps of whatever changes something that lasts, so that tests can disturb a run at each of them.
//
// In a shipped build it does nothing. In builds with CMIGRATE_FAULTS the variable CMIGRATE_FAULT says what happens:
//   list:FILE  appends the name of each step to a file, one a line: so a test learns how many there are
//   kill:N     the process kills itself at the N-th step
//   stop:N     it stops there (SIGSTOP) until it is continued: the test does something to the world meanwhile
//   fail:N     that step fails
#ifndef CORE_BASE_POINT_H
#define CORE_BASE_POINT_H

#include "core/base/error.h"

bool fault_point(const char *name, Error *err) MUST_USE; // true, unless the step was made to fail

#endif
