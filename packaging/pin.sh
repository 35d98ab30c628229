#!/bin/sh
# sh packaging/pin.sh: update packaging/constraints.txt to the newest versions that fit pyproject.toml.
#
# Uses the oldest supported Python, because the pinned versions must install on all supported ones.
set -eu
PYTHON=${PYTHON:-python3.11}
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
. "$root/packaging/lib.sh"

find_python
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
LOG=$scratch/log
pip() { "$scratch/venv/bin/python" -m pip --disable-pip-version-check "$@"; }

"$python" -m venv "$scratch/venv"
say "Resolving …"
cd "$root"
# hatchling builds the project, so it is pinned too.
quietly "pip" pip install -e '.[dev,docs]' hatchling
# Some packages are needed only on other Pythons or systems: redis needs async-timeout before 3.11.3.
others() {
    "$scratch/venv/bin/python" - <<'END'
from importlib.metadata import distributions
from itertools import product
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PYTHONS = ("3.11.0", "3.12.0", "3.13.0", "3.14.0")
SYSTEMS = (("linux", "Linux", "posix"), ("darwin", "Darwin", "posix"), ("win32", "Windows", "nt"))
installed = {canonicalize_name(found.name): found for found in distributions()}
for found in installed.values():
    for requirement in map(Requirement, found.requires or ()):
        if canonicalize_name(requirement.name) in installed or requirement.marker is None:
            continue
        for full, (system, name, os_name) in product(PYTHONS, SYSTEMS):
            environment = {
                "python_full_version": full, "python_version": full.rpartition(".")[0], "extra": "",
                "sys_platform": system, "platform_system": name, "os_name": os_name,
            }
            if requirement.marker.evaluate(environment):
                print(f"{requirement.name}{requirement.specifier}")
                break
END
}
while more=$(others) && [ -n "$more" ]; do
    # shellcheck disable=SC2086 # a list of requirements
    quietly "pip" pip install $more
done
{
    echo "# All packages that ocrdesk's checks and build were run with. Updated by: sh packaging/pin.sh"
    pip freeze --exclude ocrdesk | grep '^[A-Za-z0-9._-]*==' | LC_ALL=C sort -f
} >"$scratch/constraints.txt"
cp "$scratch/constraints.txt" packaging/constraints.txt
say "Wrote packaging/constraints.txt: $(grep -c == packaging/constraints.txt) packages."
