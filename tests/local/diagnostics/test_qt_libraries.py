"""The list of system libraries matches what the installed Qt loads."""

from __future__ import annotations

import re
import struct
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from ocrdesk.local.diagnostics import doctor
from ocrdesk.local.diagnostics.qt_libraries import QT_LIBRARIES, Windows

_ROOTS = {
    Windows.ANY: (
        *(f"Qt{part}.abi3.so" for part in ("Widgets", "Svg", "Network", "DBus")),
        "Qt/plugins/platforms/libqoffscreen.so",
    ),
    Windows.X11: ("Qt/plugins/platforms/libqxcb.so", "Qt/plugins/xcbglintegrations/*.so"),
    Windows.WAYLAND: (
        "Qt/plugins/platforms/libqwayland.so",
        "Qt/plugins/wayland-shell-integration/libxdg-shell.so",
        "Qt/plugins/wayland-graphics-integration-client/libqt-plugin-wayland-egl.so",
    ),
}


# Every system with Python has these: the C library, the compiler's library, and zlib.
_EVERYWHERE = re.compile(r"lib(c|m|dl|rt|resolv|pthread|gcc_s|stdc\+\+|z)\.so\.|ld-linux")


_OURS = re.compile(r"^\s*from PySide6\.(Qt\w+) import", re.MULTILINE)


_DT_NEEDED, _DT_STRTAB = 1, 5


_SHT_DYNAMIC = 6


@pytest.mark.skipif(sys.platform != "linux", reason="on other systems Qt's wheels include everything")
@pytest.mark.parametrize("kind", list(Windows))
def test_the_list_is_what_qt_loads(kind: Windows) -> None:
    spec = find_spec("PySide6")
    assert spec
    assert spec.origin
    folder = Path(spec.origin).parent
    bundled = {path.name: path for path in (*folder.glob("Qt/lib/*"), *folder.glob("*.so*"))}
    bundled |= {path.name: path for path in folder.with_name("shiboken6").glob("*.so*")}
    kinds = {Windows.ANY, kind}
    roots = [path for each in kinds for name in _ROOTS[each] for path in folder.glob(name)]
    wanted = _system_libraries(roots, bundled)
    listed = {library for each in kinds for library in QT_LIBRARIES[each]}
    assert wanted - listed == set(), "Qt loads libraries that the doctor does not know"
    assert listed - wanted == set(), "the doctor asks for libraries that Qt does not load"


def test_the_list_covers_all_imports_of_the_window() -> None:
    desktop = Path(doctor.__file__).parents[2] / "desktop"
    imported = {name for file in desktop.rglob("*.py") for name in _OURS.findall(file.read_text("utf-8"))}
    assert imported - {"QtCore", "QtGui"} == {root.removesuffix(".abi3.so") for root in _ROOTS[Windows.ANY][:-1]}


def _system_libraries(files: list[Path], bundled: dict[str, Path]) -> set[str]:
    """Return the libraries outside the wheel that these files need, directly or through files in the wheel."""
    assert files
    seen: set[str] = set()
    outside: set[str] = set()
    while files:
        for name in _needed(files.pop().read_bytes()):
            if name in bundled and name not in seen:
                files.append(bundled[name])
            elif name not in bundled and not _EVERYWHERE.match(name):
                outside.add(name)
            seen.add(name)
    return outside


def _needed(elf: bytes) -> Iterator[str]:
    """Return the NEEDED entries of a 64-bit little-endian ELF file."""
    assert elf[:6] == b"\x7fELF\x02\x01"
    (sections,) = struct.unpack_from("<Q", elf, 40)
    size, count = struct.unpack_from("<HH", elf, 58)
    headers = [struct.unpack_from("<IIQQQQIIQQ", elf, sections + index * size) for index in range(count)]
    for _, kind, _, _, offset, length, link, *_ in headers:
        if kind == _SHT_DYNAMIC:
            names = headers[link][4]
            for tag, value in struct.iter_unpack("<QQ", elf[offset : offset + length]):
                if tag == _DT_NEEDED:
                    yield elf[names + value : elf.index(b"\0", names + value)].decode()
