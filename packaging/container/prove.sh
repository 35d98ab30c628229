#!/bin/bash
# bash packaging/container/prove.sh [FOLDER]: builds the image without a container engine and tests it as an unprivileged user.
#
# Requires root, buildah, util-linux, and debootstrap if the base image cannot be fetched; FOLDER (default: a new one in /var/tmp)
# keeps the base system for the next run. The image runs on a read-only root file system, with init as process 1, without capabilities,
# and must answer its health checks and recognise the sample. What only an engine can do (networks, limits, secrets) is not tested here.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
[ "$(id -u)" = 0 ] || { echo "Run this as root: it makes file systems." >&2; exit 2; }
work=${1:-$(mktemp -d /var/tmp/ocrdesk-image.XXXXXX)}
mkdir -p "$work"
export STORAGE_DRIVER=vfs BUILDAH_ISOLATION=chroot
MAX_MB=${MAX_MB:-450}
. packaging/proofs/minimal_debian.sh
IMAGE=localhost/ocrdesk-proof
BASE=debian:trixie-slim

say() { printf '== %s\n' "$*"; }

# The base image if a registry answers, else the same distribution from Debian's packages, without what slim images leave out.
base_image() {
    if buildah pull -q "$BASE" >/dev/null 2>&1; then
        echo "$BASE"
        return
    fi
    say "No registry has $BASE here; making it with debootstrap" >&2
    local root=$work/base container
    make_debian trixie "$root" 2>"$work/debootstrap.log" || { tail "$work/debootstrap.log" >&2; return 1; }
    copy_certificates "$root"
    rm -rf "$root"/var/cache/apt/archives/*.deb "$root"/var/lib/apt/lists/* "$root"/usr/share/{man,info,locale}/*
    find "$root/usr/share/doc" -type f ! -name copyright -delete
    container=$(buildah from scratch)
    buildah add -q "$container" "$root" / >/dev/null
    buildah commit -q --rm "$container" localhost/ocrdesk-base >/dev/null
    echo localhost/ocrdesk-base
}

base=$(base_image)
say "Building on $base"
buildah bud -q --format docker --build-arg "BASE_IMAGE=$base" --build-arg VERSION=proof -t "$IMAGE" -f Containerfile . >"$work/build.log" 2>&1 || { tail -n 30 "$work/build.log" >&2; exit 1; }

container=$(buildah from "$IMAGE")
root=$(buildah mount "$container")
trap 'buildah umount "$container" >/dev/null; buildah rm "$container" >/dev/null' EXIT

size_mb=$(buildah images --json "$IMAGE" | sed -n 's/.*"size": *"\([0-9.]*\) MB".*/\1/p' | cut -d . -f 1)
say "The image has ${size_mb:-unknown} MB (goal: at most $MAX_MB)"
[ "${size_mb:-9999}" -le "$MAX_MB" ] || failed="${failed:-}size "
for program in gcc cc ld as make pip pip3; do
    found=$(find "$root" -xdev -type f -name "$program" -perm /111 -print -quit)
    [ -z "$found" ] || { say "It contains $program: $found"; failed="${failed:-}$program "; }
done
setuid=$(find "$root" -xdev -type f -perm /6000 | sed "s,^$root,," | tr '\n' ' ')
say "Programs with special rights, of no use without capabilities: ${setuid:-none}"
user=$(buildah inspect --type image --format '{{.Docker.Config.User}}' "$IMAGE")
[ "$user" = 10001:10001 ] || { say "Its user is $user"; failed="${failed:-}user "; }

say "Running serve as $user on a read-only root"
data=$work/data
rm -rf "$data"
install -d -o 10001 -g 10001 -m 0750 "$data"
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
cat >"$work/inside.sh" <<'INSIDE'
# Process 1 of a process namespace of its own; $1 root, $2 data folder, $3 port, $4 sample.
mount --make-rprivate /
mount --bind "$1" "$1"
mount -t proc proc "$1/proc"
mount --rbind /dev "$1/dev"
mount -t tmpfs -o mode=1777,size=1g tmpfs "$1/tmp"
cp "$4" "$1/tmp/sample.png"
cp -L /etc/resolv.conf "$1/tmp/resolv.conf" 2>/dev/null
mount --bind "$2" "$1/data"
mount -o remount,bind,ro "$1"
run() { exec chroot "$1" /usr/bin/setpriv --reuid 10001 --regid 10001 --clear-groups --no-new-privs --bounding-set=-all --inh-caps=-all \
    /usr/bin/env -i PATH=/opt/ocrdesk/bin:/usr/bin:/bin HOME=/data OCRDESK_DATA_DIR=/data PYTHONDONTWRITEBYTECODE=1 PORT="$port" "${@:2}"; }
port=$3
root=$1
run "$root" sh -c 'touch /opt/ocrdesk/x 2>/dev/null && exit 1; touch /data/x && rm /data/x' || { echo "The root is not read-only, or the data folder is"; exit 1; }
run "$root" tini -s -- /opt/ocrdesk/bin/ocrdesk serve --host 127.0.0.1 --port "$port" --workers 2 &
serve=$!
for _ in $(seq 120); do
    run "$root" ocrdesk probe api >/dev/null 2>&1 && break
    kill -0 "$serve" 2>/dev/null || { echo "serve ended"; exit 1; }
    sleep 1
done
status=0
run "$root" ocrdesk probe api || status=1
run "$root" ocrdesk ocr --server "http://127.0.0.1:$port" /tmp/sample.png >/dev/null || status=1
run "$root" ocrdesk ocr --server "http://127.0.0.1:$port" --engine tesseract-cli /tmp/sample.png | head -n 2 || status=1
run "$root" ocrdesk doctor || true
kill -TERM "$serve"
wait "$serve" || status=1
exit "$status"
INSIDE
unshare --mount --pid --fork --kill-child bash "$work/inside.sh" "$root" "$data" "$port" "$PWD/packaging/sample.png" || failed="${failed:-}serve "
[ -z "${failed:-}" ] || { say "Failed: $failed"; exit 1; }
say "Passed"
