# A minimal Debian in a folder, to prove packages in: sourced by prove.sh; needs root and debootstrap.
# shellcheck shell=sh
#
# Mounts are made in a mount namespace of one command, and end with it. A mount that stayed behind would turn a later
# `rm -r` of the folder into the removal of this machine's own files.

# make_root FOLDER RELEASE: makes the root unless it is complete. $MIRROR names the mirror; else this machine's own is used.
make_root() {
    [ -e "$1/.complete" ] && return
    mirror=${MIRROR:-$(apt-get indextargets --format '$(SITE)' 2>/dev/null | head -n 1)}
    mkdir -p "$1"
    # shellcheck disable=SC2086 # without a mirror debootstrap has its own
    debootstrap --variant=minbase --include=ca-certificates "$2" "$1" $mirror
    copy_network_settings "$1"
    printf '127.0.0.1 localhost\n' >"$1/etc/hosts"
    : >"$1/.complete"
}

# This machine may reach its mirror only through a proxy, or with certificates of its own.
copy_network_settings() {
    cp -a /etc/apt/apt.conf.d/. "$1/etc/apt/apt.conf.d/"
    [ ! -d /etc/apt/auth.conf.d ] || cp -a /etc/apt/auth.conf.d "$1/etc/apt/"
    cp -aL --remove-destination /etc/ssl/certs/. "$1/etc/ssl/certs/"
    cp -L /etc/resolv.conf "$1/etc/resolv.conf"
}

# in_root FOLDER COMMAND: runs a line of shell in it, as root, with nothing of this machine's environment but its proxies.
in_root() {
    # shellcheck disable=SC2016 # the inner shell expands them
    unshare --mount --propagation private sh -c '
        root=$1 line=$2
        mount -t proc proc "$root/proc"
        mount --bind /dev "$root/dev"
        mount -t tmpfs tmpfs "$root/dev/shm"
        mount -t tmpfs tmpfs "$root/run"
        exec env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 \
            DEBIAN_FRONTEND=noninteractive $(env | grep -iE "^(https?|no)_proxy=") chroot "$root" /bin/sh -ec "$line"
    ' in_root "$1" "$2"
}
