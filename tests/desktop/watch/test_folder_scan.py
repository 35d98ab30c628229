"""A file is ready once it is completely written; other files are skipped."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from ocrdesk.desktop.watch.folder_scan import Stamp, scan, stamp
from tests.helpers.sample_files import text_png


def put(path: Path, content: bytes = b"picture") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def test_file_is_ready_once_it_has_been_the_same_for_a_while(tmp_path: Path) -> None:
    file = put(tmp_path / "deep" / "a.png")
    first = scan([tmp_path], {}, {}, 100.0)
    assert not first.ready
    assert list(first.unsettled) == [file]
    assert not scan([tmp_path], {}, first.unsettled, 101.0).ready
    assert scan([tmp_path], {}, first.unsettled, 103.0).ready == {file: stamp(file)}


def test_file_that_grows_starts_again(tmp_path: Path) -> None:
    file = put(tmp_path / "a.png")
    first = scan([tmp_path], {}, {}, 100.0)
    put(file, b"a longer picture")
    second = scan([tmp_path], {}, first.unsettled, 103.0)
    assert not second.ready
    assert second.unsettled[file][1] == 103.0


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux shows which process writes a file")
def test_file_that_another_program_writes_is_not_read_yet(tmp_path: Path) -> None:
    file = put(tmp_path / "a.png")
    since = scan([tmp_path], {}, {}, 100.0).unsettled
    with file.open("ab"):
        assert not scan([tmp_path], {}, since, 103.0).ready
    assert scan([tmp_path], {}, since, 104.0).ready


def test_seen_hidden_empty_and_other_files_are_skipped(tmp_path: Path) -> None:
    taken = put(tmp_path / "taken.png")
    for name in (".hidden.png", "notes.txt", "half.png.part"):
        put(tmp_path / name)
    put(tmp_path / "empty.png", b"")
    found = scan([tmp_path], {taken: stamp(taken)}, {}, 100.0)
    assert not found.ready
    assert not found.unsettled
    put(taken, b"written anew")
    assert list(scan([tmp_path], {taken: Stamp(7, 1)}, {}, 100.0).unsettled) == [taken]


def test_file_without_a_suffix_is_judged_by_its_content_once_it_is_complete(tmp_path: Path) -> None:
    picture, text = put(tmp_path / "scan0001", text_png("Hello")), put(tmp_path / "README", b"a text")
    since = scan([tmp_path], {}, {}, 100.0).unsettled
    found = scan([tmp_path], {}, since, 103.0)
    assert list(found.ready) == [picture]
    assert found.other == {text: stamp(text)}
    assert not scan([tmp_path], found.ready | found.other, {}, 106.0).unsettled


def test_missing_folder_is_reported(tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    assert scan([gone], {}, {}, 100.0).problems == {gone: "no such file or folder"}
