#!/bin/bash
# The MySQL driver with Oracle's client library, which Debian 12 has not: compiled in the sid chroot (sid.sh) against
# libmysqlclient, and used by the host's program on the server of CMIGRATE_TEST_MYSQL.
#
#   mysqlclient.sh BUILD      BUILD: a build of the program, in a folder of this tree
set -eu
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
build=$(cd "$1" && pwd)
[ -x "$build/cmigrate" ] || { echo "no program in $build" >&2; exit 2; }
sid=${CMIGRATE_SID:-/var/lib/cmigrate-sid}
out=$top/build-mysqlclient
rm -rf "$out"
mkdir -p "$out/generated"
[ ! -d "$build/generated/mysql" ] || cp "$build"/generated/mysql/* "$out/generated/"
echo "compiling drivers/mysql against libmysqlclient"
# what is linked always (dialect, render, plan) is in the program
sources=()
cp "$build/libcmigrate_internal.a" "$out/" # what a module calls of core
for file in "$top"/drivers/mysql/*/*.c; do
	case ${file#"$top"/drivers/mysql/} in dialect/* | facts/* | plan/* | render/*) ;; *) sources+=("/mnt/${file#"$top/"}") ;; esac
done
# shellcheck disable=SC2016 # for the shell in the chroot
"$here/sid.sh" with "$top" root:root sh -c '
	cd /mnt && exec gcc -std=gnu17 -D_GNU_SOURCE= -include core/base/banned.h -Wall -Wextra -Werror -O1 -g -fPIC -shared \
		-I. -Ibuild-mysqlclient/generated -I/usr/include/mysql "$@" build-mysqlclient/libcmigrate_internal.a -o build-mysqlclient/cmigrate_mysql.so \
		-Wl,--version-script=cmake/module.map -lmysqlclient' \
	sh "${sources[@]}"

[ -n "${CMIGRATE_TEST_MYSQL:-}" ] || { echo "no CMIGRATE_TEST_MYSQL: built, not run"; exit 0; }
project=$(mktemp -d "$out/project.XXXXXX")
name=cmigrate_client_$$
export CMIGRATE_MODULE_DIR=$out CMIGRATE_URL=$CMIGRATE_TEST_MYSQL/$name
client() {
	local rest=${CMIGRATE_TEST_MYSQL#*//}
	local login=${rest%@*} place=${rest#*@}
	mariadb -h "${place%:*}" -P "${place#*:}" -u "${login%%:*}" "-p${login#*:}" -N -e "$1"
}
cat >"$out/run" <<X
#!/bin/sh
export CMIGRATE_MODULE_DIR='$out'
exec '$sid/lib64/ld-linux-x86-64.so.2' --library-path \
	'$sid/usr/lib/x86_64-linux-gnu:/usr/lib/x86_64-linux-gnu:/lib/x86_64-linux-gnu' '$build/cmigrate' "\$@"
X
chmod +x "$out/run"
cmigrate() {
	echo "\$ cmigrate $*" >&2
	"$out/run" "$@"
}
trap 'client "DROP DATABASE IF EXISTS $name"' EXIT
client "DROP DATABASE IF EXISTS $name; CREATE DATABASE $name CHARACTER SET utf8mb4"
cd "$project"
cmigrate init
cat >schema.yaml <<'X'
tables:
  author:
    columns:
      id: {type: integer, primary_key: true}
      name: {type: string(80), nullable: false, unique: true}
      born: {type: date}
  book:
    columns:
      id: {type: bigint, primary_key: true}
      title: {type: string(200), nullable: false, index: true}
      author_id: {type: integer, references: author.id, on_delete: cascade}
      price: {type: "numeric(10,2)", default: 0, check: "price >= 0"}
X
cmigrate migrate -m first
cmigrate upgrade
cmigrate check
[ "$(client "SELECT count(*) FROM information_schema.tables WHERE table_schema = '$name' AND table_name IN ('author', 'book')")" = 2 ]
cmigrate downgrade base
cmigrate upgrade
cmigrate inspect >inspected.yaml
cmigrate --schema inspected.yaml check
"$top/tests/live/test_tls.py" "$out/run" mysql_tls
echo "the MySQL driver works with libmysqlclient"
