#!/bin/sh
# sh packaging/docs.sh [FOLDER]: builds the documentation site in FOLDER (build/site), and fails on a broken link.
#
# Uses the Python of an activated environment that has the extra `docs`. Without one it makes build/docs-env, for which it needs
# a package index.
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
. "$root/packaging/lib.sh"

if ! python -c 'import zensical' 2>/dev/null; then
    VENV=$root/build/docs-env
    mkdir -p "$VENV"
    LOG=$VENV/install.log
    if ! "$VENV/bin/python" -c 'import zensical' 2>/dev/null; then
        find_python
        say "Installing the site's tools into build/docs-env …"
        quietly "Creating the virtual environment" "$python" -m venv "$VENV"
        # The path of the constraints is relative because pip splits this variable at spaces.
        (
            cd "$root"
            export PIP_CONSTRAINT=packaging/constraints.txt PIP_BUILD_CONSTRAINT=packaging/constraints.txt
            quietly "Installing with pip" "$VENV/bin/python" -m pip --disable-pip-version-check install -e '.[docs]'
        ) || exit
    fi
    PATH=$VENV/bin:$PATH
fi
exec python "$root/packaging/docs.py" "$@"
