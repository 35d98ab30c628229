#!/bin/sh
# sh packaging/container/shrink.sh VENV: removes from an environment what the service never loads, and compiles the rest.
set -eu
venv=$1
packages=$(echo "$venv"/lib/python3*/site-packages)

# pip installs packages; the image is replaced as a whole instead.
rm -rf "$packages"/pip "$packages"/pip-*.dist-info "$venv"/bin/pip*
# Tests and headers of libraries.
find "$packages" -type d \( -name tests -o -name include \) -path '*/numpy/*' -prune -exec rm -rf {} +
find "$packages" -name '*.pyi' -delete
"$venv"/bin/python -m compileall -q -j 0 "$packages"
