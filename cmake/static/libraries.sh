# shellcheck shell=bash disable=SC2154 # build.sh sets the folders
# The libraries of the static program, a function each. They are sourced by build.sh, which has set arch, triple, gcc, jobs, offline,
# cache, work, prefix and bin. Each runs in the sources of its library and leaves an archive, headers, a .pc file and its license
# in $prefix.

cflags='-O2 -fPIC -ffunction-sections -fdata-sections -fstack-protector-strong'

# library_once NAME: makes it, unless an earlier call did. Its output is a log, which is shown where it fails.
library_once() {
	local library=$1 log=$work/$1.log
	[ ! -f "$work/$library.done" ] || return 0
	echo "build.sh: $library for $arch"
	rm -rf "${work:?}/$library"
	( # in no `if`, where the shell would go on behind what fails
		trap '[ $? -eq 0 ] || { tail -n 30 "$log"; echo "build.sh: $library failed; see $log"; } >&3' EXIT
		unpack "$library"
		cd "$work/$library" || exit
		"make_$library"
	) 3>&2 >"$log" 2>&1
	touch "$work/$library.done"
}

# fetch PATH SUM: the file of Debian's archive is in the cache, and is the one that was meant
fetch() {
	local file=$cache/sources/${1##*/} mirror=${CMIGRATE_DEBIAN_MIRROR:-http://deb.debian.org/debian}
	if [ ! -f "$file" ]; then
		[ "$offline" = no ] || { echo "not in $cache/sources: ${1##*/}"; return 1; }
		# updates of a stable release lie in the archive of security first
		curl -sSfL -o "$file.part" "$mirror/$1" || curl -sSfL -o "$file.part" "${mirror%/debian}/debian-security/$1" || return 1
		mv "$file.part" "$file"
	fi
	echo "$2  $file" | sha256sum -c --quiet || { echo "$file is not what cmake/static/sources names: remove it and try again"; return 1; }
}

# unpack LIBRARY: the sources of its package in $work/LIBRARY, with Debian's patches
unpack() {
	local package=$1 sum path
	case $1 in libpq) package=postgresql-15 ;; libmariadb) package=mariadb ;; esac
	mkdir "$work/$1"
	while read -r sum path; do
		case $path in */"${package}"_*) ;; *) continue ;; esac
		fetch "$path" "$sum" || return 1
		case $path in
		*.debian.tar.*) apply_patches "$cache/sources/${path##*/}" "$work/$1" || return 1 ;;
		# of all of MariaDB only the client library
		*/mariadb_*) tar -xf "$cache/sources/${path##*/}" -C "$work/$1" --strip-components=2 --wildcards '*/libmariadb' || return 1 ;;
		*) tar -xf "$cache/sources/${path##*/}" -C "$work/$1" --strip-components=1 || return 1 ;;
		esac
	done < <(grep -v '^#' "$here/sources")
}

# apply_patches ARCHIVE FOLDER: the series of a .debian.tar, but for what concerns only Debian's own build
apply_patches() {
	local name
	tar -xf "$1" -C "$2" debian/patches
	while read -r name _; do
		case $name in '' | \#* | 02-use-packaged-lempar.c.patch) continue ;; esac
		echo "patch $name"
		patch -s -f -p1 -d "$2" <"$2/debian/patches/$name" || return 1
	done <"$2/debian/patches/series"
}

# write_compiler: cmigrate-cc, which is gcc with musl in the place of the system's C library. All that it links is static and may
# lie anywhere in memory. Where the folders are is kept out of what it makes.
write_compiler() {
	cat >"$bin/specs" <<-END
		%rename cpp_options old_cpp_options

		*cpp_options:
		-nostdinc -isystem $prefix/include -isystem include%s %(old_cpp_options)

		*cc1:
		%(cc1_cpu) -nostdinc -isystem $prefix/include -isystem include%s

		*link_libgcc:
		-L$prefix/lib -L .%s

		*libgcc:
		libgcc.a%s %:if-exists(libgcc_eh.a%s)

		*startfile:
		$prefix/lib/rcrt1.o $prefix/lib/crti.o crtbeginS.o%s

		*endfile:
		crtendS.o%s $prefix/lib/crtn.o

		*link:
		-nostdlib -static -pie --no-dynamic-linker -z text -z stack-size=1048576

	END
	local extra=
	# musl has not what libgcc would ask at start which atomic instructions there are
	[ "$arch" != aarch64 ] || extra=-mno-outline-atomics
	cat >"$bin/cmigrate-cc" <<-END
		#!/bin/sh
		IFS=:
		for map in \${CMIGRATE_STATIC_MAP:-}; do set -- "\$@" "-ffile-prefix-map=\$map"; done
		exec $gcc "\$@" $extra -ffile-prefix-map=$base=. -specs $bin/specs
	END
	sed -i 's/^\t*//' "$bin/specs"
	chmod 755 "$bin/cmigrate-cc"
}

