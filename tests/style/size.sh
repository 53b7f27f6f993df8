#!/bin/bash
# Files over 500 lines fail, unless size-exceptions names them with a reason. Functions over 60 lines are shown.
#
#   size.sh [ROOT]
set -u
cd "${1:-$(dirname "$0")/../..}" || exit 2
list=tests/style/size-exceptions
bad=0

while read -r lines file; do
	[ "$file" = total ] && continue
	[ "$lines" -le 500 ] && continue
	if grep -qE "^${file}[[:space:]]+[^[:space:]]" $list; then continue; fi
	echo "$file: $lines lines; is it one thing? (split it, or give the reason in $list)"
	bad=1
done < <(find core drivers cli tests -name '*.[ch]' -print0 | xargs -0 wc -l)

while read -r file _; do
	case $file in '' | '#'*) continue ;; esac
	if [ ! -f "$file" ] || [ "$(wc -l <"$file")" -le 500 ]; then
		echo "$list: $file needs no exception any more"
		bad=1
	fi
done <$list

# Our functions begin and end with a brace in the first column.
find core drivers cli -name '*.c' -print0 | xargs -0 awk '
	FNR == 1 { open = 0 }
	/^[A-Za-z].*\(/ { head = $0; sub(/\(.*/, "", head); sub(/.*[ *]/, "", head) }
	/^\{/ { open = FNR }
	/^\}/ { if (open && FNR - open - 1 > 60) printf "note: %s:%d: %s has %d lines\n", FILENAME, open, head, FNR - open - 1; open = 0 }'
exit $bad
