"""A page of prose."""

from __future__ import annotations

from PIL import Image

from tests.helpers.sample_files import text_image

PROSE = ["The quick brown fox", "jumps over the lazy dog", "and runs into the wood"]


def prose() -> Image.Image:
    return text_image("\n".join(PROSE), (900, 300)).convert("L")
