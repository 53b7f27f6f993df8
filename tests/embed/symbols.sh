#!/bin/bash
# The libraries export the names of cmigrate.h and no others, and an application may define any other name itself.
#
#   symbols.sh BUILD
set -u
here=$(cd "$(dirname "$0")" && pwd)
build=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
bad=0

grep -oE '\bcmigrate_[a-z_]+\(' "$here/../../core/api/cmigrate.h" | tr -d '(' | sort -u >"$work/public"
nm --defined-only --extern-only "$build/libcmigrate.a" | awk 'NF == 3 { print $3 }' | sort -u >"$work/archive"
nm -D --defined-only "$build/libcmigrate.so" | awk '$2 != "A" { sub(/@.*/, "", $3); print $3 }' | sort -u >"$work/shared"
for kind in archive shared; do
	diff "$work/public" "$work/$kind" >"$work/diff" ||
		{ echo "the $kind library does not export exactly what cmigrate.h declares:"; cat "$work/diff"; bad=1; }
done
for module in "$build"/cmigrate_*.so; do
	names=$(nm -D --defined-only "$module" | awk '{ print $3 }')
	[ "$names" = cmigrate_driver ] || { echo "$module exports: $names"; bad=1; }
done

# every other global name of the library, as a function of the application
nm --defined-only --extern-only "$build/libcmigrate_internal.a" 2>/dev/null |
	awk 'NF == 3 && $3 !~ /^cmigrate_/ { print $3 }' | sort -u >"$work/internal"
count=$(wc -l <"$work/internal")
[ "$count" -gt 500 ] || { echo "only $count internal names were found"; bad=1; }
sed 's/.*/void &(void); void &(void) { __builtin_trap(); }/' "$work/internal" >"$work/own.c"
read -ra libs < <(pkg-config --libs sqlite3 yaml-0.1 libcrypto)
cc -w -fno-builtin -I"$here/../../core/api" "$here/app.c" "$work/own.c" "$build/libcmigrate.a" "${libs[@]}" -ldl -lm -o "$work/app" &&
	"$here/run.sh" "$build/cmigrate" "$work/app" >"$work/log" 2>&1 ||
	{ echo "an application with $count names of its own does not work:"; tail -n 20 "$work/log"; bad=1; }
exit $bad
