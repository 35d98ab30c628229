#!/bin/sh
# sh packaging/audit.sh: licences and known vulnerabilities of everything that ocrdesk[all,otel] installs, as it is in .venv.
#
# pip-audit goes into a folder of its own, because it brings twenty packages that ocrdesk does not need. Without a network, or
# where nobody has data on vulnerabilities, it says so and reports the licences alone.
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
. "$root/packaging/lib.sh"

ensure_installed dev recognition
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$root"
"$VENV/bin/python" -m venv "$scratch/venv" >&2
"$scratch/venv/bin/python" -m pip --disable-pip-version-check install --quiet pip-audit >&2 ||
    say "pip-audit cannot be installed here."
"$VENV/bin/python" packaging/audit.py --pip-audit "$scratch/venv/bin/python"
