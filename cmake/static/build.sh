#!/bin/bash
# Makes one static program with all drivers in it, which runs on any Linux of its architecture and needs no file beside it.
#
#   cmake/static/build.sh [--arch x86_64|aarch64] [--cache FOLDER] [--jobs N] [--offline] OUT
#
# OUT gets cmigrate, and licenses/ of what is in it. musl, OpenSSL, SQLite, libyaml, libpq and libmariadb are compiled from Debian's
# sources (cmake/static/sources) with this machine's gcc: ten minutes or so for the first time, then they lie in FOLDER
# (default: ~/.cache/cmigrate-static), by the checksum of all that goes into them. Sources come from $CMIGRATE_DEBIAN_MIRROR
# (default: http://deb.debian.org/debian), or with --offline only from FOLDER/sources.
# The same sources and the same gcc make the same bytes, wherever the folders are.
#
# Needs: gcc (gcc-aarch64-linux-gnu for aarch64), cmake, ninja, make, perl, tclsh, pkg-config, curl, patch and xz; on Debian, ./bootstrap
# and `apt-get install tcl curl patch xz-utils`.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
arch=$(uname -m) cache=${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/cmigrate-static jobs=$(nproc) offline=no out=

usage() { sed -n '2,/^set/s/^# \{0,1\}//p' "$0"; }
fail() { echo "build.sh: $1" >&2; exit "${2:-1}"; }

# shellcheck disable=SC2034 # libraries.sh asks whether to fetch
while [ $# -gt 0 ]; do
	case $1 in
	--arch) arch=${2:?--arch needs a value} && shift ;;
	--cache) cache=${2:?--cache needs a value} && shift ;;
	--jobs) jobs=${2:?--jobs needs a value} && shift ;;
	--offline) offline=yes ;;
	-h | --help) usage && exit 0 ;;
	-*) fail "unknown option $1 (--arch, --cache, --jobs, --offline)" 2 ;;
	*) [ -z "$out" ] || fail "one folder for the result, not two" 2 && out=$1 ;;
	esac
	shift
done
[ -n "$out" ] || { usage >&2; exit 2; }
case $arch in x86_64 | aarch64) ;; *) fail "no static program for '$arch': x86_64 and aarch64 are known" 2 ;; esac
triple=$arch-linux-gnu
gcc=$triple-gcc
missing=
for tool in "$gcc" "$triple-ar" cmake ninja make perl tclsh pkg-config curl patch xz sha256sum; do
	command -v "$tool" >/dev/null || missing="$missing $tool"
done
[ -z "$missing" ] || fail "not installed:$missing"
mkdir -p "$out" "$cache/sources"
out=$(cd "$out" && pwd) cache=$(cd "$cache" && pwd)

# Nothing of the caller's flags, languages or clock gets into the result
unset CFLAGS CPPFLAGS CXXFLAGS LDFLAGS LIBS CC CXX CPATH LIBRARY_PATH C_INCLUDE_PATH MAKEFLAGS PKG_CONFIG_PATH DESTDIR
export LC_ALL=C.UTF-8 TZ=UTC SOURCE_DATE_EPOCH=0
umask 022

# shellcheck source=cmake/static/libraries.sh
. "$here/libraries.sh"
key=$({ cat "$here/sources" "$here/libraries.sh" && "$gcc" --version; } | sha256sum | cut -c 1-16)
base=$cache/$arch-$key
work=$base/work prefix=$base/prefix bin=$base/bin
mkdir -p "$work" "$prefix/lib/pkgconfig" "$prefix/include" "$prefix/licenses" "$bin"
exec 9>"$base/lock"
flock 9 # another one may be making the same libraries
write_compiler
export PATH=$bin:$PATH PKG_CONFIG_LIBDIR=$prefix/lib/pkgconfig
for library in musl openssl sqlite3 libyaml libpq libmariadb; do library_once $library; done

echo "build.sh: cmigrate for $arch"
build=$(mktemp -d "$base/cmigrate.XXXXXX")
trap 'rm -rf "$build"' EXIT
# The trees of this build are told to the compiler, so that no path of this machine is in the program
export CMIGRATE_STATIC_MAP=$top=.:$build=build
{
	cmake -S "$top" -B "$build" -G Ninja -DCMAKE_C_COMPILER="$bin/cmigrate-cc" -DCMAKE_SYSTEM_NAME=Linux -DCMAKE_SYSTEM_PROCESSOR="$arch" \
		-DCMAKE_AR="$(command -v "$triple-ar")" -DCMAKE_RANLIB="$(command -v "$triple-ranlib")" -DCMAKE_LINKER="$(command -v "$triple-ld")" \
		-DCMAKE_OBJCOPY="$(command -v "$triple-objcopy")" -DCMAKE_FIND_ROOT_PATH="$prefix" -DCMAKE_C_COMPILER_LAUNCHER= -DCCACHE= \
		-DCMAKE_BUILD_TYPE=RelWithDebInfo -DCMAKE_C_FLAGS="-ffunction-sections -fdata-sections" -DCMAKE_EXE_LINKER_FLAGS=-Wl,--gc-sections \
		-DCMAKE_INSTALL_PREFIX=/usr/local -DCMIGRATE_STATIC=ON -DCMIGRATE_HARDEN=ON -DCMIGRATE_TESTS=OFF &&
		cmake --build "$build" --target cmigrate -j "$jobs"
} >"$base/cmigrate.log" 2>&1 || { tail -n 30 "$base/cmigrate.log" >&2; fail "cmigrate failed; see $base/cmigrate.log"; }
"$triple-strip" -o "$out/cmigrate" "$build/cmigrate"
chmod 755 "$out/cmigrate"
rm -rf "$out/licenses"
cp -r "$prefix/licenses" "$out/licenses"
cp "$top/LICENSE" "$out/licenses/cmigrate"
sha256sum "$out/cmigrate"
