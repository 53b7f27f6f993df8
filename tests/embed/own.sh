#!/bin/bash
# The library with the application's own connection, from C, C++ and Python.
#
#   own.sh BUILD OWN      OWN: the program of own.c
set -eu
here=$(cd "$(dirname "$0")" && pwd)
build=$1 own=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
unset CMIGRATE_URL CMIGRATE_CONFIG DATABASE_URL
mkdir migrations
printf 'destructive: refuse\n' >cmigrate.yaml
printf 'tables: {t: {columns: {id: integer, n: integer}, primary_key: [id]}}\n' >schema.yaml
printf 'tables:\n  t: {columns: {id: intege}}\n' >schema.bad.yaml
revision() { # FILE ID PARENT HEAD-LINE UP DOWN
	printf -- '-- cmigrate: revision %s\n-- cmigrate: parents %s\n%s\n-- cmigrate: upgrade\n%s;\n-- cmigrate: downgrade\n%s;\n' "$2" "$3" "$4" "$5" "$6" >"migrations/$1"
}
revision a.sql aaa1 '' '--' 'CREATE TABLE t (id INTEGER PRIMARY KEY, gone TEXT)' 'DROP TABLE t'
revision b.sql bbb2 aaa1 '--' 'ALTER TABLE t ADD COLUMN n INTEGER' 'ALTER TABLE t DROP COLUMN n'
revision c.sql ccc3 bbb2 '-- cmigrate: phase contract' 'ALTER TABLE t DROP COLUMN gone' 'ALTER TABLE t ADD COLUMN gone TEXT'
"$own"
c++ -std=c++17 -Wall -Wextra -Werror -I"$here/../../core/api" "$here/example.cpp" -L"$build" -lcmigrate -Wl,-rpath,"$build" -o cpp
./cpp
[ -f cpp.db ]
python3 "$here/example.py" "$build/libcmigrate.so"
