#!/bin/bash
# Every link between the documents, and every path that README.md names in one, leads somewhere.
#
#   links.sh [ROOT]        the tree, or a folder into which the documents were installed
set -u
cd "${1:-$(dirname "$0")/../..}" || exit 2
bad=0
while IFS=: read -r file link; do
	target=${link#*](}
	target=${target%%[#)]*}
	case $target in '' | http* | mailto*) continue ;; esac
	[ -e "$(dirname "$file")/$target" ] || { echo "$file: $target is not there"; bad=1; }
done < <(grep -oE '\]\([^)]+\)' -- README.md SECURITY.md docs/*.md)
exit $bad
