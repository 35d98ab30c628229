#!/bin/sh
# sh packaging/deb/prove.sh PACKAGE.deb FOLDER [RELEASE]: installs the package in a minimal Debian (bookworm) made in
# FOLDER, uses it there as an ordinary user, and removes it. Ends with 0 when every step worked and nothing was left.
#
# Needs root, debootstrap and a Debian mirror. The root stays in FOLDER for the next time.
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
package=$1 root=$2 release=${3:-bookworm}
. "$here/../proofs/minimal_debian.sh"

in_root() { in_debian "$root" /bin/sh -ec "$1"; }
step() { printf '\n== %s\n' "$*"; }
# What is on the disk, but for logs, caches, temporary files and the lists of dpkg and apt themselves.
listed() {
    (cd "$root" && find . -xdev \( -path ./proc -o -path ./dev -o -path ./sys -o -path ./run -o -path ./tmp -o -path ./home \
        -o -path ./var/cache -o -path ./var/log -o -path ./var/lib/dpkg -o -path ./var/lib/apt \) -prune -o -print | LC_ALL=C sort)
}

step "A minimal Debian $release"
make_debian "$release" "$root" ca-certificates
copy_settings "$root"
in_root 'apt-get update -q; dpkg --purge ocrdesk 2>/dev/null || true; rm -rf /home/user'
install -D -m 644 "$package" "$root/tmp/ocrdesk.deb"
install -D -m 644 "$here/../sample.png" "$root/tmp/proof/a scan.png"
install -m 644 "$here/../proofs/drive_window.sh" "$here/../proofs/drag_source.tcl" "$root/tmp/proof/"

step "What it depends on, and the tools of this proof"
depends=$(dpkg-deb --field "$package" Depends)
in_root "apt-get satisfy -y -q --no-install-recommends '$depends' >/dev/null
    apt-get install -y -q --no-install-recommends xvfb xauth xdotool dbus curl tkdnd man-db bash-completion \
        desktop-file-utils appstream hicolor-icon-theme imagemagick >/dev/null
    id user >/dev/null 2>&1 || useradd --no-create-home --home-dir /home/user --shell /bin/bash user"
listed >"$root/tmp/before"

step "Install"
in_root 'apt-get install -y -q --no-install-recommends /tmp/ocrdesk.deb | tail -n 3
    install -d -o user -g user -m 700 /home/user'

step "Every library is there, but for those of GTK: Qt takes its theme from GTK only where that is installed"
# Those in a wheel's own folder of libraries are found through the module that needs them, which is checked itself.
in_root 'find /usr/lib/ocrdesk -name "*.so*" -type f ! -path "*.libs/*" -exec ldd {} + 2>/dev/null | sed -n "s/ => not found//p" | sort -u' \
    >"$root/tmp/missing"
if grep -vE '^\s*lib(atk|cairo|gdk|gtk|harfbuzz|pango)' "$root/tmp/missing"; then exit 1; fi

step "None is JBIG-KIT, which is under the GPL"
if grep -rl JBIG-KIT "$root/usr/lib/ocrdesk"; then exit 1; fi

step "The command, as a user"
as_user() { in_root "exec setpriv --reuid=user --regid=user --init-groups env HOME=/home/user $1"; }
as_user "ocrdesk --version"
as_user "ocrdesk doctor"
as_user "ocrdesk ocr '/tmp/proof/a scan.png'" >"$root/tmp/text"
grep -q "Most mistakes in recognised text" "$root/tmp/text"

step "The window on X: a file from the menu entry, and one that is dropped"
# A display number of its own: abstract sockets are shared with this machine's displays.
in_root 'install -d -m 1777 /tmp/.X11-unix'
entry=$(sed -n 's/^Exec=//p' "$root/usr/share/applications/ocrdesk.desktop" | head -n 1)
as_user "xvfb-run -n 4711 -s '-screen 0 1400x900x24 -nolisten local' dbus-run-session sh /tmp/proof/drive_window.sh $entry"

step "Manual pages, completions, menu entry, software centre"
in_root 'for page in ocrdesk ocrdesk-ocr ocrdesk-keys-create; do man --where $page; done
    bash -c ". /usr/share/bash-completion/bash_completion; _completion_loader ocrdesk; complete -p ocrdesk"
    desktop-file-validate --no-hints /usr/share/applications/ocrdesk.desktop
    appstreamcli validate --no-net --no-color /usr/share/metainfo/*ocrdesk.metainfo.xml
    test "$(identify -format %w /usr/share/icons/hicolor/48x48/apps/ocrdesk.png)" = 48'

step "Remove"
in_root 'apt-get purge -y -q ocrdesk | tail -n 3'
listed >"$root/tmp/after"
diff "$root/tmp/before" "$root/tmp/after" && echo "Nothing is left."
