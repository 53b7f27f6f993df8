#!/bin/bash
# Servers for ctest: started before the first test that needs them, stopped after the last.
#
#   fixture.sh start BUILD         unless CMIGRATE_TEST_PG15 or another of them names a server already
#   fixture.sh run NAME BUILD CMD...
#                                  CMD with CMIGRATE_TEST_NAME=URL of each server; with TESTS_BUT=K/N unless NAME is of this part and
#                                  not in the extended regular expression TESTS_BUT_NOT, for another build runs it then
#   fixture.sh run-third NAME BUILD CMD...
#                                  the same for what takes turns: with TESTS_THIRD=0, 1 or 2 only if NAME is of this third
#   fixture.sh part NAME N         which of N parts a test is of
#   fixture.sh stop BUILD
#
# They are stopped too when ctest is killed: servers.sh watches over the process that called this.
#
# CMIGRATE_TEST_REQUIRE=all: a server that cannot be had is a failure, not a test left out.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
what=$1 name=
shift

part_of() { echo $(($(cksum <<<"$1" | cut -d' ' -f1) % $2)); }

case $what in
part)
	part_of "$1" "$2"
	exit
	;;
run | run-third)
	name=$1
	shift
	;;
esac
build=$1
shift
note=$build/servers.folder # outside of the build, which the servers' users may not reach
dir=$(cat "$note" 2>/dev/null) || dir=
case $what in
start)
	if compgen -e CMIGRATE_TEST_ | grep -qvx CMIGRATE_TEST_REQUIRE; then
		echo "using the servers that the environment names"
		exit 0
	fi
	if [ ! -d "$dir" ]; then
		dir=$("$here/servers.sh" folder)
		echo "$dir" >"$note"
	fi
	CMIGRATE_SERVERS_OWNER=$PPID "$here/servers.sh" start "$dir"
	sed 's|:[^:@/]*@|:***@|' "$dir/env"
	;;
run | run-third)
	if [ -n "${TESTS_BUT:-}" ] && [ "$(part_of "$name" "${TESTS_BUT#*/}")" -eq "${TESTS_BUT%/*}" ] && ! [[ $name =~ $TESTS_BUT_NOT ]]; then
		echo "left out: with this commit another build runs it"
		exit 77
	fi
	if [ -n "$dir" ] && [ -f "$dir/env" ]; then
		set -a
		# shellcheck disable=SC1091
		. "$dir/env"
		set +a
	fi
	if [ "$what" = run-third ] && [ -n "${TESTS_THIRD:-}" ] && [ "$(part_of "$name" 3)" -ne "$TESTS_THIRD" ]; then
		echo "left out: it takes turns, and runs with one commit of three"
		exit 77
	fi
	# With TLS but no authority, libmariadb reads all that the machine trusts for each connection, 40 ms, and does not use them.
	export SSL_CERT_FILE=/dev/null
	exec "$@"
	;;
stop)
	[ -d "$dir" ] || exit 0
	"$here/servers.sh" remove "$dir"
	rm -f "$note"
	;;
*) echo "fixture.sh: start, run, run-third, part or stop?" >&2; exit 2 ;;
esac
