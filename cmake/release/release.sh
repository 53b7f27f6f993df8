#!/bin/bash
# Makes all that a release hands out: static programs, and the packages of them with their checksums.
#
#   cmake/release/release.sh [--arch x86_64|aarch64]... [--cache FOLDER] [--jobs N] [--offline] [--certificates FILE] [--twice] OUT
#
# OUT gets the packages and SHA256SUMS. Without --arch, the program is for this machine's architecture; the other one needs its cross compiler (gcc-aarch64-linux-gnu).
# --twice makes the programs a second time, in another folder, and fails where the bytes differ; the libraries come from the same
# cache. The other options are those of cmake/static/build.sh and cmake/release/pack.py. The version is that of CMakeLists.txt, and CHANGELOG.md has a section for
# it: both are the releaser's to write, and so is the signature (gpg --armor --detach-sign OUT/SHA256SUMS).
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
arches=() build=() pack=() twice=no out=

fail() { echo "release.sh: $1" >&2; exit "${2:-1}"; }

while [ $# -gt 0 ]; do
	case $1 in
	--arch) arches+=("${2:?--arch needs a value}") && shift ;;
	--cache | --jobs) build+=("$1" "${2:?$1 needs a value}") && shift ;;
	--offline) build+=("$1") ;;
	--certificates) pack+=("$1" "${2:?--certificates needs a value}") && shift ;;
	--twice) twice=yes ;;
	-h | --help) sed -n '2,/^set/s/^# \{0,1\}//p' "$0" && exit 0 ;;
	-*) fail "unknown option $1" 2 ;;
	*) [ -z "$out" ] || fail "one folder for the result, not two" 2 && out=$1 ;;
	esac
	shift
done
[ -n "$out" ] || fail "where to? release.sh OUT" 2
[ ${#arches[@]} -gt 0 ] || arches=("$(uname -m)")

# A release is of what is committed, and says what is new in it
if git -C "$top" rev-parse --git-dir >/dev/null 2>&1; then
	[ -z "$(git -C "$top" status --porcelain --untracked-files=no)" ] || echo "release.sh: warning: the tree has changes that are not committed" >&2
fi
version=$(sed -n 's/^project(cmigrate VERSION \([0-9.]*\).*/\1/p' "$top/CMakeLists.txt")
grep -qF "## [$version]" "$top/CHANGELOG.md" || echo "release.sh: warning: CHANGELOG.md has no section '## [$version]'" >&2

made=$(mktemp -d)
trap 'rm -rf "$made"' EXIT
for arch in "${arches[@]}"; do
	"$top/cmake/static/build.sh" --arch "$arch" "${build[@]}" "$made/$arch"
	pack+=(--program "$arch=$made/$arch/cmigrate" --licenses "$made/$arch/licenses")
	if [ $twice = yes ]; then
		# another folder, and sources elsewhere: a path that got into the program would differ
		mkdir -p "$made/elsewhere"
		cp -r "$top"/{CMakeLists.txt,LICENSE,cmake,core,drivers,cli,docs} "$made/elsewhere/"
		"$made/elsewhere/cmake/static/build.sh" --arch "$arch" "${build[@]}" "$made/again"
		cmp "$made/$arch/cmigrate" "$made/again/cmigrate" || fail "two builds of $arch are not the same bytes"
	fi
done
python3 "$here/pack.py" "${pack[@]}" "$out"
echo "release.sh: cmigrate $version in $out; to sign it: gpg --armor --detach-sign $out/SHA256SUMS"
