#!/bin/sh
# sh packaging/test.sh [PYTEST ARGUMENT…]: installs ocrdesk and its tools into .venv if necessary, then runs every check.
#
# Needs sh and Python 3.11 or newer ($PYTHON, or the first on the PATH). Ends with 0 when every check passed.
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
. "$root/packaging/lib.sh"

ensure_installed dev tests
PATH=$VENV/bin:$PATH
export PATH
exec sh "$root/packaging/check.sh" "$@"
