// What SQLite says of an error: its code as a name, where in the statement it is, and what is at fault.
#include "drivers/sqlite/driver/internal.h"

const FaultCode sqlite_fault_codes[] = {
    {"SQLITE_CONSTRAINT*", FAULT_ROWS },
    { "SQLITE_MISMATCH",                   FAULT_ROWS },
    { "SQLITE_READONLY*",FAULT_READ_ONLY },
    { "SQLITE_PERM",  FAULT_RIGHTS },
    { "SQLITE_FULL",                   FAULT_DISK },
    { "SQLITE_IOERR*",       FAULT_OUTSIDE },
    { "SQLITE_BUSY*",       FAULT_OUTSIDE },
    { "SQLITE_CANTOPEN*",                   FAULT_OUTSIDE },
    { "SQLITE_NOMEM", FAULT_OUTSIDE },
    { 0     },
};

const char *sqlite_code_name(int code)
{
    static const struct {
        int code;
        const char *name;
    } names[] = {
        {SQLITE_CONSTRAINT_CHECK,       "SQLITE_CONSTRAINT_CHECK"     },
        { SQLITE_CONSTRAINT_FOREIGNKEY, "SQLITE_CONSTRAINT_FOREIGNKEY"},
        { SQLITE_CONSTRAINT_NOTNULL,    "SQLITE_CONSTRAINT_NOTNULL"   },
        { SQLITE_CONSTRAINT_PRIMARYKEY, "SQLITE_CONSTRAINT_PRIMARYKEY"},
        { SQLITE_CONSTRAINT_ROWID,      "SQLITE_CONSTRAINT_ROWID"     },
        { SQLITE_CONSTRAINT_TRIGGER,    "SQLITE_CONSTRAINT_TRIGGER"   },
        { SQLITE_CONSTRAINT_UNIQUE,     "SQLITE_CONSTRAINT_UNIQUE"    },
        { SQLITE_CONSTRAINT_DATATYPE,   "SQLITE_CONSTRAINT_DATATYPE"  },
        { SQLITE_BUSY_SNAPSHOT,         "SQLITE_BUSY_SNAPSHOT"        },
        { SQLITE_BUSY_RECOVERY,         "SQLITE_BUSY_RECOVERY"        },
        { SQLITE_READONLY_ROLLBACK,     "SQLITE_READONLY_ROLLBACK"    },
        { SQLITE_READONLY_DIRECTORY,    "SQLITE_READONLY_DIRECTORY"   },
        { SQLITE_CANTOPEN_ISDIR,        "SQLITE_CANTOPEN_ISDIR"       },
        { SQLITE_IOERR_WRITE,           "SQLITE_IOERR_WRITE"          },
        { SQLITE_IOERR_FSYNC,           "SQLITE_IOERR_FSYNC"          },
        { SQLITE_ERROR,                 "SQLITE_ERROR"                },
        { SQLITE_PERM,                  "SQLITE_PERM"                 },
        { SQLITE_ABORT,                 "SQLITE_ABORT"                },
        { SQLITE_BUSY,                  "SQLITE_BUSY"                 },
        { SQLITE_LOCKED,                "SQLITE_LOCKED"               },
        { SQLITE_NOMEM,                 "SQLITE_NOMEM"                },
        { SQLITE_READONLY,              "SQLITE_READONLY"             },
        { SQLITE_INTERRUPT,             "SQLITE_INTERRUPT"            },
        { SQLITE_IOERR,                 "SQLITE_IOERR"                },
        { SQLITE_CORRUPT,               "SQLITE_CORRUPT"              },
        { SQLITE_FULL,                  "SQLITE_FULL"                 },
        { SQLITE_CANTOPEN,              "SQLITE_CANTOPEN"             },
        { SQLITE_SCHEMA,                "SQLITE_SCHEMA"               },
        { SQLITE_TOOBIG,                "SQLITE_TOOBIG"               },
        { SQLITE_CONSTRAINT,            "SQLITE_CONSTRAINT"           },
        { SQLITE_MISMATCH,              "SQLITE_MISMATCH"             },
        { SQLITE_MISUSE,                "SQLITE_MISUSE"               },
        { SQLITE_AUTH,                  "SQLITE_AUTH"                 },
        { SQLITE_RANGE,                 "SQLITE_RANGE"                },
        { SQLITE_NOTADB,                "SQLITE_NOTADB"               },
    };
    for (int exact = 1; exact >= 0; exact--)
        for (size_t i = 0; i < COUNT_OF(names); i++)
            if (names[i].code == (exact ? code : code & 0xff))
                return names[i].name;
    return "SQLITE_ERROR";
}

// A table that is rebuilt is another one for a while, cmigrate_new_TABLE: what is at fault is the table that people know.
static void with_known_names(char *text)
{
    static const char mark[] = "cmigrate_new";
    char *out = text;
    for (const char *p = text; *p;) {
        const char *end = p + sizeof(mark) - 1;
        bool marked = strncmp(p, mark, sizeof(mark) - 1) == 0;
        if (marked)
            end += strspn(end, "0123456789");
        if (marked && *end == '_')
            p = end + 1;
        else
            *out++ = *p++;
    }
    *out = '\0';
}

bool sqlite_failed(Sqlite *self, Error *err)
{
    int code = sqlite3_extended_errcode(self->handle), primary = code & 0xff;
    if (primary == SQLITE_INTERRUPT && self->timed_out) {
        error_set(err, ERR_SQL, "the statement ran longer than statement_timeout (%u ms) and was stopped",
                  self->db.options.statement_timeout_ms);
    } else if (primary == SQLITE_INTERRUPT) {
        error_set(err, ERR_INTERRUPTED, "interrupted");
    } else if (primary == SQLITE_BUSY || primary == SQLITE_LOCKED) {
        error_set(err, ERR_LOCKED, "another process holds %s: %s", self->path ? self->path : "the database",
                  sqlite3_errmsg(self->handle));
        error_hint(err, "Wait until it is done, or set a longer lock_timeout.");
    } else {
        error_set(err, ERR_SQL, "%s", sqlite3_errmsg(self->handle));
        if (err)
            with_known_names(err->message);
    }
    error_native(err, sqlite_code_name(code));
    return false;
}

// Where in the whole text the fault is, as far as the library tells (3.38 on).
void sqlite_note_position(const Sqlite *self, const char *whole, const char *text, Error *err)
{
#if SQLITE_VERSION_NUMBER >= 3038000
    int offset = sqlite3_error_offset(self->handle);
    if (!err || offset < 0)
        return;
    err->position = 1;
    for (const char *c = whole; c < text + offset; c++)
        err->position += ((unsigned char)c[1] & 0xc0) != 0x80;
#else
    (void)self, (void)whole, (void)text, (void)err;
#endif
}
