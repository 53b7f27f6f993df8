#!/bin/bash
# Makes, and runs things in, a chroot of Debian sid with what Debian 12 does
# not have and the tests need: MySQL 9, PostgreSQL 18, libmysqlclient and a
# compiler.  Nothing of it touches the host's packages.
#
#   sid.sh                        make the chroot (at once done if it is there)
#   sid.sh check                  exit 0 if it is there and whole, else 1
#   sid.sh run PROG [ARG...]      run a program of the chroot on the host's own
#                                 files, through the chroot's loader, by any
#                                 user: sid.sh run pg_dump --version
#   sid.sh with DIR USER CMD...   run CMD chrooted as USER, with the host's DIR
#                                 at /mnt and a /proc and /dev (needs root).
#                                 The mounts are private to CMD and end with
#                                 it, and the process id stays the caller's.
#
# CMIGRATE_SID         where the chroot is (default /var/lib/cmigrate-sid)
# CMIGRATE_SID_MIRROR  the Debian mirror (default: the one apt uses here)
set -eu

sid=${CMIGRATE_SID:-/var/lib/cmigrate-sid}
packages='mysql-server postgresql-18 libmysqlclient-dev gcc libc6-dev'

die() { echo "sid.sh: $*" >&2; exit 1; }

whole() {
	[ -x "$sid/usr/sbin/mysqld" ] && [ -x "$sid/usr/bin/gcc" ] &&
		[ -x "$sid/usr/lib/postgresql/18/bin/postgres" ] &&
		[ -f "$sid/usr/include/mysql/mysql.h" ] &&
		[ -f "$sid/etc/cmigrate-sid.done" ]
}

# The first Debian archive among apt's sources; snapshots of an older day and
# security archives have no current sid.
mirror() {
	if [ -n "${CMIGRATE_SID_MIRROR:-}" ]; then
		echo "$CMIGRATE_SID_MIRROR"
		return
	fi
	local uri
	# shellcheck disable=SC2016 # apt-get's own format
	uri=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' \
		2>/dev/null | grep -E '^https?://[^ ]*/debian/?$' | head -n 1) || uri=
	echo "${uri:-http://deb.debian.org/debian}"
}

# A private mount namespace gives CMD what dpkg and the servers want of /proc
# and /dev, and leaves no mount behind however CMD ends.
within() {
	local dir=$1 user=$2
	shift 2
	# shellcheck disable=SC2016 # expanded by the inner shell
	exec unshare --mount sh -c '
		sid=$1 dir=$2 user=$3; shift 3
		mount --bind "$dir" "$sid/mnt" && mount --rbind /dev "$sid/dev" &&
			mount -t proc proc "$sid/proc" || exit 125
		exec chroot --userspec="$user" "$sid" "$@"' \
		sh "$sid" "$dir" "$user" env -u TMPDIR HOME=/ LC_ALL=C.UTF-8 \
		PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "$@"
}

# Proxies and certificates that the host's apt goes through, for the chroot's.
copy_apt_settings() {
	{
		echo 'Acquire::Check-Valid-Until "false";'
		apt-config dump | grep -iE '^Acquire::https?::([^ ]*::)?(Proxy|CaInfo)' || :
	} >"$1/etc/apt/apt.conf.d/99cmigrate"
	if [ -f /etc/ssl/certs/ca-certificates.crt ]; then
		mkdir -p "$1/etc/ssl/certs"
		cp -L /etc/ssl/certs/ca-certificates.crt "$1/etc/ssl/certs/"
	fi
	cp -L /etc/resolv.conf "$1/etc/resolv.conf"
}

make() {
	local part
	[ "$(id -u)" -eq 0 ] || die "making $sid needs root"
	mkdir -p "$(dirname "$sid")"
	exec 9>"$sid.lock"
	flock 9
	whole && return 0
	if [ ! -e "$sid" ]; then
		command -v debootstrap >/dev/null || die 'debootstrap is missing'
		# Made aside, so that what has the final name is never half a system.
		part=$sid.part
		rm -rf --one-file-system "$part"
		debootstrap --variant=minbase --include=ca-certificates \
			sid "$part" "$(mirror)" || die 'debootstrap failed'
		mv "$part" "$sid"
	fi
	copy_apt_settings "$sid"
	# No server starts and no cluster is made by a package's installation.
	printf '#!/bin/sh\nexit 101\n' >"$sid/usr/sbin/policy-rc.d"
	chmod 755 "$sid/usr/sbin/policy-rc.d"
	mkdir -p "$sid/etc/postgresql-common"
	[ -e "$sid/etc/postgresql-common/createcluster.conf" ] ||
		echo 'create_main_cluster = false' \
			>"$sid/etc/postgresql-common/createcluster.conf"
	# shellcheck disable=SC2016,SC2086 # for the inner shell; a list of names
	(within "$sid/mnt" root:root env DEBIAN_FRONTEND=noninteractive \
		UCF_FORCE_CONFFOLD=1 sh -ec '
		dpkg --configure -a --force-confold
		apt-get -q update
		apt-get -q install -y --no-install-recommends \
			-o Dpkg::Options::=--force-confold "$@"
		apt-get clean' sh $packages) || die "installing in $sid failed"
	date >"$sid/etc/cmigrate-sid.done"
	whole || die "$sid lacks what was to be installed"
}

run() {
	local prog=$1 path
	shift
	for path in "usr/lib/postgresql/18/bin/$prog" "usr/bin/$prog" \
		"usr/sbin/$prog" "${prog#/}"; do
		if [ -x "$sid/$path" ]; then
			exec "$sid/lib64/ld-linux-x86-64.so.2" --library-path \
				"$sid/usr/lib/x86_64-linux-gnu" "$sid/$path" "$@"
		fi
	done
	die "$sid has no program $prog"
}

case ${1:-make} in
make) whole || make ;;
check) whole ;;
run) [ $# -ge 2 ] || die 'run what?'; shift; run "$@" ;;
with) [ $# -ge 4 ] || die 'with DIR USER CMD'; shift; within "$@" ;;
*) die "unknown command $1 (make, check, run, with)" ;;
esac
