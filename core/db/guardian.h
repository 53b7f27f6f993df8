// guardian.h -- cleans up behind a process that is killed: no signal handler runs after SIGKILL, and no destructor.
//
// Before something is made that must not stay (a scratch database), a small child process is forked. It does nothing but read a
// socket from its parent. When the parent says that all is cleaned up, the child ends. When it closes without that word, the
// parent has died: the child calls `clean`, which opens a new connection and drops the leftovers. It is in a session of its own, so that what
// ends the parent's process group or its terminal does not end it; it keeps none of the parent's descriptors; and after GUARDIAN_SECONDS
// it gives up, whatever it waits for: then the next run sweeps.
//
// The library forks for nobody: a guardian is started where ConnectOptions.guards is set, which the program does.
#ifndef CORE_DB_GUARDIAN_H
#define CORE_DB_GUARDIAN_H

#include "core/base/arena.h"

enum { GUARDIAN_SECONDS = 60 };

typedef struct Guardian Guardian;

// Runs in the child, on the memory as it was at the start, and opens what it needs. True: nothing is left. Else it is called again
// in a while.
typedef bool GuardianFn(void *payload);

// NULL where no process can be made: then the next run sweeps.
Guardian *guardian_start(Arena *arena, GuardianFn *clean, void *payload);
// `cleaned`: nothing is left to do. Else the child does it, and is not waited for. NULL is allowed.
void guardian_end(Guardian *guardian, bool cleaned);

#endif
