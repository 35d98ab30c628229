"""Listing a folder never fails while another process empties it."""

from __future__ import annotations

import threading
from pathlib import Path

from tests.helpers.folders import contents_below, everything_below, files_below


def test_a_tree_is_listed(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "b" / "one.txt").write_bytes(b"1")
    (tmp_path / "a" / "two.bin").write_bytes(b"2")
    assert files_below(tmp_path) == [tmp_path / "a" / "b" / "one.txt", tmp_path / "a" / "two.bin"]
    assert files_below(tmp_path, "*.bin") == [tmp_path / "a" / "two.bin"]
    assert everything_below(tmp_path) == [tmp_path / "a", tmp_path / "a" / "b", *files_below(tmp_path)]
    assert contents_below(tmp_path, "*.txt") == {tmp_path / "a" / "b" / "one.txt": b"1"}
    assert files_below(tmp_path / "nowhere") == everything_below(tmp_path / "nowhere") == []


def test_files_that_vanish_meanwhile_are_left_out(tmp_path: Path) -> None:
    stop = threading.Event()

    def come_and_go() -> None:
        while not stop.is_set():
            for number in range(20):
                folder = tmp_path / f"job{number}"
                folder.mkdir()
                (folder / "page").write_bytes(b"text")
                (folder / "page").unlink()
                folder.rmdir()

    changing = threading.Thread(target=come_and_go)
    changing.start()
    try:
        for _ in range(2000):
            everything_below(tmp_path)
            assert set(contents_below(tmp_path).values()) <= {b"text", b""}
    finally:
        stop.set()
        changing.join()
