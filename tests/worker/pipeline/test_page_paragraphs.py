"""Paragraphs of a page that is recognised."""

from __future__ import annotations

from itertools import pairwise

from PIL import Image, ImageDraw, ImageFont

from ocrdesk.contract.jobs import EngineName
from ocrdesk.contract.media_types import MediaType
from ocrdesk_worker.engines.registry import Engines
from ocrdesk_worker.pipeline.page import read_page
from ocrdesk_worker.render.open_file import open_source
from tests.helpers.sample_files import image_bytes
from tests.worker.conftest import Save


def test_no_word_is_lost_or_moved(save: Save, engines: Engines) -> None:
    """A typical page: indented paragraphs and a list, without space between them."""
    paragraphs = [
        "    The first paragraph of this page begins a little further in, as all do here, and ends in its third line, "
        "which is a short one.",
        "    The second one follows without any space between the two, and nothing but its first line's beginning "
        "tells them apart.",
        "- The list has two items.",
        "- The second is the last one.",
    ]
    image = Image.new("L", (1240, 600), 255)
    draw, font = ImageDraw.Draw(image), ImageFont.load_default(size=32)
    drawn, top = [], 60
    for text in paragraphs:
        words, lines = text.replace("    ", "\0\0\0\0").split(" "), [""]
        for word in words:
            longer = f"{lines[-1]} {word}".strip()
            if draw.textlength(longer.replace("\0", " "), font=font) > 1080:
                lines.append(word)
            else:
                lines[-1] = longer
        for text_line in lines:
            draw.text((80, top), text_line.replace("\0", " "), font=font, fill=0)
            top += 44
        drawn.append(" ".join(lines).replace("\0", "").strip())
    source = open_source(save(image_bytes(image)), MediaType.PNG)
    read = read_page(source, 1, lambda: engines.choose(EngineName.AUTO, ("eng",)), ("eng",))
    assert [" ".join(line.text for line in found.lines) for found in read.blocks] == drawn
    boxes = [line.box for found in read.blocks for line in found.lines]
    assert all(upper.bottom <= lower.bottom for upper, lower in pairwise(boxes))
