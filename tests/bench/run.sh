#!/bin/bash
# Time and memory of a build beside its peers: tests/bench/run.sh [OPTION...] BUILD (--help says which options).
# Starts the servers of tests/support/servers.sh unless CMIGRATE_TEST_PG18 or another of them is set already.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
case " $* " in
*' --help '* | *' -h '* | *' --only sqlite '* | *' --only history '*) exec python3 -B "$here/bench.py" "$@" ;;
esac
if ! compgen -e CMIGRATE_TEST_ | grep -qvx CMIGRATE_TEST_REQUIRE; then
	servers=$(mktemp -d /tmp/cmigrate-bench.XXXXXX)
	trap '"$here/../support/servers.sh" stop "$servers"; rm -rf "$servers"' EXIT
	"$here/../support/servers.sh" start "$servers"
	set -a
	# shellcheck disable=SC1091
	. "$servers/env"
	set +a
fi
python3 -B "$here/bench.py" "$@"
