"""Counting the images of a TIFF."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest
from PIL import Image

from ocrdesk.contract.media_types import MediaType
from ocrdesk_worker.render.image_file import ImageSource
from ocrdesk_worker.render.tiff_directories import count_directories


def chain(*offsets_of_next: int) -> bytes:
    """Return a TIFF of directories without entries, each 6 bytes long, the first at 8."""
    return b"II*\0" + struct.pack("<I", 8) + b"".join(struct.pack("<HI", 0, offset) for offset in offsets_of_next)


@pytest.mark.parametrize("is_big", [False, True])
@pytest.mark.parametrize("count", [1, 7])
def test_each_image_is_counted(tmp_path: Path, count: int, is_big: bool) -> None:
    path = tmp_path / "pages.tif"
    images = [Image.new("L", (9, 9))] * count
    images[0].save(path, save_all=True, append_images=images[1:], big_tiff=is_big)
    assert count_directories(path) == count


@pytest.mark.parametrize(
    ("content", "count"),
    [
        pytest.param(chain(14, 20, 0), 3, id="an end"),
        pytest.param(chain(14, 8), 2, id="a loop"),
        pytest.param(chain(8), 1, id="a loop of one"),
        pytest.param(chain(14, 0xFFFFFFF0), 2, id="an offset outside the file"),
        pytest.param(chain(14, 20), 2, id="an offset at the end"),
        pytest.param(chain(14)[:-2], 1, id="a cut directory"),
        pytest.param(b"II*\0" + struct.pack("<IH", 8, 65535), 1, id="entries outside the file"),
        pytest.param(b"MM\0*" + struct.pack(">I", 8) + struct.pack(">HI", 0, 0), 1, id="the other byte order"),
        pytest.param(b"II+\0" + struct.pack("<HHQ", 8, 0, 2**64 - 1), 0, id="an offset that no file has"),
        pytest.param(b"II+\0\x08\0", 0, id="a cut header"),
        pytest.param(b"GIF89a", 0, id="another type"),
        pytest.param(b"", 0, id="nothing"),
    ],
)
def test_the_chain_ends(tmp_path: Path, content: bytes, count: int) -> None:
    path = tmp_path / "made.tif"
    path.write_bytes(content)
    assert count_directories(path) == count


def test_a_file_of_very_many_images_is_counted_without_reading_each(tmp_path: Path) -> None:
    """Pillow compares each image with all before it."""
    path = tmp_path / "many.tif"
    count = 50_000
    tags = {256: 1, 257: 1, 258: 8, 262: 1, 273: 8, 277: 1, 278: 1, 279: 1}  # one grey pixel
    entries = b"".join(struct.pack("<HHII", tag, 3, 1, value) for tag, value in tags.items())
    size = 2 + len(entries) + 4
    offsets = [8 + size * number for number in range(1, count)] + [0]
    path.write_bytes(
        b"II*\0"
        + struct.pack("<I", 8)
        + b"".join(struct.pack("<H", 8) + entries + struct.pack("<I", offset) for offset in offsets)
    )
    assert ImageSource(path, MediaType.TIFF).page_count == count
