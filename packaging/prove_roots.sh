#!/bin/sh
# sh packaging/prove_roots.sh [--bare] [12 | 13]… [-- PYTEST ARGUMENT…]: runs run.sh and test.sh in minimal Debian systems.
#
# Debian 12 has Python 3.11, Debian 13 has Python 3.13; without a number both are used. For each, the script creates a root
# folder with debootstrap, copies this checkout into it and runs both commands there, from nothing. They run in separate mount
# and process namespaces, so nothing is left when they end. The folders are in $ROOTS or /var/tmp/ocrdesk-roots: 12.base, as
# debootstrap made it, which is kept, and 12, a copy for the last run.
#
# --bare: the tests run without /dev/pts and /etc/hosts, as in a plain chroot.
# Needs root, debootstrap and a network. Uses the settings of apt and pip of this machine. Exits with 0 if all passed.
set -eu
repository=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
ROOTS=${ROOTS:-/var/tmp/ocrdesk-roots}
INSIDE=/root/ocrdesk # the checkout's place in a root
. "$repository/packaging/proofs/minimal_debian.sh"

say() { printf '\n== %s\n' "$*" >&2; }

stop() {
    printf 'prove_roots.sh: %s\n' "$*" >&2
    exit 69
}

usage() {
    sed -n '2s/^# \(.*\): .*/Usage: \1/p' "$0" >&2
    exit 2
}

# --- A root folder ---

suite_of() { case $1 in 12) echo bookworm ;; 13) echo trixie ;; esac }

# make_base RELEASE DIR: creates the base unless it is complete. It adds only Python, certificates and git to the minimum.
make_base() {
    [ ! -e "$2/.complete" ] || return 0
    say "Debian $1: debootstrap into $2"
    rm -rf "$2"
    make_debian "$(suite_of "$1")" "$2" python3 ca-certificates git || stop "debootstrap failed"
    copy_settings "$2"
}

# copy_base BASE DIR: a new root without anything that an earlier run installed.
copy_base() {
    rm -rf "$2"
    cp -a --reflink=auto "$1" "$2"
}

# copy_checkout DIR: the history, and everything that git does not ignore, with changes that are not committed.
copy_checkout() {
    git clone --quiet --no-checkout "$repository" "$1$INSIDE"
    (cd "$repository" && git ls-files -z --cached --others --exclude-standard |
        tar --null --ignore-failed-read -T - -cf -) | tar -C "$1$INSIDE" --no-same-owner -xf -
    git -C "$1$INSIDE" reset --quiet
}

# --- Running in it ---

# in_root DIR COMMAND…: in mount and process namespaces that end with the command.
in_root() {
    NAMESPACES='--pid --fork --kill-child' in_debian "$@"
}

# prove RELEASE [PYTEST ARGUMENT…]: false, with a line in $results, if a command fails.
prove() {
    release=$1 dir=$ROOTS/$1
    shift
    make_base "$release" "$dir.base"
    copy_base "$dir.base" "$dir"
    copy_checkout "$dir"
    python=$(in_root "$dir" python3 -c 'import sys; print("Python %d.%d" % sys.version_info[:2])')
    name="Debian $release, $python"

    say "$name: sh packaging/run.sh packaging/sample.png"
    text=$(in_root "$dir" sh "$INSIDE/packaging/run.sh" "$INSIDE/packaging/sample.png") || text=
    case $text in
    "How to get good text from paper"*) note "$name: run.sh passed" ;;
    *) note "$name: run.sh FAILED" ;;
    esac

    say "$name${bare:+, bare}: sh packaging/test.sh $*"
    if BARE=$bare in_root "$dir" sh "$INSIDE/packaging/test.sh" "$@"; then
        note "$name${bare:+, bare}: test.sh passed"
    else
        note "$name${bare:+, bare}: test.sh FAILED"
    fi
}

note() {
    results="$results$1
"
    case $1 in *FAILED) failed=yes ;; esac
}

bare='' releases='' results='' failed=no
while [ $# -gt 0 ]; do
    case $1 in
    --bare) bare=bare ;;
    12 | 13) releases="$releases $1" ;;
    --)
        shift
        break
        ;;
    *) usage ;;
    esac
    shift
done
[ "$(id -u)" = 0 ] || stop "this needs root, for the root folders and their mounts"
for tool in debootstrap unshare git; do
    command -v "$tool" >/dev/null || stop "$tool is missing. Get it with: apt-get install debootstrap util-linux git"
done

for release in ${releases:-12 13}; do
    prove "$release" "$@"
done
printf '\n%s' "$results"
[ "$failed" = no ]
