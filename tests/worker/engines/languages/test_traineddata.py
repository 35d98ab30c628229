"""Parts of a traineddata file, whole or damaged."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from ocrdesk_worker.engines.languages.tessdata import TessData
from ocrdesk_worker.engines.languages.traineddata import Part, part_of

COUNT = 24


def file_of(folder: Path, parts: dict[int, bytes], count: int = COUNT) -> Path:
    """Write a file with these parts, in the given order."""
    offsets, body = [-1] * count, b""
    for number, content in parts.items():
        offsets[number] = 4 + 8 * count + len(body)
        body += content
    path = folder / "abc.traineddata"
    path.write_bytes(struct.pack(f"<i{count}q", count, *offsets) + body)
    return path


def test_each_part_ends_where_the_next_one_begins(tmp_path: Path) -> None:
    file = file_of(tmp_path, {Part.CHARACTERS: b"letters", 3: b"other", Part.WORDS: b"words"})
    assert part_of(file, Part.CHARACTERS) == b"letters"
    assert part_of(file, Part.WORDS) == b"words", "the last part ends with the file"


def test_an_absent_part_is_empty(tmp_path: Path) -> None:
    file = file_of(tmp_path, {Part.WORDS: b"words"})
    assert part_of(file, Part.CHARACTERS) == b""
    assert part_of(file_of(tmp_path, {3: b"x"}, count=Part.WORDS), Part.WORDS) == b""


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x18",
        struct.pack("<i", COUNT),
        struct.pack("<i3q", COUNT, 1, 2, 3),
        struct.pack("<i", 10**9) + bytes(9999),
    ],
    ids=["empty", "a byte", "no offsets", "a few offsets", "very many parts"],
)
def test_a_damaged_file_has_no_parts(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "abc.traineddata"
    file.write_bytes(content)
    assert part_of(file, Part.WORDS) == b""


def test_the_data_that_tesseract_uses_have_both_parts(data: TessData) -> None:
    file = data.files()["eng"]
    assert part_of(file, Part.CHARACTERS).split(b"\n")[0].isdigit()
    assert len(part_of(file, Part.WORDS)) > 10_000


def test_a_file_that_is_not_there_raises(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        part_of(tmp_path / "abc.traineddata", Part.WORDS)
