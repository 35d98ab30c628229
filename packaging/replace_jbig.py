"""Replaces the JBIG library in tesserocr's wheel, which is under the GPL, by one of our own; prune.py calls it.

ocrdesk hands tesserocr pixels and never a file, so nothing decodes JBIG there. The wheel's libtiff can still be loaded
only with a library that has these functions. Ours is jbig_unsupported.c, compiled with `cc` under the same file name.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

FOLDER, PATTERN = "tesserocr.libs", "libjbig-*.so*"
SOURCE = Path(__file__).with_name("jbig_unsupported.c")
_OPTIONS = ("-shared", "-fPIC", "-Os", "-Wall", "-Werror", "-ffreestanding", "-nostdlib", "-s")


def replace(packages: Path) -> list[Path]:
    """Replace the library in a folder of packages; return the files that are now ours. Some wheels lack the library.

    Raise SystemExit without a compiler, and CalledProcessError if libtiff needs a function that ours lacks.
    """
    folder = packages / FOLDER
    libraries = sorted(folder.glob(PATTERN))
    if not libraries:
        return []
    compiler = shutil.which("cc")
    if compiler is None:
        raise SystemExit("A C compiler is missing, for the library that replaces libjbig: apt-get install gcc")
    for library in libraries:
        library.unlink()  # first, since it may be a link to the file of another environment
        options = (*_OPTIONS, f"-Wl,-soname,{library.name}", "-o", str(library), str(SOURCE))
        subprocess.run([compiler, *options], check=True)
    for user in folder.glob("libtiff-*.so*"):
        # In a process of its own, because a library of the same name may be loaded in this one.
        subprocess.run([sys.executable, "-c", "import ctypes, sys; ctypes.CDLL(sys.argv[1])", user], check=True)
    return libraries
