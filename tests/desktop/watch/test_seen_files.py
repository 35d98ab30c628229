"""Seen files are remembered, and the list stays short."""

from __future__ import annotations

import os
from pathlib import Path

from ocrdesk.desktop.watch import seen_files
from ocrdesk.desktop.watch.folder_scan import Stamp


def test_seen_files_are_remembered_even_with_undecodable_names(tmp_path: Path) -> None:
    memory = tmp_path / "data" / "taken.jsonl"
    names = {Path("/a b\n.png"): Stamp(1, 2), Path(os.fsdecode(b"/\xff.png")): Stamp(3, 4)}
    seen_files.add(memory, names)
    seen_files.add(memory, {Path("/a b\n.png"): Stamp(5, 6)})
    with memory.open("a") as file:
        file.write('["/cut of')
    assert seen_files.load(memory) == {**names, Path("/a b\n.png"): Stamp(5, 6)}
    assert seen_files.load(tmp_path / "nothing") == {}


def test_memory_is_packed_when_most_of_it_is_old(tmp_path: Path) -> None:
    memory = tmp_path / "taken.jsonl"
    for number in range(1_001):
        seen_files.add(memory, {Path("/a.png"): Stamp(number, number)})
    assert seen_files.load(memory) == {Path("/a.png"): Stamp(1_000, 1_000)}
    assert len(memory.read_text().splitlines()) == 1
