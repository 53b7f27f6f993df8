# shellcheck shell=bash disable=SC2154 # dir is servers.sh's
# The kinds of servers that servers.sh starts; a part of it, of its own only to
# keep both short.  There is a start_NAME for each: it makes the data in
# DIR/NAME if there is none, starts the server, waits for it and writes its
# address to DIR/NAME.url.  It fails with 1 if the server does not come up, and
# with 2, and the reason on stdout, if this machine does not have it.

# Nothing else is called so: .ci/run looks for it in all that a whole run of the tests printed.
server_password=Sw0rdfish-of-the-tests

pg_settings() {
	cat <<-X
		listen_addresses = '127.0.0.1'
		unix_socket_directories = ''
		fsync = off
		full_page_writes = off
		synchronous_commit = on
		max_connections = 300
		max_locks_per_transaction = 256
		shared_buffers = 64MB
		max_wal_size = 128MB
	X
}

start_pg() { # name, folder of the programs, data's name for them, runner
	local name=$1 bin=$2 data=$3 port
	shift 3
	if [ ! -f "$dir/$name/made" ]; then
		rm -rf "$dir/$name/data"
		("$@" "$bin/initdb" -A trust -U postgres -E UTF8 --locale=C.UTF-8 \
			-N -D "$data" >"$dir/$name/log" 2>&1) || return 1
		pg_settings >>"$dir/$name/data/postgresql.conf"
		touch "$dir/$name/made"
	fi
	rm -f "$dir/$name/data/postmaster.pid"
	port=$(port_of "$name")
	launch "$name" "$@" "$bin/postgres" -D "$data" -p "$port"
	await "$name" '^ready' "$dir/$name/data/postmaster.pid" || return 1
	echo "postgresql://postgres@127.0.0.1:$port" >"$dir/$name.url"
}

start_pg15() {
	local bin=/usr/lib/postgresql/15/bin
	[ -x $bin/postgres ] || { echo "no $bin/postgres (bootstrap --tests)"; return 2; }
	own pg15 postgres
	start_pg pg15 $bin "$dir/pg15/data" as postgres
}

# Versions that neither Debian 12 nor the chroot has, where the packages of postgresql.org are installed
start_packaged_pg() {
	local bin=/usr/lib/postgresql/${1#pg}/bin
	[ -x "$bin/postgres" ] || { echo "no $bin/postgres"; return 2; }
	own "$1" postgres
	start_pg "$1" "$bin" "$dir/$1/data" as postgres
}

start_pg13() { start_packaged_pg pg13; }
start_pg14() { start_packaged_pg pg14; }
start_pg16() { start_packaged_pg pg16; }
start_pg17() { start_packaged_pg pg17; }

start_pg18() {
	sid_there || return 2
	own pg18 postgres "$sid"
	start_pg pg18 /usr/lib/postgresql/18/bin /mnt/data in_sid pg18 postgres
}

my_settings=(--bind-address=127.0.0.1 --skip-name-resolve --max-connections=300
	--skip-log-bin --innodb-flush-log-at-trx-commit=2 --sync-binlog=0
	--performance-schema=OFF --innodb-buffer-pool-size=64M --innodb-flush-method=nosync)
maria_settings=(--character-set-server=utf8mb4 --key-buffer-size=1M
	--collation-server=utf8mb4_general_ci --innodb-log-file-size=16M)

make_maria() { # name
	[ ! -f "$dir/$1/made-$server_password" ] || return 0
	rm -rf "$dir/$1/data"
	echo "UPDATE mysql.global_priv SET priv = json_set(priv, '\$.plugin',
		'mysql_native_password', '\$.authentication_string', password('$server_password'))
		WHERE User = 'root';" >"$dir/$1/root.sql"
	# A temporary folder of its own: a server that starts takes away the temporary tables of all others in it.
	(as mysql env TMPDIR="$dir/$1" mariadb-install-db --no-defaults --datadir="$dir/$1/data" \
		--auth-root-authentication-method=normal --skip-test-db \
		--extra-file="$dir/$1/root.sql" >"$dir/$1/log" 2>&1) || return 1
	touch "$dir/$1/made-$server_password"
}

start_maria() { # name, more settings
	local name=$1 port
	shift
	[ -x /usr/sbin/mariadbd ] || { echo 'no mariadbd (bootstrap --tests)'; return 2; }
	own "$name" mysql
	make_maria "$name" || return 1
	port=$(port_of "$name")
	launch "$name" as mysql mariadbd --no-defaults \
		--datadir="$dir/$name/data" --tmpdir="$dir/$name" --port="$port" \
		--socket=sock --pid-file=pid "${my_settings[@]}" "${maria_settings[@]}" "$@"
	await "$name" 'mariadbd: ready for connections' "$dir/$name/log" || return 1
	echo "mysql://root:$server_password@127.0.0.1:$port" >"$dir/$name.url"
}

start_mariadb() { start_maria mariadb; }

# Names of tables in lower case, whatever is typed
start_folding() { start_maria folding --lower-case-table-names=1; }

