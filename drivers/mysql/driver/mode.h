// mode.h -- the sql_mode that our sessions run under: the server's, without what changes how text is read, and strict.
//
// ANSI_QUOTES, NO_BACKSLASH_ESCAPES, PIPES_AS_CONCAT, IGNORE_SPACE and their like would give a script another meaning on
// another server; NO_ZERO_DATE would refuse to touch a table that has such a default already.
#ifndef DRIVERS_MYSQL_DRIVER_MODE_H
#define DRIVERS_MYSQL_DRIVER_MODE_H

#include "core/base/strbuf.h"

// The sql_mode to set, of the server's own as @@sql_mode gives it.
const char *mode_for_session(Arena *arena, const char *server_mode);

#endif
