// fleet_said.h -- what the targets of a fleet said: a line each, or those that say the same together, so that a thousand of
// them fit a screen.
//
// Each target answers with one JSON document, its own or {"errors": …}. With --format json a line is written for each as it
// comes: {"target", "status", "ms", "answer"}. For people a command may have a `gist` (command.h): then nothing is said
// until all are done.
#ifndef CLI_WORKFLOW_FLEET_SAID_H
#define CLI_WORKFLOW_FLEET_SAID_H

#include "cli/commands/command.h"

typedef struct FleetSaid FleetSaid;

FleetSaid *fleet_said_new(Session *session); // in the session's arena
// A target is done. `arena` is its own, and goes with it; `answer` is the last line that it printed, "" where there is none.
void fleet_said_add(FleetSaid *said, Arena *arena, const char *title, int status, double ms,
                    const char *answer);
// All are done; `stopped`: some were not begun.
void fleet_said_end(FleetSaid *said, bool stopped);

#endif
