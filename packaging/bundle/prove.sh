#!/bin/sh
# sh packaging/bundle/prove.sh PROGRAM-FOLDER FOLDER [RELEASE]: uses the program folder in a minimal Debian (bookworm) made
# in FOLDER, as an ordinary user, and deletes it. Ends with 0 when every step worked and nothing was left.
#
# That Debian has no Python. Needs root, debootstrap and a Debian mirror. The root stays in FOLDER for the next time.
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
program=$1 root=$2 release=${3:-bookworm}
. "$here/../proofs/minimal_debian.sh"

in_root() { in_debian "$root" /bin/sh -ec "$1"; }
step() { printf '\n== %s\n' "$*"; }
as_user() { in_root "exec setpriv --reuid=user --regid=user --init-groups env HOME=/home/user $1"; }
# What is on the disk, but for caches, logs and temporary files.
listed() {
    (cd "$root" && find . -xdev \( -path ./proc -o -path ./dev -o -path ./sys -o -path ./run -o -path ./tmp -o -path ./home \
        -o -path ./var/cache -o -path ./var/log \) -prune -o -print | LC_ALL=C sort)
}

step "A minimal Debian $release"
make_debian "$release" "$root" ca-certificates
copy_settings "$root"
in_root 'apt-get update -q
    rm -rf /opt/ocrdesk /home/user /tmp/proof
    id user >/dev/null 2>&1 || useradd --no-create-home --home-dir /home/user --shell /bin/bash user
    install -d -o user -g user -m 700 /home/user'
install -D -m 644 "$here/../sample.png" "$root/tmp/proof/a scan.png"
install -m 644 "$here/../proofs/drive_window.sh" "$here/../proofs/drag_source.tcl" "$root/tmp/proof/"

step "The command, as a user, on the system as it is"
listed >"$root/tmp/before"
cp -R "$program" "$root/opt/ocrdesk"
if grep -rl JBIG-KIT "$root/opt/ocrdesk"; then exit 1; fi # it is under the GPL
in_root "! command -v python3"
as_user "/opt/ocrdesk/ocrdesk --version"
as_user "/opt/ocrdesk/ocrdesk ocr '/tmp/proof/a scan.png'" >"$root/tmp/text"
grep "Most mistakes in recognised text" "$root/tmp/text"
for engine in tesseract tesseract-cli rapid; do
    as_user "/opt/ocrdesk/ocrdesk ocr --engine $engine '/tmp/proof/a scan.png'" >"$root/tmp/text"
    grep -q "Most mistakes" "$root/tmp/text" && echo "engine $engine: read"
done
as_user "/opt/ocrdesk/ocrdesk ocr -o /home/user/scan.pdf '/tmp/proof/a scan.png'"
head -c 5 "$root/home/user/scan.pdf" | grep -q %PDF && echo "A searchable PDF was written."
# It reports the libraries for windows, which this system lacks.
as_user "/opt/ocrdesk/ocrdesk doctor" || true

step "Delete"
rm -rf "$root/opt/ocrdesk"
listed >"$root/tmp/after"
diff "$root/tmp/before" "$root/tmp/after" && echo "Nothing is left."

step "What a system with a desktop has, and the tools of this proof"
qt=$(sed -n 's/.*: "\(lib[a-z0-9.+-]*\)",.*/\1/p' "$here/../../ocrdesk/local/diagnostics/qt_libraries.py" | sort -u | tr '\n' ' ')
in_root "apt-get install -y -q --no-install-recommends $qt xvfb xauth xdotool dbus curl tkdnd fonts-dejavu-core \
    >/dev/null"
listed >"$root/tmp/before"
cp -R "$program" "$root/opt/ocrdesk"

step "The command again: doctor finds the libraries for windows"
as_user "/opt/ocrdesk/ocrdesk doctor"
as_user "/opt/ocrdesk/ocrdesk languages list"
as_user "/opt/ocrdesk/ocrdesk desktop --install-menu-entry"
grep -q '^Exec="/opt/ocrdesk/ocrdesk" desktop' "$root/home/user/.local/share/applications/ocrdesk.desktop"

step "The window on X: a file from the command line, and one that is dropped"
in_root 'install -d -m 1777 /tmp/.X11-unix'
# A display number of its own: abstract sockets are shared with this machine's displays.
as_user "xvfb-run -n 4712 -s '-screen 0 1400x900x24 -nolisten local' dbus-run-session sh /tmp/proof/drive_window.sh \
    /opt/ocrdesk/ocrdesk desktop %F"

step "Delete"
rm -rf "$root/opt/ocrdesk"
listed >"$root/tmp/after"
diff "$root/tmp/before" "$root/tmp/after" && echo "Nothing is left but the user's own data."
