#!/bin/bash
# The library in a program of another's: revisions made by CMIGRATE are applied by APP, which has no command line.
#
#   run.sh CMIGRATE APP [URL]      URL: an empty database; default a new SQLite file
set -eu
cmigrate=$1 app=$2
example=$(cd "$(dirname "$0")/../../migrations-example" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
unset CMIGRATE_URL CMIGRATE_CONFIG DATABASE_URL
"$cmigrate" init
for step in 1 2; do
	cp "$example/step-$step/schema.yaml" .
	"$cmigrate" migrate -m "step $step"
	"$cmigrate" upgrade
done
"$app" "${3:-sqlite:///embedded.db}" migrations schema.yaml
