#!/bin/sh
# The pages that need Flask-Migrate: their commands, where it is installed.
#
#   docs.sh DOCS.PY CMIGRATE PAGE
PATH=/usr/bin:$PATH # Debian's Python before any other
if ! python3 -c 'import flask_migrate' 2>/dev/null || ! command -v flask >/dev/null; then
	echo "SKIPPED: there is no Flask-Migrate: ./bootstrap --tests installs it"
	[ "${CMIGRATE_TEST_REQUIRE:-}" = all ] && exit 1
	exit 77
fi
exec python3 "$@"
