#!/bin/bash
# The tree speaks of itself alone: it names no machine's folders, no tools of its making and no work left undone.
#
#   words.sh [ROOT]
set -u
cd "${1:-$(dirname "$0")/../..}" || exit 2
bad=0
# look WHY PATTERN [PATHSPEC...]; a pattern in capitals is looked for as it is. The brackets keep this file from finding itself.
look() {
	local why=$1 pattern=$2 hits
	shift 2
	local case=-i
	[ "$pattern" != "${pattern^^}" ] || case=
	hits=$(git grep -nIE $case "$pattern" -- ':!LICENSE' "$@") || return 0
	echo "$hits" | sed "s|^|$why: |"
	bad=1
}
git rev-parse --git-dir >/dev/null 2>&1 || exit 77
look 'a folder of one machine' '/[w]ork/|\.\./[s]hared' ':!.ci'
look 'not of this project' '\b([c]laude|[a]nthropic|[c]hatgpt|[o]penai|[s]ub-?agents?|[s]teering repo|the [c]eo|[f]arm-(studio|bench))\b'
look 'left undone' '(^|[^A-Z_])([T]ODO|[F]IXME|[X]XX)([^A-Z_]|$)' '*.c' '*.h' '*.sh' '*.md'
exit $bad
