#!/bin/bash
# What the targets of cmake/Checks.cmake run.
#
#   check.sh tidy|cppcheck|analyzer BUILD SOURCE...
#   check.sh memcheck|coverage|fuzz BUILD
set -u
what=$1 build=$2
shift 2
cd "$(dirname "$0")/../.." || exit 2
jobs=$(nproc)
need() { command -v "$1" >/dev/null || { echo "check.sh: $1 is not installed (./bootstrap --tests)" >&2; exit 2; }; }

case $what in
tidy)
	need clang-tidy
	# gcc's own flags are unknown to clang
	printf '%s\0' "$@" | xargs -0 -P "$jobs" -n 8 clang-tidy -quiet -p "$build" \
		--extra-arg=-Wno-unknown-warning-option 2> >(grep -vE 'warnings generated|Suppressed|Use -header-filter' >&2)
	;;
cppcheck)
	need cppcheck
	# intention and reason of each suppression stand in the file
	cppcheck -j "$jobs" --quiet --std=c11 --inline-suppr --error-exitcode=1 --template="{file}:{line}: {severity}: {message} [{id}]" --suppressions-list=tests/style/cppcheck-suppressions \
		--enable=warning,performance,portability -I . -I "$build/generated/sqlite" -I "$build/generated/postgresql" \
		-I "$build/generated/mysql" -D_GNU_SOURCE= "$@"
	;;
analyzer)
	# gcc's analyzer follows one file at a time, and takes a block of an arena that it loses sight of for a leak
	flags=$(pkg-config --cflags libpq libmariadb sqlite3 yaml-0.1)
	# shellcheck disable=SC2086 # a list of flags
	printf '%s\0' "$@" | xargs -0 -P "$jobs" -I{} gcc -std=gnu17 -D_GNU_SOURCE= -include core/base/banned.h -I. -O1 -fanalyzer -Werror \
		-Wno-analyzer-too-complex -Wno-analyzer-malloc-leak -DCMIGRATE_VERSION='""' -I "$build/generated/sqlite" -I "$build/generated/postgresql" \
		-I "$build/generated/mysql" $flags -c -o /dev/null {}
	;;
memcheck)
	need valgrind
	memcheck() {
		local log
		log=$(valgrind -q --leak-check=full --show-leak-kinds=definite,indirect --errors-for-leak-kinds=definite,indirect \
			--error-exitcode=99 "$1" 2>&1)
		# A test that fails is no error of memory: valgrind's long double has 64 bits, and rounds otherwise.
		case $? in
		0) echo "valgrind ${1##*/}" ;;
		99) printf 'valgrind %s\n%s\n' "${1##*/}" "$log"; return 1 ;;
		*) echo "valgrind ${1##*/}: failed, without an error of memory" ;;
		esac
	}
	export -f memcheck
	# with TESTS_THIRD=0, 1 or 2 those of this third
	find "$build/tests" -maxdepth 1 -name 'test_*' -type f -perm -u+x | while read -r program; do
		[ -n "${TESTS_THIRD:-}" ] && [ "$(tests/support/fixture.sh part "${program##*/}" 3)" -ne "$TESTS_THIRD" ] || printf '%s\0' "$program"
	done | xargs -0 -P "$jobs" -I{} bash -c 'memcheck "$1"' memcheck {}
	;;
coverage)
	need llvm-cov-14
	rm -rf "$build/profiles"
	mkdir -p "$build/profiles"
	LLVM_PROFILE_FILE="$build/profiles/%p-%m.profraw" ctest --test-dir "$build" -j "$jobs" --output-on-failure
	tested=$?
	llvm-profdata-14 merge -sparse "$build"/profiles/*.profraw -o "$build/coverage.profdata" || exit 1
	objects=()
	for program in "$build"/tests/test_* "$build"/*.so "$build/cmigrate"; do
		[ -f "$program" ] && [ -x "$program" ] && objects+=(-object "$program")
	done
	llvm-cov-14 report -instr-profile="$build/coverage.profdata" "${objects[@]:1}" core drivers cli
	exit $tested
	;;
fuzz)
	status=0
	for target in "$build"/tests/fuzz/fuzz_*; do
		[ -x "$target" ] && [ -f "$target" ] || continue
		name=${target##*/}
		mkdir -p "$build/corpus/$name"
		corpus=()
		[ -d "tests/fuzz/corpus/${name#fuzz_}" ] && corpus=("tests/fuzz/corpus/${name#fuzz_}")
		echo "$name"
		"$target" -max_total_time="${FUZZ_SECONDS:-60}" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
			-artifact_prefix="$build/" "$build/corpus/$name" "${corpus[@]}" >"$build/$name.log" 2>&1 ||
			{ tail -n 30 "$build/$name.log"; status=1; }
	done
	exit $status
	;;
*) echo "check.sh: unknown $what" >&2; exit 2 ;;
esac
