# A minimal Debian in a folder: the proofs source this file to make one and to run programs in it, as root.
# shellcheck shell=sh
#
# Mounts are made in a mount namespace of one command, and end with it. A mount that stayed behind would turn a later
# `rm -r` of the folder into the removal of this machine's own files.

# make_debian RELEASE FOLDER [PACKAGE…]: makes it with debootstrap unless it is complete, with these packages besides the
# minimum. $MIRROR names the mirror; else it is the first that this machine's apt uses, or debootstrap's own.
make_debian() (
    release=$1 folder=$2
    shift 2
    [ ! -e "$folder/.complete" ] || exit 0
    mkdir -p "$folder"
    packages=$(IFS=, && echo "$*")
    # shellcheck disable=SC2016 # apt's own variable
    mirror=${MIRROR:-$(apt-get indextargets --format '$(SITE)' 2>/dev/null | head -n 1)}
    debootstrap --variant=minbase ${packages:+--include="$packages"} "$release" "$folder" ${mirror:+"$mirror"} >&2 || exit
    : >"$folder/.complete"
)

# copy_certificates FOLDER: certificates that were added to this machine, for example a proxy's, so that those made in the
# folder by the package ca-certificates have them too.
copy_certificates() {
    [ ! -d /usr/local/share/ca-certificates ] || cp -RL /usr/local/share/ca-certificates "$1/usr/local/share/"
}

# copy_settings FOLDER: how this machine reaches package archives: settings of apt and pip, name servers, certificates.
copy_settings() {
    copy_certificates "$1"
    cp -R /etc/apt/apt.conf.d "$1/etc/apt/"
    rm -f "$1"/etc/apt/apt.conf.d/docker-* # these drop caches after each call
    [ ! -d /etc/apt/auth.conf.d ] || cp -R /etc/apt/auth.conf.d "$1/etc/apt/"
    for file in /etc/resolv.conf /etc/pip.conf /etc/ssl/certs/ca-certificates.crt; do
        [ ! -e "$file" ] || cp -L --remove-destination "$file" "$1$file"
    done
}

# in_debian FOLDER COMMAND…: runs it there. Of this machine's environment it has only proxies, certificates and pip's settings.
# $NAMESPACES are further options of unshare; with $BARE there are no terminals and no /etc/hosts, as in a plain chroot.
in_debian() {
    settings=$(env | grep -E '^(PIP_|SSL_CERT|https?_proxy=|HTTPS?_PROXY=|no_proxy=|NO_PROXY=)' | grep -v '^PIP_FIND_LINKS=' || :)
    # With a process namespace this shell must be its first process, because it collects processes that ended.
    # shellcheck disable=SC2016,SC2086 # expanded in the namespace; several words
    printf '%s\n' "$settings" | BARE=${BARE:-} unshare --mount --propagation private ${NAMESPACES:-} sh -euc '
        folder=$1
        shift
        mount -t proc proc "$folder/proc"
        mount -t sysfs -o ro sysfs "$folder/sys"
        mount -t tmpfs -o mode=755 tmpfs "$folder/dev"
        for name in null zero full random urandom; do
            : >"$folder/dev/$name"
            mount --bind "/dev/$name" "$folder/dev/$name"
        done
        ln -s /proc/self/fd "$folder/dev/fd"
        mkdir "$folder/dev/shm"
        mount -t tmpfs tmpfs "$folder/dev/shm"
        rm -f "$folder/etc/hosts"
        if [ -z "$BARE" ]; then
            echo "127.0.0.1 localhost" >"$folder/etc/hosts"
            mkdir "$folder/dev/pts"
            mount -t devpts -o newinstance,ptmxmode=0666 devpts "$folder/dev/pts"
            ln -s pts/ptmx "$folder/dev/ptmx"
        fi
        set -- chroot "$folder" "$@"
        while IFS= read -r setting; do [ -z "$setting" ] || set -- "$setting" "$@"; done
        env -i HOME=/root LANG=C.UTF-8 PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
            DEBIAN_FRONTEND=noninteractive "$@" </dev/null || exit
    ' sh "$@"
}
