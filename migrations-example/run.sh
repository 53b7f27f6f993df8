#!/bin/sh
# A small application from its first revision to its last and back, saying each step.
#
#   run.sh [CMIGRATE]       CMIGRATE: the program (default: build/cmigrate of this tree, or the one on the path)
#
# Works in a temporary folder on SQLite. DATABASE_URL names another database, which must be empty: its tables are made
# and removed again.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
program=${1:-}
[ -n "$program" ] || { [ -x "$here/../build/cmigrate" ] && program=$here/../build/cmigrate; }
[ -n "$program" ] || program=$(command -v cmigrate) || { echo "run.sh: build cmigrate first, or say where it is" >&2; exit 2; }
program=$(cd "$(dirname "$program")" && pwd)/$(basename "$program")
unset CMIGRATE_URL CMIGRATE_CONFIG

work=$(mktemp -d "${TMPDIR:-/tmp}/cmigrate-example.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
cd "$work"

say() { printf '\n%s\n' "$*"; }
cmigrate() {
	printf '$ cmigrate'
	for word in "$@"; do
		case $word in *\ *) printf ' "%s"' "$word" ;; *) printf ' %s' "$word" ;; esac
	done
	printf '\n'
	"$program" "$@" 2>&1
}

say "1. A new project: settings, a model, a folder for the revisions."
cmigrate init
say "2. The model declares five tables: one-to-one, one-to-many and many-to-many between them."
cp "$here/step-1/schema.yaml" schema.yaml
cmigrate validate
say "3. The database is empty: all of it becomes the first revision, a plain SQL script."
cmigrate migrate -m "initial"
say "4. The script is run; the database is at the head and equal to the model."
cmigrate upgrade
cmigrate check
say "5. The application grows: a renamed column, new columns, an index, two tables."
cp "$here/step-2/schema.yaml" schema.yaml
say "   check says what differs (status 1):"
if cmigrate check; then echo "run.sh: check saw no difference" >&2; exit 1; fi
say "6. The differences become the second revision."
cmigrate migrate -m "tags, aliases and positions"
say "   What it would run here:"
cmigrate upgrade --dry-run
say "7. Forward."
cmigrate upgrade
cmigrate check
cmigrate history
say "8. One step back, and forward again: a downgrade restores what was there."
cmigrate downgrade
cmigrate current
cmigrate upgrade
say "9. All the way back. Nothing is left of it."
cmigrate downgrade base
cmigrate current
say "Done."
