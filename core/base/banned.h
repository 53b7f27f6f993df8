// banned.h -- functions that this program never calls; the compiler refuses them.
//
// Forced into every file by cmake/Flags.cmake. The headers that declare these functions come first, so that their own
// declarations are read before the names stop working.
//
// strcpy strcat strncpy sprintf gets   no bound, or no end: use strbuf, arena_printf, snprintf, memcpy
// strtok localtime gmtime              hidden state that is shared: use a loop, localtime_r, gmtime_r
// atoi atol                            no errors: use strtol, or the parser of the thing read
#ifndef CORE_BASE_BANNED_H
#define CORE_BASE_BANNED_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#undef strcpy
#define strcpy(...) strcpy_is_banned_see_core_base_banned_h
#undef strcat
#define strcat(...) strcat_is_banned_see_core_base_banned_h
#undef strncpy
#define strncpy(...) strncpy_is_banned_see_core_base_banned_h
#undef strtok
#define strtok(...) strtok_is_banned_see_core_base_banned_h
#undef sprintf
#define sprintf(...) sprintf_is_banned_see_core_base_banned_h
#undef vsprintf
#define vsprintf(...) vsprintf_is_banned_see_core_base_banned_h
#undef gets
#define gets(...) gets_is_banned_see_core_base_banned_h
#undef atoi
#define atoi(...) atoi_is_banned_see_core_base_banned_h
#undef atol
#define atol(...) atol_is_banned_see_core_base_banned_h
#undef localtime
#define localtime(...) localtime_is_banned_see_core_base_banned_h
#undef gmtime
#define gmtime(...) gmtime_is_banned_see_core_base_banned_h

#endif
