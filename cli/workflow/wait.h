// wait.h -- until a database answers: one that starts together with what needs it.
#ifndef CLI_WORKFLOW_WAIT_H
#define CLI_WORKFLOW_WAIT_H

#include "cli/workflow/project.h"

// A try: ERR_CONNECT and ERR_SQL are tried again. `url` is the project's, with a bound on how long connecting may take.
typedef bool WaitTry(Session *session, const Project *project, const Url *url, void *payload, Error *err);

// Tries until that succeeds or `timeout` ("60s", as in cmigrate.yaml) is over; a try is made in any case. Why one failed is told
// when the reason changes. *waited_ms may be NULL. ERR_USAGE for what is no duration; ERR_CONNECT with the last reason; what
// no waiting can change (a driver that is missing, an unknown parameter) at once.
bool wait_until(Session *session, const Project *project, const char *timeout, WaitTry *attempt,
                void *payload, double *waited_ms, Error *err) MUST_USE;
// The try is a connection that changes nothing, and is closed again.
bool wait_for_database(Session *session, const Project *project, const char *timeout, double *waited_ms,
                       Error *err) MUST_USE;

#endif
