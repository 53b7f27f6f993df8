#!/bin/bash
# The arrows of docs/architecture.md as a test: which folder may include which, and what only some files may do.
#
#   layers.sh [ROOT]      exit 1 and a line for each include, call or comparison that breaks a rule
set -u
cd "${1:-$(dirname "$0")/../..}" || exit 2
bad=0
breaks() { echo "$1"; bad=1; }

# may FOLDER: a pattern of what files of that folder may include, besides their own folder.
may() {
	local floors='core/(base|model|dialect|db)/'
	case $1 in
	core/base) echo 'core/base/' ;;
	core/model) echo 'core/base/' ;;
	core/dialect) echo 'core/(base|model)/' ;;
	core/db) echo 'core/(base|model|dialect)/' ;;
	core/yaml | core/diff | core/plan | core/data | core/revision | core/picture | core/rows) echo "$floors" ;;
	# a model and a configuration are read from the nodes of a document
	core/config | core/schema) echo "core/(base|model|dialect|db|yaml)/" ;;
	# applying runs scripts and importing makes them, so both know what the revision stage knows
	core/apply | core/import) echo "core/(base|model|dialect|db|revision)/" ;;
	# the library's public face: the one folder of core that knows the drivers
	core/compare) echo "core/(base|model|dialect|db|yaml|schema|diff|plan|data|revision)/" ;;
	core/lint) echo "core/(base|model|dialect|db|yaml|diff|revision|apply|config)/" ;;
	# a proof makes rows, applies and compares
	core/prove) echo "core/(base|model|dialect|db|diff|revision|apply|rows)/" ;;
	core/api) echo '(core|drivers)/' ;;
	core/*) echo 'a stage that layers.sh does not know' ;;
	drivers/*/*) engine=${1#drivers/} && echo "(core/(base|model|dialect|db)|drivers/${engine%%/*})/" ;;
	drivers) echo 'core/' ;; # the registry
	cli | cli/*) echo '(core|drivers|cli)/' ;;
	esac
}

# Client and other libraries, each in one place.
owner() {
	case $1 in
	sqlite3.h) echo 'drivers/sqlite' ;;
	libpq-fe.h | pg_config.h | libpq/* | postgresql/*) echo 'drivers/postgresql' ;;
	mysql.h | mysqld_error.h | errmsg.h | mysql/* | mariadb/*) echo 'drivers/mysql' ;;
	yaml.h) echo 'core/yaml' ;;
	openssl/*) echo 'core/base' ;;
	dlfcn.h) echo '(drivers|core/picture)' ;; # modules, and Graphviz
	getopt.h) echo 'cli' ;;
	esac
}

# Both are asked once for each folder and each library: a process for every include takes longer than the rest.
declare -A allowed owned
while IFS=: read -r file line text; do
	folder=${file%/*}
	name=${text#*[\"<]}
	name=${name%%[\">]*}
	if [[ $text == *'"'* ]]; then
		case $name in
		"$folder"/* | *_sql.h) continue ;;
		core/api/cmigrate.h) [ "$folder" = core/api ] || breaks "$file:$line: only a host program includes $name"; continue ;;
		esac
		[ -n "${allowed[$folder]:-}" ] || allowed[$folder]=$(may "$folder")
		[[ $name =~ ^${allowed[$folder]} ]] || breaks "$file:$line: $folder may not include $name"
	else
		[ -n "${owned[$name]:-}" ] || owned[$name]=$(owner "$name")/
		[ "${owned[$name]}" = / ] || [[ $folder/ =~ ^${owned[$name]} ]] ||
			breaks "$file:$line: only ${owned[$name]%/} includes <$name>"
	fi
done < <(grep -nE '^[[:space:]]*#[[:space:]]*include' -r core drivers cli --include='*.c' --include='*.h' 2>/dev/null)

# The planner and the rest ask for capabilities; nobody asks which engine it is, but the registry, which finds drivers.
while IFS= read -r hit; do
	breaks "$hit   (ask for a capability bit or a hook, not for a name)"
done < <(grep -nE 'str(case)?cmp\(([^;]*(dialect|driver)->name, *"|"[^;]*(dialect|driver)->name)|[!=]= *&(sqlite|postgresql|mysql)_dialect' \
	-r core drivers cli --include='*.c' 2>/dev/null | grep -v '^drivers/registry\.c:')

# Core and drivers return errors. They do not print, and they do not end the process; running out of memory does, and a guardian is a
# process of its own.
while IFS= read -r hit; do
	breaks "$hit   (core and drivers neither print nor exit)"
done < <(grep -nE '(^|[^a-zA-Z0-9_])(v?printf|puts|putchar|perror|abort|_?exit)\(|\b(stdout|stderr)\b' -r core drivers --include='*.c' 2>/dev/null |
	grep -vE '^core/base/arena\.c:|^[^:]*:[0-9]+:[[:space:]]*//|^core/apply/point\.c:|^core/db/guardian\.c:[0-9]+: *_exit\(0\);$')

exit $bad
