"""Paragraphs: what was run together is parted, what was parted in mid-sentence is joined, and nothing else changes."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import pytest
from PIL import Image, ImageDraw, ImageFont

from ocrdesk.contract.document import Block, BlockKind, Box, Line, Source, Word
from ocrdesk.contract.jobs import EngineName
from ocrdesk.contract.media_types import MediaType
from ocrdesk.layout.paragraphs import fix_paragraphs
from ocrdesk_worker.engines.registry import Engines
from ocrdesk_worker.pipeline.page import read_page
from ocrdesk_worker.render.open_file import open_source
from tests.helpers.sample_files import image_bytes
from tests.helpers.sample_pages import block_of, line_of
from tests.worker.conftest import Save

SIGN, HEIGHT, PITCH = 10, 20, 30
"""Pixels: of a monospaced font."""


def line(row: float, text: str, left: int = 100, height: int = HEIGHT) -> Line:
    """Words next to each other, two spaces for each gap of a table."""
    words, at = [], left
    for part in text.split(" "):
        if part:
            top = round(row * PITCH)
            box = Box(at, top, at + SIGN * len(part), top + height)
            words.append(Word(text=part, box=box, confidence=0.9, source=Source.TESSERACT))
        at += SIGN * (len(part) + 1)
    return line_of(words)


def page(*parts: Sequence[str]) -> list[Block]:
    """Blocks of lines one below the other."""
    blocks, row = [], 0
    for texts in parts:
        blocks.append(block_of([line(row + at, text) for at, text in enumerate(texts)]))
        row += len(texts)
    return blocks


def texts(blocks: Sequence[Block]) -> list[list[str]]:
    return [[line.text for line in found.lines] for found in blocks]


FULL = "Words stand on this line until it is full of"
SHORT = "them and no more."


def test_a_sentence_that_goes_on_is_one_paragraph() -> None:
    mended = fix_paragraphs(page([FULL], ["words and goes on below, at the same edge,", SHORT]))
    assert texts(mended) == [[FULL, "words and goes on below, at the same edge,", SHORT]]
    assert mended[0].box == Box.around([line.box for line in mended[0].lines])


def test_a_noun_in_capitals_goes_on_too() -> None:
    lines = ["Der Satz geht in der nächsten Zeile mit dem", "Hauptwort weiter, das dort allein steht und", "endet."]
    assert texts(fix_paragraphs(page(lines[:1], lines[1:]))) == [lines]


@pytest.mark.parametrize("mark", ["1", "-", "\u00a2", "12."])
def test_an_item_goes_on_beside_its_mark(mark: str) -> None:
    upper = line(0, f"{mark} item of a list that goes on in the line")
    lower = line(1, "below, beside its mark.", left=upper.words[1].box.left)
    assert texts(fix_paragraphs([block_of([upper]), block_of([lower])])) == [[upper.text, lower.text]]


@pytest.mark.parametrize(
    "below",
    [
        pytest.param([line(1, "Next comes another one that is as long as it")], id="the sentence ended"),
        pytest.param([line(2.2, "words and goes on far below, at the same")], id="far below"),
        pytest.param([line(1, "words and goes on in larger letters", height=38)], id="larger letters"),
        pytest.param([line(1, "words and goes on at an edge further in", left=160)], id="further in"),
        pytest.param([line(1, "words      4.00      1.00      12.80")], id="a table's row"),
        pytest.param([line(0, "words and goes on beside", left=700)], id="beside"),
    ],
)
def test_what_stands_apart_stays_apart(below: list[Line]) -> None:
    first = f"{FULL[:-2]}it." if below[0].text.startswith("Next") else FULL
    blocks = [block_of([line(0, first)]), block_of(below)]
    assert fix_paragraphs(blocks) == tuple(blocks)


def test_a_line_whose_next_word_had_room_ends_its_paragraph() -> None:
    """As an address's lines do, or a heading's."""
    blocks = page(["Municipal works"], ["customer accounts and meter readings of all"])
    assert fix_paragraphs(blocks) == tuple(blocks)


def test_paragraphs_without_space_between_them_are_parted() -> None:
    mended = fix_paragraphs(page([FULL, SHORT, "Then begins another paragraph, and it goes", "on in its second line."]))
    assert texts(mended) == [[FULL, SHORT], ["Then begins another paragraph, and it goes", "on in its second line."]]


@pytest.mark.parametrize("marks", [("-", "-"), ("•", "»"), ("1.", "2."), ("(a)", "(b)"), ("4)", "5)")])
def test_items_of_a_list_are_parted(marks: tuple[str, str]) -> None:
    items = [f"{mark} item of a list that fills the whole line it has." for mark in marks]
    assert texts(fix_paragraphs(page(items))) == [[item] for item in items]


def test_full_lines_that_end_with_a_sentence_stay_together() -> None:
    lines = ["This sentence ends where the line has ended.", "Another one begins in the very next line of", "it."]
    blocks = page(lines)
    assert fix_paragraphs(blocks) == tuple(blocks)


def test_lines_of_an_address_stay_together() -> None:
    blocks = page(["Kim Example", "12 Old Bridge Road", "Eastport"])
    assert fix_paragraphs(blocks) == tuple(blocks)


def test_furniture_is_left_alone() -> None:
    head, text = page(["The old bridge and the"], ["valleys"])
    blocks = [head.model_copy(update={"kind": BlockKind.HEADER}), text]
    assert fix_paragraphs(blocks) == tuple(blocks)


def test_no_word_is_lost_or_moved(save: Save, engines: Engines) -> None:
    """A page of real reading: indented paragraphs and a list, without space between them."""
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
