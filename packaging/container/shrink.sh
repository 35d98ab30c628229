#!/bin/sh
# sh packaging/container/shrink.sh VENV: removes from an environment what the service never loads, and compiles the rest.
#
# pip goes too: the image is replaced as a whole instead.
set -eu
venv=$1
"$venv"/bin/python "$(dirname -- "$0")/../prune.py" "$venv"
rm -f "$venv"/bin/pip*
"$venv"/bin/python -m compileall -q -j 0 "$venv"/lib/python3*/site-packages
