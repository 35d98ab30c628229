"""Documents whose pages take long enough to kill a process in the middle of one."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

WORDS = "the quick brown fox jumps over the lazy dog while seven wizards quietly box with a jovial monk"


def dense_page(number: int, size: tuple[int, int] = (1700, 2200)) -> Image.Image:
    """Return a full page of small text, which takes Tesseract about a second; its first line is PAGE and the number."""
    image = Image.new("L", size, "white")
    draw = ImageDraw.Draw(image)
    draw.text((100, 60), f"PAGE {number}", font=ImageFont.load_default(size=56), fill="black")
    font = ImageFont.load_default(size=30)
    for row, y in enumerate(range(170, size[1] - 120, 46)):
        words = WORDS.split()
        turned = words[row % len(words) :] + words[: row % len(words)]
        draw.text((100, y), " ".join(turned), font=font, fill="black")
    return image


def pdf_of(pages: list[Image.Image], path: Path) -> Path:
    pages[0].save(path, save_all=True, append_images=pages[1:], resolution=200)
    return path


@pytest.fixture(scope="session")
def long_pdf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six dense pages."""
    return pdf_of([dense_page(n) for n in range(1, 7)], tmp_path_factory.mktemp("files") / "long.pdf")


@pytest.fixture(scope="session")
def long_image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One dense page as an image file, which is read in the task that opens it."""
    path = tmp_path_factory.mktemp("files") / "long.png"
    dense_page(1).save(path)
    return path
