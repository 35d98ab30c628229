"""packaging/replace_jbig.py: tesserocr works without JBIG-KIT, and a TIFF file with JBIG is an error and no crash."""

from __future__ import annotations

import shutil
import struct
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import pytest

from tests.helpers.processes import clean_env
from tests.packaging.repository import PACKAGING

sys.path.insert(0, str(PACKAGING))
import replace_jbig

sys.path.remove(str(PACKAGING))

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only the wheels for Linux have the library")
needs_compiler = pytest.mark.skipif(shutil.which("cc") is None, reason="needs a C compiler")


@pytest.fixture
def packages(tmp_path: Path) -> Path:
    """A folder with a copy of tesserocr."""
    try:
        wheel = distribution("tesserocr")
    except PackageNotFoundError:
        pytest.skip("tesserocr is not installed")
    source = Path(str(wheel.locate_file("")))
    if not list((source / replace_jbig.FOLDER).glob(replace_jbig.PATTERN)):
        pytest.skip("this tesserocr has no libjbig")
    for name in ("tesserocr", replace_jbig.FOLDER):
        shutil.copytree(source / name, tmp_path / "packages" / name)
    return tmp_path / "packages"


def jbig_tiff(path: Path) -> None:
    """Write a TIFF file of 8 by 8 pixels, black and white, that says its data are JBIG."""
    entries = {256: 8, 257: 8, 258: 1, 259: 34661, 262: 0, 273: 8, 277: 1, 278: 8, 279: 24}
    data = bytes(24)
    table = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in entries.items())
    header = struct.pack("<2sHI", b"II", 42, 8 + len(data))
    path.write_bytes(header + data + struct.pack("<H", len(entries)) + table + bytes(4))


@needs_compiler
def test_the_library_is_ours_and_tesserocr_can_be_imported(packages: Path, tmp_path: Path) -> None:
    [library] = (packages / replace_jbig.FOLDER).glob(replace_jbig.PATTERN)
    assert b"JBIG-KIT" in library.read_bytes()
    assert replace_jbig.replace(packages) == [library]
    content = library.read_bytes()
    assert b"JBIG-KIT" not in content
    assert library.name.encode() in content  # the name by which libtiff asks for it

    tiff = tmp_path / "jbig.tif"
    jbig_tiff(tiff)
    script = "import sys, tesserocr; print(tesserocr.__file__); tesserocr.file_to_text(sys.argv[1])"
    done = subprocess.run(
        [sys.executable, "-c", script, tiff],
        env=clean_env(PYTHONPATH=str(packages)),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.startswith(str(packages))
    assert done.returncode == 1, done.stderr  # an exception; a crash would be negative
    assert "RuntimeError: Failed to read picture" in done.stderr


def test_without_a_compiler_nothing_is_changed_and_its_package_is_named(
    packages: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(SystemExit, match="apt-get install gcc"):
        replace_jbig.replace(packages)
    [library] = (packages / replace_jbig.FOLDER).glob(replace_jbig.PATTERN)
    assert b"JBIG-KIT" in library.read_bytes()


@needs_compiler
def test_a_function_that_ours_lacks_ends_the_build(
    packages: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    lacking = tmp_path / "lacking.c"
    lacking.write_text(replace_jbig.SOURCE.read_text().replace("jbg_newlen", "jbg_other"))
    monkeypatch.setattr(replace_jbig, "SOURCE", lacking)
    with pytest.raises(subprocess.CalledProcessError):
        replace_jbig.replace(packages)
    assert "undefined symbol: jbg_newlen" in capfd.readouterr().err


def test_packages_without_the_library_are_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert replace_jbig.replace(tmp_path) == []
