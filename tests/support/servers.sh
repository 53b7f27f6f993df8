#!/bin/bash
# Starts throw-away database servers for the tests, on free ports of 127.0.0.1,
# with all that they write (data, logs, process ids) under one folder.  They
# are set to be quick and to lose their data in a power cut (not when killed).
#
#   servers.sh start DIR [NAME...]   default: pg15 pg18 mariadb mysql
#                                    also: pgbouncer (in front of pg15; pools
#                                    by transaction), galera (three nodes),
#                                    folding (MariaDB with lower_case_table_names),
#                                    pg13, pg14, pg16, pg17 (of postgresql.org's packages),
#                                    tls and mysql_tls (MariaDB and MySQL with
#                                    certificates in DIR/NAME/keys)
#   servers.sh stop DIR              stop what was started there, by process id
#   servers.sh remove DIR            the same, and remove DIR
#   servers.sh folder                make a new folder for DIR, in memory where there is room, and print its name
#
# CMIGRATE_SERVERS_OWNER=PID: when that process ends, however it ends, the servers are stopped and DIR is removed.
#
# DIR/env gets a line CMIGRATE_TEST_NAME=URL (no database in it) for every
# server that runs.  One that runs already is kept.  One that cannot be had is
# told on stderr and left out, unless CMIGRATE_TEST_REQUIRE (names, or `all`)
# asks for it: then the exit status is 1.
#
# pg18 and mysql run in the sid chroot (sid.sh) and need root.  As root the
# servers run as their own users, which must be able to reach DIR.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
sid=${CMIGRATE_SID:-/var/lib/cmigrate-sid}
patience=60
hurry=no
names=()

say() { echo "servers.sh: $*" >&2; }

# --- processes -------------------------------------------------------------

# A process id alone may be another's by now: the time it began goes with it.
began() {
	local stat
	stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
	# shellcheck disable=SC2086 # the fields after the command's name
	set -- ${stat##*) }
	[ "$1" != Z ] && echo "${20}"
}

# Whether the process in DIR/NAME.pid is the one that was started.
alive() {
	local pid since
	read -r pid since 2>/dev/null <"$dir/$1.pid" || return 1
	[ "$(began "$pid")" = "$since" ]
}

# launch NAME RUNNER ARG...: in the background, out of the caller's session.
# The runner (as, in_sid) and all between it and the server exec, so that the
# process id is the server's own.
launch() {
	local name=$1 pid
	shift
	: >"$dir/$name/log"
	"$@" >>"$dir/$name/log" 2>&1 </dev/null 9>&- &
	pid=$!
	echo "$pid $(began "$pid")" >"$dir/$name.pid"
}

# as USER CMD...: as the user when root; with a clean environment.
as() {
	local user=$1 drop=()
	shift
	if [ "$(id -u)" -eq 0 ]; then
		drop=(setpriv "--reuid=$user" "--regid=$user" --init-groups)
	fi
	exec setsid "${drop[@]}" env -i HOME=/ LC_ALL=C.UTF-8 \
		PATH=/usr/sbin:/usr/bin:/sbin:/bin "$@"
}

# The same for a server of the chroot, where DIR/NAME is /mnt.
in_sid() {
	local name=$1 user=$2
	shift 2
	exec setsid "$here/sid.sh" with "$dir/$name" "$user:$user" "$@"
}

# await NAME PATTERN FILE: until a line of FILE has PATTERN, the server is
# dead, or patience is at its end.
await() {
	local end=$((SECONDS + patience))
	until grep -qs -- "$2" "$3"; do
		alive "$1" && [ "$SECONDS" -lt "$end" ] || return 1
		sleep 0.05
	done
	alive "$1"
}

kill_one() {
	local name=$1 signal=TERM pid rest end
	if ! alive "$name"; then
		rm -f "$dir/$name.pid"
		return
	fi
	read -r pid rest <"$dir/$name.pid"
	case $name in pg*[0-9]) signal=INT ;; esac
	if [ "$hurry" = yes ]; then # nobody will look at the data again; PostgreSQL gives its shared memory back
		case $name in pg*[0-9]) signal=QUIT ;; watcher) ;; *) signal=KILL ;; esac
	fi
	kill "-$signal" "$pid" 2>/dev/null || :
	end=$((SECONDS + 20))
	while alive "$name"; do
		if [ "$SECONDS" -ge "$end" ]; then
			say "$name does not stop, killed"
			kill -KILL "$pid" 2>/dev/null || :
			end=$((SECONDS + 20))
		fi
		sleep 0.05
	done
	rm -f "$dir/$name.pid" "$dir/$name.url"
}

