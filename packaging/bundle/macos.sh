#!/bin/sh
# sh packaging/bundle/macos.sh [FOLDER]: builds FOLDER/ocrdesk.app and FOLDER/ocrdesk-macos.zip (dist) on a Mac.
#
# A recipe: it was written from the documentation of its tools and has not been run, because the project has no Mac.
# Needs macOS 15 on Apple silicon, a Python from python.org or Homebrew ($PYTHON, else python3), and the command line tools
# of Xcode. IDENTITY names a certificate in the keychain; without it the app is signed for this Mac only, and other Macs open
# it only after a right click and "Open".
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
root=$(CDPATH='' cd -- "$here/../.." && pwd -P)
[ "$(uname -s)" = Darwin ] || { echo "This recipe runs on macOS only." >&2; exit 69; }
dist=${1:-$root/dist}

OCRDESK_APP_ID=$(sed -n 's/^app-id = "\([^"]*\)".*/\1/p' "$root/pyproject.toml")
export OCRDESK_APP_ID
sh "$here/build.sh" "$dist"
codesign --force --deep --options runtime --sign "${IDENTITY:--}" "$dist/ocrdesk.app"
codesign --verify --deep --strict "$dist/ocrdesk.app"
"$dist/ocrdesk.app/Contents/MacOS/ocrdesk" ocr "$root/packaging/sample.png"
ditto -c -k --keepParent "$dist/ocrdesk.app" "$dist/ocrdesk-macos.zip"
