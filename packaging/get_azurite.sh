#!/bin/sh
# sh packaging/get_azurite.sh [FOLDER]: install Azurite, Microsoft's server for tests of Azure's storage, into build/azurite, or FOLDER.
#
# Needs npm and no root. The tests of STORAGE_URL=az://… use this program, or the one on the PATH.
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
folder=${1:-$root/build/azurite}

if [ -x "$folder/node_modules/.bin/azurite" ]; then exit 0; fi
command -v npm >/dev/null || {
    echo "This needs npm. Elsewhere, put azurite on the PATH." >&2
    exit 1
}
mkdir -p "$folder"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
npm install --prefix "$folder" --no-audit --no-fund --no-update-notifier azurite@3.35.0 >"$log" 2>&1 || {
    cat "$log" >&2
    echo "npm could not install azurite. Its output is above." >&2
    exit 1
}
echo "$folder has Azurite."
