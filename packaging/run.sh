#!/bin/sh
# sh packaging/run.sh [FILE…]: installs ocrdesk into .venv if necessary, then prints the text of FILE.
#
# Without arguments it opens the desktop if there is a display, and otherwise recognises packaging/sample.png.
# All arguments go to `ocrdesk ocr` (see --help). The exit code is that of `ocrdesk ocr`; 69 if the installation failed.
# Needs sh and Python 3.11 or newer ($PYTHON, or the first on the PATH).
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
. "$root/packaging/lib.sh"

has_display() { [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] || [ "$(uname)" = Darwin ]; }

if [ $# -eq 0 ] && has_display; then
    ensure_installed all desktop
    exec "$VENV/bin/ocrdesk" desktop
fi
ensure_installed all recognition
if [ $# -eq 0 ]; then
    [ "$just_installed" = no ] || say "No file was given and there is no display. This is packaging/sample.png:"
    set -- "$root/packaging/sample.png"
fi
exec "$VENV/bin/ocrdesk" ocr "$@"
