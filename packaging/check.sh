#!/bin/sh
# sh packaging/check.sh [PYTEST ARGUMENT…]: every check, with the tools on the PATH (an activated environment's).
#
# All of them run even if one fails; the last line says which did.
set -eu
cd -- "$(dirname -- "$0")/.."
QT_QPA_PLATFORM=offscreen
PYTHONUNBUFFERED=1
export QT_QPA_PLATFORM PYTHONUNBUFFERED
failed=

check() {
    printf '\n== %s\n' "$*"
    "$@" </dev/null || failed="${failed:+$failed; }$*"
}

check ruff format --check .
check ruff check .
check mypy
check lint-imports --no-logo
check python packaging/file_map.py --check
check python -m pytest "$@"

[ -z "$failed" ] || { printf '\nFailed: %s\n' "$failed"; exit 1; }
