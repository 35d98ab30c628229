#!/bin/sh
# sh packaging/bundle/appimage.sh PROGRAM-FOLDER [FOLDER]: lays out FOLDER/ocrdesk.AppDir (dist) from the program folder
# that build.sh made, and packs it as an AppImage.
#
# Needs appimagetool; RUNTIME may name a file with the runtime that the AppImage begins with. Otherwise it is the one that old
# versions of appimagetool contain, or that new ones download. Without appimagetool the AppDir is made, and the script ends with 69.
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
root=$(CDPATH='' cd -- "$here/../.." && pwd -P)
[ $# -ge 1 ] || { sed -n '2s/^# \(.*\): .*/Usage: \1/p' "$0" >&2; exit 2; }
program=$1
mkdir -p "${2:-$root/dist}"
dist=$(CDPATH='' cd -- "${2:-$root/dist}" && pwd -P)
app=$dist/ocrdesk.AppDir
say() { printf '%s\n' "$*" >&2; }
[ -x "$program/ocrdesk" ] || { say "$program is no program folder. Make one with: sh packaging/bundle/build.sh"; exit 66; }

rm -rf "$app"
mkdir -p "$app/usr/lib" "$app/usr/share/applications" "$app/usr/share/metainfo" "$app/usr/share/icons/hicolor/scalable/apps"
cp -R "$program" "$app/usr/lib/ocrdesk"
app_id=$(sed -n 's,.*<id>\(.*\)</id>.*,\1,p' "$root/packaging/ocrdesk.metainfo.xml")
cp "$root/packaging/ocrdesk.metainfo.xml" "$app/usr/share/metainfo/$app_id.appdata.xml"
cp "$root/ocrdesk/desktop/ui/svg/app.svg" "$app/usr/share/icons/hicolor/scalable/apps/ocrdesk.svg"
cp "$root/ocrdesk/desktop/ui/svg/app.svg" "$app/ocrdesk.svg"
ln -s ocrdesk.svg "$app/.DirIcon"
cp "$root/packaging/ocrdesk.desktop" "$app/usr/share/applications/ocrdesk.desktop"
cp "$root/packaging/ocrdesk.desktop" "$app/ocrdesk.desktop"
# What the AppImage runs when it is opened or called, with the same arguments.
cat >"$app/AppRun" <<'END'
#!/bin/sh
here=$(dirname -- "$(readlink -f -- "$0")")
exec "$here/usr/lib/ocrdesk/ocrdesk" "$@"
END
chmod 755 "$app/AppRun"
say "Made $app"

if ! command -v appimagetool >/dev/null; then
    say "appimagetool is missing, so nothing was packed. With it, run this command again."
    exit 69
fi
version=$(sed -n 's/^version = "\(.*\)"/\1/p' "$root/pyproject.toml" | head -n 1)
ARCH=$(uname -m)
export ARCH
appimagetool ${RUNTIME:+--runtime-file "$RUNTIME"} "$app" "$dist/ocrdesk-$version-$ARCH.AppImage"
say "Made $dist/ocrdesk-$version-$ARCH.AppImage"
