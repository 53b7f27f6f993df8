#!/bin/bash
# C is written as .clang-format says; shell scripts please shellcheck.
#
#   format.sh c|shell [FILE...]     exit 77: the checker is not installed
set -u
cd "$(dirname "$0")/../.." || exit 2
what=$1
shift
files=("$@")
case $what in
c)
	command -v clang-format >/dev/null || exit 77
	[ $# -gt 0 ] || mapfile -t files < <(find core drivers cli tests -name '*.[ch]' | sort)
	clang-format --dry-run -Werror "${files[@]}" 2>&1 | grep -E 'error:' | sort -u -t: -k1,1
	exit "${PIPESTATUS[0]}"
	;;
shell)
	command -v shellcheck >/dev/null || exit 77
	if [ $# -eq 0 ]; then
		mapfile -t files < <(grep -lEr '^#!/bin/(ba)?sh' bootstrap .ci .githooks tests migrations-example docs cmake 2>/dev/null | sort)
	fi
	shellcheck -S warning "${files[@]}"
	;;
*) echo "format.sh: c or shell?" >&2; exit 2 ;;
esac
