#!/bin/sh
# sh packaging/test.sh [PYTEST ARGUMENT…]: install ocrdesk and its tools into .venv if necessary, then run every check.
#
# Requires sh and Python 3.11 or newer ($PYTHON, or the first on the PATH). Exits with 0 if every check passed.
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
. "$root/packaging/lib.sh"

ensure_installed dev tests
PATH=$VENV/bin:$PATH
export PATH
exec sh "$root/packaging/check.sh" "$@"