# write_pc NAME VERSION LIBS [REQUIRES]
write_pc() {
	printf 'Name: %s\nDescription: %s, static\nVersion: %s\nRequires: %s\nCflags: -I%s/include\nLibs: -L%s/lib %s\n' \
		"$1" "$1" "$2" "${4:-}" "$prefix" "$prefix" "$3" >"$prefix/lib/pkgconfig/$1.pc"
}

make_musl() {
	local folder
	CC=$gcc CROSS_COMPILE=$triple- ./configure --prefix="$prefix" --syslibdir="$prefix/lib" --disable-shared --enable-wrapper=no \
		--target="$arch" CFLAGS="-O2 -ffile-prefix-map=$work=."
	make -j "$jobs"
	make install
	cp COPYRIGHT "$prefix/licenses/musl"
	# OpenSSL asks the kernel's headers
	for folder in linux asm asm-generic; do
		for from in /usr/$triple/include /usr/include/$triple /usr/include; do
			[ ! -d "$from/$folder" ] || { ln -sfn "$from/$folder" "$prefix/include/$folder" && break; }
		done
	done
}

# What TLS to a server, password exchanges and SHA-256 need. Certificates and openssl.cnf are those of /etc/ssl.
make_openssl() {
	local target=linux-x86_64
	[ "$arch" = x86_64 ] || target=linux-aarch64
	# shellcheck disable=SC2086 # a list of flags
	CC=cmigrate-cc AR=$triple-ar RANLIB=$triple-ranlib perl ./Configure $target --prefix=/usr --libdir=lib --openssldir=/etc/ssl \
		no-shared no-tests no-dso no-engine no-legacy no-ui-console no-comp no-ssl3 no-dtls no-srp no-psk no-idea no-camellia no-seed \
		no-aria no-sm2 no-sm3 no-sm4 no-rc2 no-rc4 no-mdc2 no-whirlpool no-blake2 no-cast no-bf no-gost no-ct no-cms no-ts no-ocsp no-async \
		$cflags
	make -j "$jobs" build_generated
	make -j "$jobs" libcrypto.a libssl.a
	cp libcrypto.a libssl.a "$prefix/lib/"
	cp -r include/openssl "$prefix/include/"
	cp LICENSE.txt "$prefix/licenses/openssl"
	write_pc libcrypto 3.0 -lcrypto
	write_pc libssl 3.0 -lssl libcrypto
}

# With what Debian's libsqlite3 has, so that a schema means the same to both
make_sqlite3() {
	local options=(-DSQLITE_SECURE_DELETE -DSQLITE_ENABLE_COLUMN_METADATA -DSQLITE_ENABLE_FTS3 -DSQLITE_ENABLE_FTS3_PARENTHESIS
		-DSQLITE_ENABLE_FTS3_TOKENIZER=1 -DSQLITE_ENABLE_FTS4 -DSQLITE_ENABLE_FTS5 -DSQLITE_ENABLE_RTREE=1 -DSQLITE_SOUNDEX=1
		-DSQLITE_ENABLE_UNLOCK_NOTIFY -DSQLITE_OMIT_LOOKASIDE=1 -DSQLITE_ENABLE_DBSTAT_VTAB -DSQLITE_ALLOW_ROWID_IN_VIEW
		-DSQLITE_ENABLE_UPDATE_DELETE_LIMIT=1 -DSQLITE_LIKE_DOESNT_MATCH_BLOBS -DSQLITE_THREADSAFE=1 -DSQLITE_USE_URI=1
		-DSQLITE_MAX_SCHEMA_RETRY=25 -DSQLITE_ENABLE_STMTVTAB -DSQLITE_MAX_VARIABLE_NUMBER=250000 -DSQLITE_ENABLE_MATH_FUNCTIONS)
	# the amalgamation is made by programs of this machine
	cat >make.static <<-END
		TOP = .
		BCC = gcc -O1
		TCC = gcc -O1 -I. -I./src
		OPT_FEATURE_FLAGS = -DSQLITE_ENABLE_UPDATE_DELETE_LIMIT=1
		OPTS = -DSQLITE_ENABLE_UPDATE_DELETE_LIMIT=1
		NAWK = awk
		TCLSH_CMD = tclsh
		AR = $triple-ar cr
		RANLIB = $triple-ranlib
	END
	cat main.mk >>make.static
	make -f make.static sqlite3.c
	# shellcheck disable=SC2086 # a list of flags
	cmigrate-cc $cflags -fno-strict-aliasing -DNDEBUG -DHAVE_USLEEP=1 -DHAVE_FDATASYNC=1 "${options[@]}" -c sqlite3.c -o sqlite3.o
	$triple-ar rcsD "$prefix/lib/libsqlite3.a" sqlite3.o
	cp sqlite3.h "$prefix/include/"
	echo 'SQLite is in the public domain: https://www.sqlite.org/copyright.html' >"$prefix/licenses/sqlite3"
	write_pc sqlite3 "$(cat VERSION)" -lsqlite3
}

