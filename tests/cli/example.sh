#!/bin/bash
# The example application on a real server, in a database of its own that must be empty again at the end.
#
#   example.sh pg15|pg18|mariadb|mysql CMIGRATE      CMIGRATE_TEST_PG15 … hold the servers' URLs; 77: there is none
set -eu
engine=$1 program=$2
name=CMIGRATE_TEST_${engine^^}
url=${!name:-}
[ -n "$url" ] || { echo "$name is not set"; [ "${CMIGRATE_TEST_REQUIRE:-}" != all ] || exit 1; exit 77; }
database=cmigrate_example_$$
base=${url%%\?*}
query=${url#"$base"}
url=${base%/}/$database$query
case $engine in
pg*)
	server() { psql -XqAt -v ON_ERROR_STOP=1 "${base%/}/postgres$query" -c "$1"; }
	;;
*)
	rest=${base#*://}
	credentials=${rest%@*}
	host=${rest##*@}
	host=${host%%/*}
	server() {
		MYSQL_PWD=${credentials#*:} mariadb -h "${host%:*}" -P "${host##*:}" -u "${credentials%%:*}" -N -e "$1"
	}
	;;
esac
server "CREATE DATABASE $database"
trap 'server "DROP DATABASE $database"' EXIT
DATABASE_URL=$url "$(dirname "$0")/../../migrations-example/run.sh" "$program"
