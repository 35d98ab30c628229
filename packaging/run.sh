#!/bin/sh
# sh packaging/run.sh [FILE…]: install ocrdesk into .venv if necessary, then print the text of FILE.
#
# Without arguments it opens the desktop if there is a display; otherwise it reads packaging/sample.png.
# It passes all arguments to `ocrdesk ocr` (see --help) and exits with its exit code, or with 69 if the installation failed.
# Requires sh and Python 3.11 or newer ($PYTHON, or the first on the PATH).
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
    [ "$just_installed" = no ] || say "No file was given and there is no display. This is the text of packaging/sample.png:"
    set -- "$root/packaging/sample.png"
fi
exec "$VENV/bin/ocrdesk" ocr "$@"
