#!/usr/bin/env python3
"""The library from Python by ctypes: the application's own SQLite connection, in memory.

    example.py LIBCMIGRATE      in a folder with cmigrate.yaml and migrations/
"""
import ctypes
import ctypes.util
import sys


class Options(ctypes.Structure):
    _fields_ = [(name, ctypes.c_char_p) for name in ("config", "environment", "url", "migrations", "schema")] + [
        ("lock_timeout_ms", ctypes.c_uint), ("on_revision", ctypes.CFUNCTYPE(ctypes.c_bool, ctypes.c_void_p, ctypes.c_char_p, ctypes.c_char_p, ctypes.c_bool)),
        ("payload", ctypes.c_void_p), ("connection", ctypes.c_void_p), ("contract", ctypes.c_bool), ("allow_destructive", ctypes.c_bool)]


class Difference(ctypes.Structure):
    _fields_ = [(name, ctypes.c_char_p) for name in ("change", "kind", "name", "file")] + [("line", ctypes.c_uint)]


lib = ctypes.CDLL(sys.argv[1])
lib.cmigrate_message.restype = lib.cmigrate_version.restype = ctypes.c_char_p
sqlite = ctypes.CDLL(ctypes.util.find_library("sqlite3"))

connection = ctypes.c_void_p()
assert sqlite.sqlite3_open(b":memory:", ctypes.byref(connection)) == 0
reached = []
options = Options(config=b"cmigrate.yaml", url=b"sqlite://", connection=connection.value)
options.on_revision = Options._fields_[6][1](lambda payload, revision, message, down: not reached.append(revision.decode()))
handle = ctypes.c_void_p()


def must(status):
    if status:
        sys.exit(lib.cmigrate_message(handle).decode())


must(lib.cmigrate_open(ctypes.byref(options), ctypes.byref(handle)))
must(lib.cmigrate_upgrade(handle, None, None))
found, count = ctypes.POINTER(Difference)(), ctypes.c_size_t()
must(lib.cmigrate_differences(handle, ctypes.byref(found), ctypes.byref(count)))
differences = [f"{d.change.decode()} {d.kind.decode()} {d.name.decode()}" for d in found[:count.value]]
lib.cmigrate_close(handle)
assert sqlite.sqlite3_exec(connection, b"INSERT INTO t (id) VALUES (1)", None, None, None) == 0
print(reached, differences)
assert reached == ["aaa1", "bbb2"] and differences == ["drop column t.gone"]
