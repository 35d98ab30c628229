"""Which files in a folder are read, and in which order."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from ocrdesk.local.file_tree import has_supported_suffix, is_supported, may_be_supported, walk
from tests.helpers.sample_files import scan_pdf, text_png

PNG = text_png("Hello")


def names(folder: Path) -> list[str]:
    return [path.relative_to(folder).as_posix() for path, is_readable in walk(folder) if is_readable]


def put(path: Path, content: bytes = b"x") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def test_files_come_by_name_and_hidden_ones_are_skipped(tmp_path: Path) -> None:
    for name in ("b.pdf", "A.PNG", "c/d/e.tif", "c/a.png", ".hidden/x.pdf", "._b.pdf", "z.txt"):
        put(tmp_path / name)
    assert names(tmp_path) == ["A.PNG", "b.pdf", "c/a.png", "c/d/e.tif", "z.txt"]


def test_links_to_folders_pipes_and_links_to_themselves_are_skipped(tmp_path: Path) -> None:
    put(tmp_path / "real" / "a.png")
    (tmp_path / "loop").symlink_to(tmp_path)
    (tmp_path / "self.png").symlink_to("self.png")
    (tmp_path / "gone.png").symlink_to("nowhere.png")
    (tmp_path / "link.png").symlink_to(tmp_path / "real" / "a.png")
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe.png")
    assert names(tmp_path) == ["link.png", "real/a.png"]


def test_a_folder_that_cannot_be_opened_is_yielded(tmp_path: Path) -> None:
    assert list(walk(tmp_path / "gone")) == [(tmp_path / "gone", False)]


@pytest.mark.skipif(sys.platform != "linux", reason="paths are shorter on other systems")
def test_a_tree_deeper_than_pythons_stack_is_walked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    depth = 1_500
    for _ in range(depth):  # step by step: the whole path is only just short enough
        Path("d").mkdir()
        os.chdir("d")
    try:
        put(Path("a.png"))
        assert [name[-7:] for name in names(tmp_path)] == ["d/a.png"]
        Path("a.png").unlink()
    finally:
        for _ in range(depth):
            os.chdir("..")
            Path("d").rmdir()


@pytest.mark.skipif(sys.platform != "linux", reason="other systems require names in UTF-8")
def test_names_that_are_not_utf8_are_found(tmp_path: Path) -> None:
    (Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.png"))).write_bytes(PNG)
    (Path(os.fsdecode(os.fsencode(tmp_path) + b"/d\xe9p\xf4t"))).mkdir()
    (Path(os.fsdecode(os.fsencode(tmp_path) + b"/d\xe9p\xf4t/\xff"))).write_bytes(PNG)
    assert sorted(os.fsencode(path.relative_to(tmp_path)) for path, _ in walk(tmp_path)) == [
        b"caf\xe9.png",
        b"d\xe9p\xf4t/\xff",
    ]
    assert all(is_supported(path) for path, _ in walk(tmp_path))


@pytest.mark.parametrize(
    "name", ["scan0001", "Scan of 12.11.2026", "Invoice No. 4711", "ATT00001.bin", "mail.dat", "photo.jpg_large", "a."]
)
def test_a_file_without_a_type_in_its_name_is_judged_by_its_content(tmp_path: Path, name: str) -> None:
    assert may_be_supported(name)
    assert not has_supported_suffix(name)
    assert is_supported(put(tmp_path / name, PNG))
    assert is_supported(put(tmp_path / name, scan_pdf(["Hello"])))
    assert not is_supported(put(tmp_path / name, b"just a text that mentions %PDF-1.7"))
    assert not is_supported(put(tmp_path / name, b""))


@pytest.mark.parametrize("name", ["photo.nef", "page.html", "scan.pdf.part", "scan.pdf~", "notes.txt"])
def test_a_file_of_another_type_or_a_backup_is_skipped_whatever_it_contains(tmp_path: Path, name: str) -> None:
    assert not is_supported(put(tmp_path / name, PNG))


def test_a_damaged_file_with_a_known_suffix_is_read_and_reported_there(tmp_path: Path) -> None:
    assert is_supported(put(tmp_path / "damaged.PDF", b"rubbish"))