# own NAME USER [ROOT]: makes DIR/NAME, of the user as ROOT/etc/passwd has it.
own() {
	mkdir -p "$dir/$1"
	[ "$(id -u)" -eq 0 ] || return 0
	chown "$(awk -F: -v u="$2" '$1 == u { print $3 ":" $4 }' \
		"${3:-}/etc/passwd")" "$dir/$1"
	if [ -z "${3:-}" ] && ! (as "$2" test -w "$dir/$1"); then
		say "user $2 cannot reach $dir/$1"
	fi
}

sid_there() {
	if [ "$(id -u)" -ne 0 ]; then
		echo 'the sid chroot needs root'
		return 1
	fi
	"$here/sid.sh" check || { echo "no sid chroot in $sid (bootstrap --sid)"; return 1; }
}

# Where nothing is written to a disk, if there is room for four servers and what the tests put into them.
new_folder() {
	local free have base=${TMPDIR:-/tmp}
	free=$(df -Pk /dev/shm 2>/dev/null | awk 'NR == 2 { print $4 }')
	have=$(awk '$1 == "MemAvailable:" { print $2 }' /proc/meminfo)
	[ "${free:-0}" -lt 3000000 ] || [ "${have:-0}" -lt 5000000 ] || base=/dev/shm
	mktemp -d "$base/cmigrate-servers.XXXXXX"
}

# A process that waits for the owner's end, and is the one that then stops all.
watch_owner() {
	local owner=$1
	alive watcher && return 0
	setsid python3 -I "$here/watch.py" "$owner" "$here/servers.sh" remove "$dir" </dev/null >/dev/null 2>&1 9>&- &
	echo "$! $(began $!)" >"$dir/watcher.pid"
	disown # nothing here waits for it
}

# --- ports -----------------------------------------------------------------

# A port below the ephemeral ones that nothing listens on.  Another may take
# it before the server does; the server then fails and is tried once more.
is_free() {
	! grep -qs "$(printf ':%04X 00000000:0000 0A' "$1")" /proc/net/tcp &&
		! grep -qs "$(printf ':%04X 0*:0000 0A' "$1")" /proc/net/tcp6
}

free_port() {
	local port
	while :; do
		port=$(shuf -i 20000-31999 -n 1)
		if is_free "$port"; then
			echo "$port"
			return
		fi
	done
}

# port_of NAME: the one that it had, so that its address stays the same when it is started again. A server that was
# killed a moment ago may still hold it; where another has taken it, a new one.
port_of() {
	local port end=$((SECONDS + 5))
	if port=$(cat "$dir/$1.port" 2>/dev/null); then
		until is_free "$port" || [ "$SECONDS" -ge "$end" ]; do
			sleep 0.05
		done
	fi
	[ -n "$port" ] && is_free "$port" || port=$(free_port)
	echo "$port" | tee "$dir/$1.port"
}

# --- all of them -----------------------------------------------------------

required() {
	case " ${CMIGRATE_TEST_REQUIRE:-} " in
	*[\ ,]all[\ ,]* | *[\ ,]"$1"[\ ,]*) return 0 ;;
	esac
	return 1
}

running() {
	if [ "$1" = galera ]; then
		alive galera1 && alive galera2 && alive galera3
	else
		alive "$1"
	fi && ls "$dir/$1"*.url >/dev/null 2>&1
}

