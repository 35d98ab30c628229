#!/bin/sh
# sh packaging/deb/build.sh [FOLDER]: builds ocrdesk_VERSION_ARCHITECTURE.deb in FOLDER (dist).
#
# The package has a private environment in /usr/lib/ocrdesk, made with this Debian's own python3 and the pinned versions,
# so build it on the release that it is for. Needs: python3-venv, librsvg2-bin, dpkg, gcc, and a package index. Not root.
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
root=$(CDPATH='' cd -- "$here/../.." && pwd -P)
mkdir -p "${1:-$root/dist}"
dist=$(CDPATH='' cd -- "${1:-$root/dist}" && pwd -P)
python=/usr/bin/python3
place=usr/lib/ocrdesk

say() { printf '%s\n' "$*" >&2; }
for tool in "$python" rsvg-convert dpkg-deb cc; do
    command -v "$tool" >/dev/null || { say "$tool is missing: apt-get install python3-venv librsvg2-bin dpkg gcc"; exit 1; }
done

umask 022
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM
stage=$work/stage
lib=$stage/$place
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git -C "$root" log -1 --format=%ct 2>/dev/null || date +%s)}
PYTHONDONTWRITEBYTECODE=1
PIP_DISABLE_PIP_VERSION_CHECK=1
PIP_CONSTRAINT=$work/constraints.txt # a path without spaces, at which pip splits it
PIP_BUILD_CONSTRAINT=$PIP_CONSTRAINT
export SOURCE_DATE_EPOCH PYTHONDONTWRITEBYTECODE PIP_DISABLE_PIP_VERSION_CHECK PIP_CONSTRAINT PIP_BUILD_CONSTRAINT
unset PYTHONPATH PYTHONHOME
cp "$root/packaging/constraints.txt" "$work/constraints.txt"

say "Making the environment …"
"$python" -m venv "$work/tools"
"$python" -m venv --without-pip "$lib"
"$work/tools/bin/python" -m pip --quiet wheel --no-deps --wheel-dir "$work" "$root"
wheel=$(echo "$work"/ocrdesk-*.whl)
"$work/tools/bin/python" -m pip --quiet --python "$lib/bin/python" install --no-compile "$wheel[all]"
"$lib/bin/python" "$root/packaging/prune.py" "$lib" >&2
"$lib/bin/python" "$root/packaging/man_pages.py" "$stage/usr/share"
version=$("$lib/bin/python" -c 'import ocrdesk; print(ocrdesk.__version__)')
minor=$("$python" -c 'import sys; print(sys.version_info.minor)')
site=$lib/lib/python3.$minor/site-packages

# The environment moves to its place: only our command and the two that the service may be run with stay, with a shebang
# that is right there. The record of the wheel's path would name a folder of this machine.
find "$lib/bin" -mindepth 1 ! -name 'python*' ! -name ocrdesk ! -name uvicorn ! -name rq -exec rm -rf {} +
sed -i "1s,^#!.*,#!/$place/bin/python3," "$lib/bin/ocrdesk" "$lib/bin/uvicorn" "$lib/bin/rq"
sed -i "/^command = /d" "$lib/pyvenv.cfg"
rm -rf "$lib/include" "$site"/ocrdesk-*.dist-info/direct_url.json
echo dpkg >"$(echo "$site"/ocrdesk-*.dist-info)/INSTALLER"
find "$lib" \( -name __pycache__ -o -name '*.pyi' \) -prune -exec rm -rf {} +
# Some wheels mark every file as a program.
find "$site" -type f -perm /111 -exec sh -c '
    for file; do
        case $(head -c 2 "$file" | tr -d "\000") in "#!" | "$(printf "\177")E") ;; *) chmod 644 "$file" ;; esac
    done' sh {} +
find "$site" -name '*.so*' -type f -exec chmod 644 {} +
if grep -rIl "$work" "$stage"; then
    say "These files name the folder that the package was built in."
    exit 1
fi

say "Adding the desktop's files …"
put() { install -D -m 644 "$1" "$stage/$2"; }
app_id=$(sed -n 's,.*<id>\(.*\)</id>.*,\1,p' "$root/packaging/ocrdesk.metainfo.xml")
svg=$root/ocrdesk/desktop/ui/svg/app.svg
put "$root/packaging/ocrdesk.desktop" usr/share/applications/ocrdesk.desktop
put "$root/packaging/ocrdesk.metainfo.xml" "usr/share/metainfo/$app_id.metainfo.xml"
put "$svg" usr/share/icons/hicolor/scalable/apps/ocrdesk.svg
for size in 16 22 24 32 48 64 128 256 512; do
    folder=$stage/usr/share/icons/hicolor/${size}x$size/apps
    mkdir -p "$folder"
    rsvg-convert --width $size --height $size --output "$folder/ocrdesk.png" "$svg"
done
mkdir -p "$stage/usr/bin"
ln -s "../lib/ocrdesk/bin/ocrdesk" "$stage/usr/bin/ocrdesk"
gzip -9 -n "$stage"/usr/share/man/man1/*.1

doc=$stage/usr/share/doc/ocrdesk
mkdir -p "$doc"
gzip -9 -n -c "$root/CHANGELOG.md" >"$doc/changelog.gz"
# The same release for a newer Debian is a newer package.
revision=1+$(. /etc/os-release && echo "$ID$VERSION_ID")
"$lib/bin/python" "$here/describe.py" changelog "$root" "$site" "$version-$revision" | gzip -9 -n >"$doc/changelog.Debian.gz"
"$lib/bin/python" "$here/describe.py" copyright "$root" "$site" >"$doc/copyright"
put "$here/lintian-overrides" usr/share/lintian/overrides/ocrdesk

mkdir -p "$stage/DEBIAN"
"$lib/bin/python" "$here/describe.py" control "$root" "$site" \
    "Version: $version-$revision" "Architecture: $(dpkg --print-architecture)" "Installed-Size: $(du -k -s "$stage" | cut -f1)" \
    >"$stage/DEBIAN/control"
find "$lib" -name __pycache__ -prune -exec rm -rf {} +
ln -sfn ../../../bin/python3 "$lib/bin/python3" # in its place; here this ends the use of the environment
install -m 755 "$here/postinst" "$here/prerm" "$stage/DEBIAN/"
(cd "$stage" && find usr -type f -exec md5sum {} +) >"$stage/DEBIAN/md5sums"
chmod -R u+rwX,go+rX,go-w "$stage"

say "Packing …" # a higher level takes minutes for a tenth less
dpkg-deb --root-owner-group -Zxz -z2 --build "$stage" "$work" >&2
mv "$work"/ocrdesk_*.deb "$dist/"
