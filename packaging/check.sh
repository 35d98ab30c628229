#!/bin/sh
# sh packaging/check.sh [--fast | --long] [PYTEST ARGUMENT…]: run every check, with the tools on the PATH (of an activated environment).
#
# --fast: format, lint, types, imports and quick tests, in less than two minutes.
# --long: every test, also those that take minutes, with many more random requests to each route.
# All checks run even if one fails; the last lines name the failed ones.
set -eu
cd -- "$(dirname -- "$0")/.."
QT_QPA_PLATFORM=offscreen
PYTHONUNBUFFERED=1
export QT_QPA_PLATFORM PYTHONUNBUFFERED
unset PYTHONDONTWRITEBYTECODE # the tests start hundreds of programs, each of which would compile its modules again
failed=

# Quick tests without recognition: of the structure, the documentation, pure functions and the state in Redis.
QUICK_TESTS="tests/test_structure.py tests/test_docs.py tests/contract tests/layout tests/export tests/backend"

check() {
    printf '\n== %s\n' "$*"
    "$@" </dev/null || failed="${failed:+$failed; }$*"
}

# Four at a time, because half of the tests wait for a server or a page: see tests/helpers/file_order.py. The tests of a
# file share their servers.
tests="-n 4 --dist loadfile"
chaos="python -m tests.chaos --seed 7 --jobs 200"
case "${1:-}" in
--fast)
    tests=$QUICK_TESTS
    chaos=
    shift
    ;;
--long)
    SCHEMA_EXAMPLES=300
    LONG_TESTS=1
    export SCHEMA_EXAMPLES LONG_TESTS
    shift
    ;;
esac

check_code() {
    failed=
    check ruff format --check .
    check ruff check .
    check mypy
    # The window and the command line run on Windows too. Each platform needs a cache of its own.
    check mypy --platform win32 --cache-dir .mypy_cache/win32 -p ocrdesk
    check lint-imports --no-logo
    check python packaging/file_map.py --check
    check python packaging/redis_keys.py --check
    check python packaging/reliability.py --check
    check python packaging/env_example.py --check
    check python packaging/project_facts.py --check
    check python packaging/openapi.py --check
    check python packaging/kubernetes_base.py --check
    check python packaging/document_schema.py --check
    check python packaging/translations.py --check
    [ -z "$failed" ] || { printf '\nFailed: %s\n' "$failed"; return 1; }
}

# The tests wait for servers more than they compute, so the others run beside them: the checks of the code, and the chaos
# program, which waits too.
logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT
check_code >"$logs/code" 2>&1 &
code_pid=$!
if [ -n "$chaos" ]; then
    $chaos >"$logs/chaos" 2>&1 </dev/null &
    chaos_pid=$!
fi

# shellcheck disable=SC2086 # a list of arguments
check python -m pytest $tests "$@"

wait "$code_pid" || failed="${failed:+$failed; }the checks of the code"
cat "$logs/code"
if [ -n "$chaos" ]; then
    printf '\n== %s\n' "$chaos"
    wait "$chaos_pid" || failed="${failed:+$failed; }$chaos"
    cat "$logs/chaos"
fi

[ -z "$failed" ] || { printf '\nFailed: %s\n' "$failed"; exit 1; }