# Everything of one name: a server, or the nodes of galera.
kill_name() {
	local pid
	for pid in "$dir/$1".pid "$dir/$1"[1-3].pid; do
		[ ! -f "$pid" ] || kill_one "$(basename "$pid" .pid)"
	done
}

# A port that was taken in the meantime is the one fault worth another try.
bring_up() {
	local name=$1 why status try
	for try in 1 2 3; do
		status=0
		mkdir -p "$dir/$name"
		"start_$name" >"$dir/$name.why" || status=$?
		[ $status -ne 0 ] || return 0
		[ $status -eq 1 ] || break
		kill_name "$name"
		grep -qsiE 'in use|cannot (listen|bind)' "$dir/$name/log" || break
		say "$name: try $try failed on a port, once more"
	done
	why=$(cat "$dir/$name.why")
	if [ $status -eq 1 ]; then
		why='it does not come up'
		sed "s/^/$name: /" "$dir/$name/log" 2>/dev/null | tail -n 25 >&2
	fi
	echo "$why" >"$dir/$name.failed"
	say "*** NO ${name^^} SERVER: $why ***"
	return 1
}

start() {
	local name jobs=() status=0 url
	rm -f "$dir"/*.failed
	trap 'kill "${jobs[@]}" 2>/dev/null || :; wait "${jobs[@]}"
		for name in "${names[@]}"; do kill_name "$name"; done' EXIT
	trap 'exit 130' INT
	trap 'exit 143' TERM HUP
	for name in "${names[@]}"; do
		running "$name" && continue
		kill_name "$name"
		rm -f "$dir/$name.url"
		bring_up "$name" &
		jobs+=($!)
	done
	for name in "${jobs[@]}"; do wait "$name" || :; done
	trap - EXIT INT TERM HUP
	for url in "$dir"/*.url; do
		name=$(basename "$url" .url)
		[ ! -f "$url" ] || echo "CMIGRATE_TEST_${name^^}=$(cat "$url")"
	done >"$dir/env.new"
	mv "$dir/env.new" "$dir/env"
	for name in "${names[@]}"; do
		if [ -f "$dir/$name.failed" ] && required "$name"; then
			say "CMIGRATE_TEST_REQUIRE names $name"
			status=1
		fi
	done
	return $status
}

stop() {
	local pid watcher=
	# The watcher itself may be what came to this, by exec.
	read -r watcher _ 2>/dev/null <"$dir/watcher.pid" || :
	[ "$watcher" != $$ ] || rm -f "$dir/watcher.pid"
	for pid in "$dir"/*.pid; do
		[ ! -f "$pid" ] || kill_one "$(basename "$pid" .pid)" &
	done
	wait
	rm -f "$dir"/*.url "$dir/env"
}

usage() {
	say 'servers.sh start DIR [NAME...] | stop DIR | remove DIR | folder'
	exit 2
}

# shellcheck source=tests/support/server-kinds.sh
. "$here/server-kinds.sh"

[ "${1:-}" != folder ] || { new_folder; exit; }
[ $# -ge 2 ] || usage
command=$1
mkdir -p "$2"
dir=$(cd "$2" && pwd)
shift 2
cd /
exec 9>"$dir/lock"
flock 9
case $command in
start)
	# The servers' users pass through, the caller's private folder or not.
	[ "$(id -u)" -ne 0 ] || chmod a+x "$dir"
	names=("$@")
	[ $# -gt 0 ] || names=(pg15 pg18 mariadb mysql)
	case " ${names[*]} " in
	*' pg15 '*) ;;
	*' pgbouncer '*) names+=(pg15) ;;
	esac
	for name in "${names[@]}"; do
		[ "$(type -t "start_$name")" = function ] || usage
	done
	[ -z "${CMIGRATE_SERVERS_OWNER:-}" ] || watch_owner "$CMIGRATE_SERVERS_OWNER"
	start
	;;
stop) stop ;;
remove) hurry=yes; stop; rm -rf "$dir" ;;
*) usage ;;
esac
