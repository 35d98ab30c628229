#!/bin/sh
# sh packaging/bundle/build.sh [FOLDER]: builds the program folder FOLDER/ocrdesk (dist/ocrdesk) with PyInstaller.
#
# The folder has its own Python, Qt, Tesseract, Valkey, models and languages: copy it anywhere, and run `ocrdesk` in it.
# It runs on systems whose C library is as new as this one's. Needs a Python ($PYTHON, else python3) with venv and a
# shared library (Debian: python3-venv and libpython3.11), on Linux binutils and gcc, and a package index. Not root.
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
root=$(CDPATH='' cd -- "$here/../.." && pwd -P)
mkdir -p "${1:-$root/dist}"
dist=$(CDPATH='' cd -- "${1:-$root/dist}" && pwd -P)
PYTHON=${PYTHON:-python3}

say() { printf '%s\n' "$*" >&2; }
command -v "$PYTHON" >/dev/null || { say "$PYTHON is missing: apt-get install python3-venv"; exit 1; }
if [ "$(uname -s)" = Linux ]; then
    for tool in objdump cc; do
        command -v $tool >/dev/null || { say "$tool is missing: apt-get install binutils gcc"; exit 1; }
    done
fi

umask 022
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM
PIP_DISABLE_PIP_VERSION_CHECK=1
PIP_CONSTRAINT=$work/constraints.txt # a path without spaces, at which pip splits it
PIP_BUILD_CONSTRAINT=$PIP_CONSTRAINT
PYINSTALLER_CONFIG_DIR=$work/cache
export PIP_DISABLE_PIP_VERSION_CHECK PIP_CONSTRAINT PIP_BUILD_CONSTRAINT PYINSTALLER_CONFIG_DIR
unset PYTHONPATH PYTHONHOME
cp "$root/packaging/constraints.txt" "$work/constraints.txt"

say "Making the environment …"
"$PYTHON" -m venv "$work/tools"
"$PYTHON" -m venv --without-pip "$work/env"
pip() { "$work/tools/bin/python" -m pip --quiet "$@"; }
pip wheel --no-deps --wheel-dir "$work" "$root"
pip --python "$work/env/bin/python" install "$(echo "$work"/ocrdesk-*.whl)[all]"
"$work/env/bin/python" "$root/packaging/prune.py" "$work/env" >&2
# After pruning, which removes what installs packages: PyInstaller needs a part of it.
pip --python "$work/env/bin/python" install -r "$here/requirements.txt"
# Qt's theme from GTK would bring half of GTK, and load the other half from the system.
rm -f "$work"/env/lib/python3*/site-packages/PySide6/Qt/plugins/platformthemes/libqgtk3.so
# The record of the wheel's path would name a folder of this machine.
rm -f "$work"/env/lib/python3*/site-packages/ocrdesk-*.dist-info/direct_url.json

say "Collecting …"
cd "$work" # in a checkout its sources would be collected, and not what the wheel has
"$work/env/bin/python" -m PyInstaller --log-level WARN --noconfirm --distpath "$work/dist" --workpath "$work/build" \
    "$here/ocrdesk.spec" >&2
made=$work/dist/ocrdesk
cp "$root/LICENSE" "$made/LICENSE"

rm -rf "$dist/ocrdesk" "$dist/ocrdesk.app"
mv "$made" "$dist/ocrdesk"
[ ! -d "$work/dist/ocrdesk.app" ] || mv "$work/dist/ocrdesk.app" "$dist/" # on a Mac
say "$dist/ocrdesk: $(du -sm "$dist/ocrdesk" | cut -f1) MB"
