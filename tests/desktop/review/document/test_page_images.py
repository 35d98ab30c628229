"""Pictures of pages are decoded beside the window."""

from __future__ import annotations

import re
from pathlib import Path

from PIL import Image

import ocrdesk.desktop
from ocrdesk.desktop.review.document.page_images import decoded
from tests.helpers.sample_files import image_bytes


def test_a_picture_is_decoded_and_other_bytes_are_none() -> None:
    picture = image_bytes(Image.new("RGB", (40, 30), "red"), "PNG")
    image = decoded(picture)
    assert (image.width(), image.height(), image.pixelColor(5, 5).name()) == (40, 30, "#ff0000")
    assert decoded(b"no picture").isNull()
    assert decoded(b"").isNull()
    assert decoded(picture[: len(picture) // 2]).isNull()


def test_no_picture_is_decoded_with_pythons_lock_held() -> None:
    """These calls of PySide6 keep it, so that the window stands still meanwhile."""
    sources = Path(ocrdesk.desktop.__file__).parent.rglob("*.py")
    keeps = re.compile(r"\b(QImage|QPixmap)\.fromData\(|\.loadFromData\(")
    assert [file.name for file in sources if keeps.search(file.read_text("utf-8"))] == []