# In DIR/NAME/keys: an authority (root.pem), another that signed nothing (other.pem), and the server's own key for the
# address 127.0.0.1
make_keys() { # name
	local keys=$dir/$1/keys
	[ ! -d "$keys" ] || return 0
	mkdir "$keys" && (
		cd "$keys" &&
			for name in root other; do
				openssl req -x509 -newkey rsa:2048 -nodes -days 3650 -subj "/CN=test $name" \
					-keyout $name.key -out $name.pem || exit 1
			done &&
			openssl req -newkey rsa:2048 -nodes -subj /CN=server -keyout server.key -out server.csr &&
			openssl x509 -req -in server.csr -CA root.pem -CAkey root.key -CAcreateserial -days 3650 \
				-extfile <(echo subjectAltName=IP:127.0.0.1) -out server.pem && chmod a+r ./*
	) 2>"$dir/$1/keys.log"
}

start_tls() {
	own tls mysql
	make_keys tls || return 1
	start_maria tls --ssl-ca="$dir/tls/keys/root.pem" --ssl-cert="$dir/tls/keys/server.pem" \
		--ssl-key="$dir/tls/keys/server.key"
}

start_oracle() { # name, more settings
	local name=$1 port
	shift
	sid_there || return 2
	own "$name" mysql "$sid"
	if [ ! -f "$dir/$name/made-$server_password" ]; then
		rm -rf "$dir/$name/data"
		cat >"$dir/$name/root.sql" <<-X
			CREATE USER root@'127.0.0.1' IDENTIFIED BY '$server_password';
			GRANT ALL ON *.* TO root@'127.0.0.1' WITH GRANT OPTION;
			ALTER USER root@localhost IDENTIFIED BY '$server_password';
		X
		(in_sid "$name" mysql mysqld --no-defaults --initialize-insecure \
			--datadir=/mnt/data --tmpdir=/mnt --init-file=/mnt/root.sql \
			--innodb-flush-method=nosync >"$dir/$name/log" 2>&1) || return 1
		touch "$dir/$name/made-$server_password"
	fi
	port=$(port_of "$name")
	rm -f "$dir/$name/data/sock.lock"
	launch "$name" in_sid "$name" mysql mysqld --no-defaults \
		--datadir=/mnt/data --tmpdir=/mnt --port="$port" --socket=sock \
		--pid-file=pid --mysqlx=OFF --innodb-redo-log-capacity=32M \
		"${my_settings[@]}" --performance-schema=ON "$@"
	await "$name" 'mysqld: ready for connections' "$dir/$name/log" || return 1
	echo "mysql://root:$server_password@127.0.0.1:$port" >"$dir/$name.url"
}

start_mysql() { start_oracle mysql; }

start_mysql_tls() {
	own mysql_tls mysql "$sid"
	make_keys mysql_tls || return 1
	start_oracle mysql_tls --ssl-ca=/mnt/keys/root.pem --ssl-cert=/mnt/keys/server.pem --ssl-key=/mnt/keys/server.key
}

start_pgbouncer() {
	local port
	command -v pgbouncer >/dev/null || { echo 'no pgbouncer (bootstrap --tests)'; return 2; }
	own pgbouncer postgres
	until [ -f "$dir/pg15.url" ] || [ -f "$dir/pg15.failed" ]; do sleep 0.05; done
	[ -f "$dir/pg15.url" ] || { echo 'pg15 does not run'; return 2; }
	port=$(free_port)
	# Idle server connections go soon, so that databases can be dropped.
	cat >"$dir/pgbouncer/ini" <<-X
		[databases]
		* = host=127.0.0.1 port=$(sed 's/.*://' "$dir/pg15.url") user=postgres
		[pgbouncer]
		listen_addr = 127.0.0.1
		listen_port = $port
		unix_socket_dir =
		auth_type = any
		pool_mode = transaction
		max_client_conn = 300
		server_idle_timeout = 2
	X
	launch pgbouncer as postgres pgbouncer "$dir/pgbouncer/ini"
	await pgbouncer 'process up' "$dir/pgbouncer/log" || return 1
	echo "postgresql://postgres@127.0.0.1:$port" >"$dir/pgbouncer.url"
}

start_galera() {
	local n name port group=() found members provider=/usr/lib/galera/libgalera_smm.so
	[ -f $provider ] || { echo 'no galera-4 (bootstrap --tests)'; return 2; }
	for n in 1 2 3; do
		own galera$n mysql
		group+=("$(free_port)")
	done
	make_maria galera1 || { cp "$dir/galera1/log" "$dir/galera/log"; return 1; }
	members=127.0.0.1:${group[0]},127.0.0.1:${group[1]},127.0.0.1:${group[2]}
	for n in 1 2 3; do
		name=galera$n
		port=$(free_port)
		[ $n -eq 1 ] || mkdir -p "$dir/$name/data"
		[ $n -eq 1 ] || own $name/data mysql
		# The first one creates the cluster, whatever was there before.
		found=()
		if [ $n -eq 1 ]; then
			rm -f "$dir/$name/data/grastate.dat"
			found=(--wsrep-new-cluster)
		fi
		launch $name as mysql mariadbd --no-defaults \
			--datadir="$dir/$name/data" --tmpdir="$dir/$name" --port="$port" \
			--socket="$dir/$name/data/sock" --pid-file=pid \
			"${my_settings[@]}" "${maria_settings[@]}" --binlog-format=ROW \
			--innodb-autoinc-lock-mode=2 --wsrep-on=ON \
			--wsrep-provider=$provider --wsrep-cluster-name="$dir" \
			--wsrep-cluster-address="gcomm://$members" \
			--wsrep-node-name=$name --wsrep-node-address=127.0.0.1 \
			--wsrep-sst-method=rsync \
			--wsrep-sst-receive-address="127.0.0.1:$(free_port)" \
			--wsrep-provider-options="$(printf '%s;' \
				gmcast.listen_addr=tcp://127.0.0.1:"${group[n - 1]}" \
				ist.recv_addr=127.0.0.1:"$(free_port)" gcache.size=16M)" \
			"${found[@]}"
		if ! await $name 'Synchronized with group' "$dir/$name/log" ||
			! await $name 'mariadbd: ready for connections' "$dir/$name/log"; then
			cp "$dir/$name/log" "$dir/galera/log"
			return 1
		fi
		echo "mysql://root:$server_password@127.0.0.1:$port" >"$dir/$name.url"
	done
}
