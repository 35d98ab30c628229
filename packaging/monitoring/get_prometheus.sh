#!/bin/sh
# sh packaging/monitoring/get_prometheus.sh [FOLDER]: unpack Debian's prometheus and promtool into build/prometheus, or FOLDER.
#
# Needs no root and installs nothing: apt-get fetches the package, with lists of its own if the system has none. The
# tests of the dashboard and the alerts use these programs, or those on the PATH.
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd -P)
folder=${1:-$root/build/prometheus}

if [ -x "$folder/prometheus" ] && [ -x "$folder/promtool" ]; then exit 0; fi
command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null || {
    echo "This needs apt-get and dpkg-deb. Elsewhere, put prometheus and promtool on the PATH." >&2
    exit 1
}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir -p "$scratch/lists/partial" "$folder"
cd "$scratch"
if ! apt-get -qq download prometheus >"$scratch/log" 2>&1; then
    set -- -o Dir::State::lists="$scratch/lists" -o Dir::Cache="$scratch" -o Debug::NoLocking=1
    apt-get -qq "$@" update >>"$scratch/log" 2>&1 && apt-get -qq "$@" download prometheus >>"$scratch/log" 2>&1 || {
        cat "$scratch/log" >&2
        echo "apt-get could not fetch the package prometheus. Its output is above." >&2
        exit 1
    }
fi
dpkg-deb -x prometheus_*.deb unpacked
cp unpacked/usr/bin/prometheus unpacked/usr/bin/promtool "$folder/"
echo "$folder has prometheus and promtool."