make_libyaml() {
	local source version=0.2.5
	for source in src/*.c; do
		# shellcheck disable=SC2086 # a list of flags
		cmigrate-cc $cflags -Iinclude -DYAML_VERSION_MAJOR=0 -DYAML_VERSION_MINOR=2 -DYAML_VERSION_PATCH=5 -DYAML_VERSION_STRING="\"$version\"" \
			-DYAML_DECLARE_STATIC -c "$source"
	done
	$triple-ar rcsD "$prefix/lib/libyaml.a" ./*.o
	cp include/yaml.h "$prefix/include/"
	cp License "$prefix/licenses/libyaml"
	write_pc yaml-0.1 $version -lyaml
}

# libpq with what it calls of PostgreSQL's own code. Without GSSAPI and LDAP, whose libraries are not for static programs.
make_libpq() {
	CC=cmigrate-cc AR=$triple-ar RANLIB=$triple-ranlib CFLAGS=$cflags CPPFLAGS="-I$prefix/include" LDFLAGS="-L$prefix/lib" ./configure \
		--build="$(uname -m)-pc-linux-gnu" --host="$arch-linux-musl" --prefix=/usr --sysconfdir=/etc/postgresql-common \
		--without-readline --without-zlib --with-ssl=openssl --disable-rpath
	make -C src/backend generated-headers
	make -j "$jobs" -C src/common libpgcommon_shlib.a
	make -j "$jobs" -C src/port libpgport_shlib.a
	make -j "$jobs" -C src/interfaces/libpq all-static-lib
	printf '%s\n' "create $prefix/lib/libpq.a" 'addlib src/interfaces/libpq/libpq.a' 'addlib src/common/libpgcommon_shlib.a' \
		'addlib src/port/libpgport_shlib.a' save end | $triple-ar -M
	$triple-objcopy -D "$prefix/lib/libpq.a"
	cp src/interfaces/libpq/libpq-fe.h src/interfaces/libpq/libpq-events.h src/include/postgres_ext.h src/include/pg_config_ext.h "$prefix/include/"
	cp COPYRIGHT "$prefix/licenses/libpq"
	write_pc libpq 15.18 -lpq 'libssl libcrypto'
}

# MariaDB's client library with the ways to authenticate that are plugins elsewhere. Without GSSAPI.
make_libmariadb() {
	mkdir build
	cmake -S . -B build -DCMAKE_C_COMPILER="$bin/cmigrate-cc" -DCMAKE_SYSTEM_NAME=Linux -DCMAKE_SYSTEM_PROCESSOR="$arch" \
		-DCMAKE_AR="$(command -v "$triple-ar")" -DCMAKE_RANLIB="$(command -v "$triple-ranlib")" -DCMAKE_FIND_ROOT_PATH="$prefix" \
		-DCMAKE_FIND_ROOT_PATH_MODE_PACKAGE=ONLY -DCMAKE_BUILD_TYPE=Release -DCMAKE_C_FLAGS="$cflags" -DCMAKE_C_FLAGS_RELEASE=-DNDEBUG \
		-DCMAKE_COMPILE_WARNING_AS_ERROR=OFF -DCMAKE_INSTALL_PREFIX=/usr -DGIT_EXECUTABLE=/bin/false \
		-DWITH_SSL=OPENSSL -DOPENSSL_ROOT_DIR="$prefix" -DOPENSSL_USE_STATIC_LIBS=ON -DWITH_EXTERNAL_ZLIB=OFF -DWITH_CURL=OFF \
		-DWITH_UNIT_TESTS=OFF -DWITH_DOCS=OFF -DCLIENT_PLUGIN_CACHING_SHA2_PASSWORD=STATIC -DCLIENT_PLUGIN_SHA256_PASSWORD=STATIC \
		-DCLIENT_PLUGIN_CLIENT_ED25519=STATIC -DCLIENT_PLUGIN_MYSQL_CLEAR_PASSWORD=STATIC -DCLIENT_PLUGIN_DIALOG=STATIC \
		-DMARIADB_UNIX_ADDR=/run/mysqld/mysqld.sock -DCLIENT_PLUGIN_PVIO_SOCKET=STATIC -DCLIENT_PLUGIN_AUTH_GSSAPI_CLIENT=OFF -DCLIENT_PLUGIN_REMOTE_IO=OFF -DCLIENT_PLUGIN_ZSTD=OFF
	cmake --build build --target mariadbclient -j "$jobs"
	cp build/libmariadb/libmariadbclient.a "$prefix/lib/libmariadb.a"
	mkdir -p "$prefix/include/mariadb"
	cp -r include/. build/include/. "$prefix/include/mariadb/"
	cp COPYING.LIB "$prefix/licenses/libmariadb"
	write_pc libmariadb 3.3 -lmariadb 'libssl libcrypto'
	sed -i "s,^Cflags: .*,Cflags: -I$prefix/include/mariadb," "$prefix/lib/pkgconfig/libmariadb.pc"
}
