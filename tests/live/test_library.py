#!/usr/bin/env python3
"""The library through a connection of the application's own (libpq, by ctypes): it is left as it was."""
import os
import subprocess
import sys
import textwrap

from kit import case, main, truth

APPLICATION = """
    import ctypes, ctypes.util, sys
    lib, pq = ctypes.CDLL(sys.argv[1]), ctypes.CDLL(ctypes.util.find_library("pq"))
    lib.cmigrate_message.restype = pq.PQgetvalue.restype = ctypes.c_char_p
    pq.PQconnectdb.restype = pq.PQexec.restype = ctypes.c_void_p
    connection = ctypes.c_void_p(pq.PQconnectdb(sys.argv[2].encode()))
    def ask(sql):
        result = ctypes.c_void_p(pq.PQexec(connection, sql.encode()))
        value = pq.PQgetvalue(result, 0, 0) if pq.PQntuples(result) else None
        return value and value.decode()
    class Options(ctypes.Structure):
        _fields_ = [(n, ctypes.c_char_p) for n in ("config", "environment", "url", "migrations", "schema")] + [
            ("lock_timeout_ms", ctypes.c_uint), ("on_revision", ctypes.c_void_p), ("payload", ctypes.c_void_p), ("connection", ctypes.c_void_p),
            ("contract", ctypes.c_bool), ("allow_destructive", ctypes.c_bool)]
    ask("set statement_timeout = '77s'"), ask("set search_path = public, pg_catalog"), ask("set timezone = 'Asia/Tokyo'"), ask("create temp table mine (a int)")
    before = [ask("show " + n) for n in ("statement_timeout", "search_path", "timezone", "default_transaction_read_only")]
    options, handle = Options(url=b"postgresql://", migrations=b"migrations", connection=connection.value), ctypes.c_void_p()
    status = lib.cmigrate_open(ctypes.byref(options), ctypes.byref(handle)) or lib.cmigrate_upgrade(handle, None, None)
    if status:
        sys.exit(lib.cmigrate_message(handle).decode())
    lib.cmigrate_close(handle)
    after = [ask("show " + n) for n in ("statement_timeout", "search_path", "timezone", "default_transaction_read_only")]
    assert before == after, (before, after)
    assert ask("select count(*) from mine") == "0" and ask("select count(*) from public.t") == "0"
    ask("begin")
    assert lib.cmigrate_open(ctypes.byref(options), ctypes.byref(handle)) == 2 and b"transaction" in lib.cmigrate_message(handle)
"""


@case
def its_settings_role_and_temporary_tables_are_as_before(t):
    t.write("migrations/a.sql", "-- cmigrate: revision aaa1\n-- cmigrate: upgrade\nset timezone = 'Europe/Rome';\nset search_path = public;\n"
            "create table t (id int);\n-- cmigrate: downgrade\ndrop table t;\n")
    build = os.path.dirname(t.program)
    p = subprocess.run([sys.executable, "-c", textwrap.dedent(APPLICATION), os.path.join(build, "libcmigrate.so"), t.url], cwd=t.path,
                       capture_output=True, text=True, env={**os.environ, "CMIGRATE_MODULE_DIR": build})
    truth(p.returncode == 0, p.stdout + p.stderr)
    t.must("current", says="aaa1")


if __name__ == "__main__":
    sys.exit(main())
