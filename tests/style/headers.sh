#!/bin/bash
# Each header compiles by itself, opens with a comment that says what it is for, and has a guard named after its path. A header
# that its own source file includes before all others was compiled by itself when that file was.
#
#   headers.sh CC [FLAG...]
set -u
cd "$(dirname "$0")/../.." || exit 2
bad=0
alone=()
mapfile -t headers < <(find core drivers cli -name '*.h' | sort)
for header in "${headers[@]}"; do
	guard=$(echo "$header" | tr 'a-z/.' 'A-Z__')
	grep -qE "^#ifndef (${guard}|CMIGRATE_${guard##*_CMIGRATE_}|CMIGRATE_H)$" "$header" || { echo "$header: the guard is not $guard"; bad=1; }
	[[ $(head -n 1 "$header") == "// $(basename "$header") -- "* ]] || {
		echo "$header: does not open with \"// $(basename "$header") -- what it is for\""
		bad=1
	}
	first=$(grep -m 1 '^#include' "${header%.h}.c" 2>/dev/null)
	[ "$first" = "#include \"$header\"" ] || alone+=("$header")
done
for library in libpq libmariadb mariadb mysqlclient sqlite3 yaml-0.1; do
	read -ra flags < <(pkg-config --cflags-only-I "$library" 2>/dev/null)
	set -- "$@" "${flags[@]}"
done
printf '%s\0' "${alone[@]}" |
	xargs -0 -P 2 -I{} "$@" -std=gnu17 -D_GNU_SOURCE= -I. -include core/base/banned.h -fsyntax-only -Wall -Wextra -Werror -x c {} || bad=1
exit $bad
