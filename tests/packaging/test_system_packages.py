"""The doctor's list of what Qt loads from the system, against what the installed Qt says that it loads."""

from __future__ import annotations

import re
import struct
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from ocrdesk.local.diagnostics import doctor, qt_libraries
from ocrdesk.local.diagnostics.doctor import Finding, Purpose
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
# These every system with Python has: the C library, the compiler's, and zlib.
_EVERYWHERE = re.compile(r"lib(c|m|dl|rt|resolv|pthread|gcc_s|stdc\+\+|z)\.so\.|ld-linux")
_OURS = re.compile(r"^\s*from PySide6\.(Qt\w+) import", re.MULTILINE)
_DT_NEEDED, _DT_STRTAB = 1, 5
_SHT_DYNAMIC = 6


@pytest.mark.skipif(sys.platform != "linux", reason="Qt's wheels bring everything elsewhere")
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


def test_the_list_is_asked_for_all_that_the_window_imports() -> None:
    desktop = Path(doctor.__file__).parents[2] / "desktop"
    imported = {name for file in desktop.rglob("*.py") for name in _OURS.findall(file.read_text("utf-8"))}
    assert imported - {"QtCore", "QtGui"} == {root.removesuffix(".abi3.so") for root in _ROOTS[Windows.ANY][:-1]}


def _system_libraries(files: list[Path], bundled: dict[str, Path]) -> set[str]:
    """The libraries outside the wheel that these files, and those in the wheel that they load, ask for."""
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
    """The NEEDED entries of a 64-bit little-endian ELF file."""
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


@pytest.mark.parametrize("purpose", ["", *Purpose])
def test_missing_packages_are_names_and_nothing_else(purpose: str) -> None:
    command = [
        sys.executable,
        "-m",
        "ocrdesk.local.diagnostics.doctor",
        "--missing-packages",
        *([purpose] if purpose else []),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    assert [line for line in done.stdout.splitlines() if not re.fullmatch(r"[a-z0-9][a-z0-9.+-]+", line)] == []


def test_missing_packages_need_the_standard_library_only() -> None:
    """The installer asks before anything is installed; -S leaves out site-packages."""
    code = "import sys; sys.path.insert(0, sys.argv[1]); "
    code += "from ocrdesk.local.diagnostics import doctor; doctor.missing_packages()"
    root = Path(doctor.__file__).parents[3]
    subprocess.run([sys.executable, "-I", "-S", "-c", code, str(root)], check=True)


@pytest.mark.skipif(sys.platform != "linux", reason="packages are Debian's")
def test_each_purpose_asks_for_its_own_libraries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(qt_libraries, "_loads", lambda library: False)
    monkeypatch.setattr(doctor, "_has_poppler", lambda: False)
    monkeypatch.setattr(doctor.shutil, "which", lambda program: None)
    monkeypatch.delenv("QT_QPA_PLATFORM", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setenv("DISPLAY", ":0")
    everything = set(doctor.missing_packages())
    assert {"libegl1", "libxcb-cursor0", "libwayland-cursor0", "poppler-utils"} <= everything
    assert doctor.missing_packages(Purpose.RECOGNITION) == []
    assert "libxcb-cursor0" not in doctor.missing_packages(Purpose.TESTS)
    assert {"qpdf", "poppler-utils"} <= set(doctor.missing_packages(Purpose.TESTS))
    assert "libxcb-cursor0" in doctor.missing_packages(Purpose.DESKTOP)
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    assert "libxcb-cursor0" not in doctor.missing_packages(Purpose.DESKTOP)
    assert "libwayland-cursor0" in doctor.missing_packages(Purpose.DESKTOP)


def test_a_missing_part_is_named_with_the_command_that_mends_it() -> None:
    text = doctor.render([Finding("a thing", None, "apt-get install thing"), Finding("another", "1.2")])
    assert "NO  a thing  missing" in text
    assert "mend it with: apt-get install thing" in text
    assert "ok  another  1.2" in text
    assert "1 missing" in text


def test_optional_parts_break_nothing() -> None:
    text = doctor.render([Finding("an extra", None, "apt-get install extra", optional=True)])
    assert "--  an extra  missing (optional)" in text
    assert "Everything that is needed is there." in text
