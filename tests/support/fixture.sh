#!/bin/bash
# Servers for ctest: started before the first test that needs them, stopped after the last.
#
#   fixture.sh start BUILD         unless CMIGRATE_TEST_PG15 or another of them names a server already
#   fixture.sh run BUILD CMD...    CMD with CMIGRATE_TEST_NAME=URL of each server
#   fixture.sh run-third NAME BUILD CMD...
#                                  the same for the older of two versions: with TESTS_THIRD=0, 1 or 2, and the newer there, only
#                                  if NAME is of this third
#   fixture.sh stop BUILD
#
# They are stopped too when ctest is killed: servers.sh watches over the process that called this.
#
# CMIGRATE_TEST_REQUIRE=all: a server that cannot be had is a failure, not a test left out.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
what=$1 name=
shift
if [ "$what" = run-third ]; then
	what=run name=$1
	shift
fi
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
run)
	if [ -n "$dir" ] && [ -f "$dir/env" ]; then
		set -a
		# shellcheck disable=SC1091
		. "$dir/env"
		set +a
	fi
	if [ -n "$name" ] && [ -n "${TESTS_THIRD:-}" ] && [ -n "${CMIGRATE_TEST_PG18:-}" ] &&
		[ $(($(cksum <<<"$name" | cut -d' ' -f1) % 3)) -ne "$TESTS_THIRD" ]; then
		echo "left out: it runs on the newer version, and here with one commit of three"
		exit 77
	fi
	exec "$@"
	;;
stop)
	[ -d "$dir" ] || exit 0
	"$here/servers.sh" remove "$dir"
	rm -f "$note"
	;;
*) echo "fixture.sh: start, run, run-third or stop?" >&2; exit 2 ;;
esac
