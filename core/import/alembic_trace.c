#define _GNU_SOURCE
#include "core/import/alembic_trace.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/file.h"
#include "core/base/strbuf.h"

// A run that does not open its database by the module sqlite3 ends before its first revision: nothing but the trace's database
// may be changed.
static const char hook[] =
    "import logging, os, sqlite3, sys\n"
    "from sqlite3 import dbapi2\n"
    "state = {'out': open(os.environ['CMIGRATE_TRACE'], 'a'), 'statements': 0}\n"
    "connect = dbapi2.connect\n"
    "def say(text):\n"
    "    state['out'].write(text)\n"
    "    state['out'].flush()\n"
    "def traced(sql):\n"
    "    state['statements'] += 1\n"
    "    sql = sql.strip()\n"
    "    word = sql.split(None, 1)[0].upper() if sql else ''\n"
    "    if word in ('SELECT', 'WITH'):\n"
    "        if ' FROM ' in ' '.join(sql.upper().split()) and not any(name in sql for name in "
    "('sqlite_master', 'sqlite_temp_master', 'alembic_version', 'pragma_')):\n"
    "            say('-- cmigrate: reads rows\\n')\n"
    "    elif word and word not in ('PRAGMA', 'BEGIN', 'COMMIT', 'ROLLBACK', 'SAVEPOINT', 'RELEASE') and not "
    "sql.startswith('--'):\n"
    "        say(sql.rstrip(';') + ';\\n\\n')\n"
    "def redirected(database, *rest, **more):\n"
    "    more.pop('uri', None)\n"
    "    connection = connect(os.environ['CMIGRATE_DATABASE'], *rest, **more)\n"
    "    connection.set_trace_callback(traced)\n"
    "    return connection\n"
    "dbapi2.connect = sqlite3.connect = redirected\n"
    "info = logging.Logger.info\n"
    "def watched(self, message, *rest, **more):\n"
    "    if self.name == 'alembic.runtime.migration' and rest:\n"
    "        if message.startswith('Context impl ') and rest[0] != 'SQLiteImpl' or "
    "message.startswith('Running ') and (\n"
    "                not state['statements'] or {'sqlcipher3', 'pysqlcipher3', 'apsw', 'libsql'} & "
    "set(sys.modules)):\n"
    "            raise SystemExit('Error: its database is not opened by the module sqlite3')\n"
    "        if message.startswith('Running '):\n"
    "            say('-- Running %s\\n\\n' % getattr(rest[0], 'short_log', rest[0]))\n"
    "    return info(self, message, *rest, **more)\n"
    "logging.Logger.info = watched\n";
static const char marker[] = "-- Running ", reads[] = "-- cmigrate: reads rows\n";

static const char *file_of(const AlembicTrace *trace, const char *name)
{
    return path_join(trace->arena, trace->folder, name);
}

bool alembic_trace_begin(Arena *arena, AlembicTrace *trace, Error *err)
{
    const char *base = getenv("TMPDIR"), *path = getenv("PYTHONPATH");
    char *folder = arena_printf(arena, "%s/cmigrate-alembic-XXXXXX", base && *base ? base : "/tmp");
    *trace = (AlembicTrace){ .arena = arena };
    if (!mkdtemp(folder))
        return error_set(err, ERR_IO, "cannot make the folder %s", folder);
    trace->folder = folder;
    *VEC_PUSH(arena, &trace->words) = "env";
    *VEC_PUSH(arena, &trace->words) = "PYTHONDONTWRITEBYTECODE=1";
    *VEC_PUSH(arena, &trace->words) =
        arena_printf(arena, "PYTHONPATH=%s%s%s", folder, path && *path ? ":" : "", path ? path : "");
    *VEC_PUSH(arena, &trace->words) = arena_printf(arena, "CMIGRATE_TRACE=%s", file_of(trace, "trace"));
    *VEC_PUSH(arena, &trace->words) = arena_printf(arena, "CMIGRATE_DATABASE=%s", file_of(trace, "db"));
    return file_write(file_of(trace, "sitecustomize.py"), (Text){ hook, strlen(hook) }, false, err);
}

bool alembic_trace_is_on(const AlembicTrace *trace) { return file_exists(file_of(trace, "trace")); }

bool alembic_trace_take(const AlembicTrace *trace, Text *out, Error *err)
{
    const char *path = file_of(trace, "trace");
    *out = (Text){ "", 0 };
    if (!file_exists(path))
        return true;
    if (!file_read(trace->arena, path, 0, out, err))
        return false;
    unlink(path);
    return true;
}

Text alembic_trace_sure(Text traced, bool failed, bool *whole)
{
    const char *stop = memmem(traced.p, traced.n, reads, strlen(reads));
    const char *end = stop ? stop : failed ? traced.p + traced.n : NULL;
    *whole = !end;
    if (!end)
        return traced;
    for (const char *p = end; p > traced.p; p--)
        if ((size_t)(end - p) >= strlen(marker) && memcmp(p, marker, strlen(marker)) == 0)
            return (Text){ traced.p, (size_t)(p - traced.p) };
    return (Text){ traced.p, 0 };
}

void alembic_trace_end(AlembicTrace *trace)
{
    static const char *const names[] = { "sitecustomize.py", "trace", "db", "db-journal" };
    if (!trace->folder)
        return;
    for (size_t i = 0; i < COUNT_OF(names); i++)
        unlink(file_of(trace, names[i]));
    rmdir(trace->folder);
    trace->folder = NULL;
}
