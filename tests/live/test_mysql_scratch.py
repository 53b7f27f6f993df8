#!/usr/bin/env python3
"""MySQL and MariaDB: which scratch databases that were left behind are dropped."""
import sys

import mykit
from mykit import case, truth

MODEL = "tables:\n  a: {columns: {id: {type: integer, primary_key: true}, n: {type: integer, default: {sql: \"(1 + 1)\"}}}}\n"


def mark(t):
    """Of this server, in the names of the scratch databases that are made on it."""
    of = "concat(@@hostname, ':', @@port, ':', @@server_id)" if "MariaDB" in t.admin("select version()") else "@@server_uuid"
    return t.admin(f"select lower(lpad(hex(crc32({of})), 8, '0'))")


@case
def those_of_this_server_and_no_other(t):
    """Replication brings the scratch databases of one server to another, where nobody holds their locks."""
    own, other, users = f"cmigrate_scratch_{mark(t)}_1_2_3", "cmigrate_scratch_00000000_1_2_3", f"cmigrate_scratch_{mark(t)}"
    t.admin(*(f"create database if not exists {name}" for name in (own, other, users)))
    try:
        t.write("schema.yaml", MODEL)
        t.must("migrate", "-m", "one")
        left = t.admin("select schema_name from information_schema.schemata where schema_name like 'cmigrate\\_scratch\\_%'").split()
        truth(own not in left, "a scratch database that was left on this server is still there")
        truth(other in left and users in left, f"a database of another server was dropped: {left}")
    finally:
        t.admin(*(f"drop database if exists {name}" for name in (own, other, users)))


if __name__ == "__main__":
    sys.exit(mykit.main())
