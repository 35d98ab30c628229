"""Paragraphs: merged ones are split, those split in mid-sentence are joined, and nothing else changes."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from ocrdesk.contract.document import Block, BlockKind, Box, Line, Source, Word
from ocrdesk.layout.mirroring import mirror
from ocrdesk.layout.paragraphs import fix_paragraphs
from tests.helpers.sample_pages import block_of, line_of

SIGN, HEIGHT, PITCH = 10, 20, 30
"""Width and height of a letter in a monospaced font, and the distance of lines, in pixels."""


def line(row: float, text: str, left: int = 100, height: int = HEIGHT) -> Line:
    """Return a line of words; two spaces are a gap in a table."""
    words, at = [], left
    for part in text.split(" "):
        if part:
            top = round(row * PITCH)
            box = Box(at, top, at + SIGN * len(part), top + height)
            words.append(Word(text=part, box=box, confidence=0.9, source=Source.TESSERACT))
        at += SIGN * (len(part) + 1)
    return line_of(words)


def page(*parts: Sequence[str]) -> list[Block]:
    """Return blocks of lines, one below the other."""
    blocks, row = [], 0
    for texts in parts:
        blocks.append(block_of([line(row + at, text) for at, text in enumerate(texts)]))
        row += len(texts)
    return blocks


def texts(blocks: Sequence[Block]) -> list[list[str]]:
    return [[line.text for line in found.lines] for found in blocks]


FULL = "Words stand on this line until it is full of"
SHORT = "them and no more."


def test_a_sentence_that_continues_is_one_paragraph() -> None:
    fixed = fix_paragraphs(page([FULL], ["words and goes on below, at the same edge,", SHORT]))
    assert texts(fixed) == [[FULL, "words and goes on below, at the same edge,", SHORT]]
    assert fixed[0].box == Box.around([line.box for line in fixed[0].lines])


def test_a_capitalised_noun_also_continues() -> None:
    lines = ["Der Satz geht in der nächsten Zeile mit dem", "Hauptwort weiter, das dort allein steht und", "endet."]
    assert texts(fix_paragraphs(page(lines[:1], lines[1:]))) == [lines]


@pytest.mark.parametrize("mark", ["1", "-", "\u00a2", "12."])
def test_an_item_continues_beside_its_marker(mark: str) -> None:
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
def test_separate_lines_stay_separate(below: list[Line]) -> None:
    first = f"{FULL[:-2]}it." if below[0].text.startswith("Next") else FULL
    blocks = [block_of([line(0, first)]), block_of(below)]
    assert fix_paragraphs(blocks) == tuple(blocks)


def test_a_line_whose_next_word_had_room_ends_its_paragraph() -> None:
    """As in addresses and headings."""
    blocks = page(["Municipal works"], ["customer accounts and meter readings of all"])
    assert fix_paragraphs(blocks) == tuple(blocks)


def test_paragraphs_without_space_between_them_are_parted() -> None:
    fixed = fix_paragraphs(page([FULL, SHORT, "Then begins another paragraph, and it goes", "on in its second line."]))
    assert texts(fixed) == [[FULL, SHORT], ["Then begins another paragraph, and it goes", "on in its second line."]]


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


def test_headers_and_footers_stay_as_they_are() -> None:
    head, text = page(["The old bridge and the"], ["valleys"])
    blocks = [head.model_copy(update={"kind": BlockKind.HEADER}), text]
    assert fix_paragraphs(blocks) == tuple(blocks)


HEBREW = "מילים עומדות בשורה הזאת עד שהיא מלאה לגמרי"


def from_the_right(found: list[Block]) -> list[Block]:
    """Return the blocks with their lines set flush right, as right-to-left text is."""
    return list(mirror(found))


def test_a_sentence_continues_from_the_right() -> None:
    lines = [HEBREW, "והמשפט ממשיך כאן למטה באותו קצה של העמוד", "ונגמר."]
    fixed = fix_paragraphs(from_the_right(page(lines[:1], lines[1:])))
    assert texts(fixed) == [lines]
    assert fixed[0].box == Box.around([line.box for line in fixed[0].lines])


def test_a_short_line_ends_a_paragraph_from_the_right() -> None:
    lines = [HEBREW, "נגמר כאן.", "משפט חדש מתחיל בשורה הבאה של הדף", HEBREW]
    assert texts(fix_paragraphs(from_the_right(page(lines)))) == [lines[:2], lines[2:]]


def test_lines_from_the_right_that_stay_are_unchanged() -> None:
    blocks = from_the_right(page([HEBREW, f"{HEBREW}."], ["רחוב הגפן"]))
    assert list(fix_paragraphs(blocks)) == blocks
