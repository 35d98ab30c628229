"""Pieces of a figure are joined if the image has no wider gap between them; sentences stay apart."""

from __future__ import annotations

import pytest
from PIL import Image, ImageDraw

from ocrdesk.contract.document import Block, Box, Line, Source, Word
from ocrdesk.layout.row_builder import Rows
from ocrdesk_worker.preprocess.components import pixels_of

pytest.importorskip("onnxruntime", reason="the extra photo is not installed")
from ocrdesk_worker.engines.rapid.amounts.torn_figures import join_torn_figures

Piece = tuple[str, int]
"""A text, and the pixels before it."""


def joined(pieces: list[Piece], gap: int, *, in_lines: bool = False) -> list[str]:
    """Draw pieces with `gap` pixels between characters, and return the texts of the words after joining."""
    image = Image.new("L", (900, 60), 255)
    draw = ImageDraw.Draw(image)
    words, x = [], 20
    for text, before in pieces:
        x += before
        left = x
        for letter in text:
            width = 4 if letter in ".," else 12
            draw.rectangle((x, 36 if letter in ".," else 20, x + width - 1, 39), fill=0)
            x += width + gap
        x -= gap
        words.append(Word(text=text, box=Box(left, 20, x, 40), confidence=0.9, source=Source.TESSERACT))
    groups = [(word,) for word in words] if in_lines else [tuple(words)]
    lines = tuple(Line(box=Box.around([word.box for word in group]), words=group) for group in groups)
    rows = Rows([Block(box=line.box, lines=(line,)) for line in lines])
    join_torn_figures(rows, pixels_of(image))
    return [word.text for block in rows.blocks() for line in block.lines for word in line.words]


def test_spaced_figures_are_joined() -> None:
    assert joined([("2", 0), (".66", 8)], 8) == ["2.66"]
    assert joined([("17.", 0), ("18", 9)], 8) == ["17.18"]


def test_pieces_in_different_blocks_are_joined() -> None:
    assert joined([("17.", 0), ("18", 8)], 8, in_lines=True) == ["17.18"]


def test_the_end_of_a_sentence_is_no_point() -> None:
    assert joined([("2013.", 0), ("41", 10)], 2) == ["2013.", "41"]


def test_columns_of_figures_stay_apart() -> None:
    assert joined([("2.66", 0), ("1.09", 60)], 8) == ["2.66", "1.09"]
    assert joined([("7", 0), ("12", 8)], 8) == ["7", "12"]


def test_pages_of_an_index_stay_apart_where_a_box_reaches_to_the_next_number() -> None:
    image = Image.new("L", (200, 60), 255)
    draw = ImageDraw.Draw(image)
    for left in (20, 32, 56, 68, 80, 104, 116):
        draw.rectangle((left, 20, left + 9, 39), fill=0)
    for left in (43, 91):
        draw.rectangle((left, 36, left + 2, 41), fill=0)
    places = (("58,", 20, 46), ("348,", 56, 103), ("31", 104, 126))
    words = tuple(
        Word(text=text, box=Box(left, 20, right, 42), confidence=0.9, source=Source.TESSERACT)
        for text, left, right in places
    )
    box = Box.around([word.box for word in words])
    rows = Rows([Block(box=box, lines=(Line(box=box, words=words),))])
    join_torn_figures(rows, pixels_of(image))
    assert [word.text for row in rows.all() for word in row.words] == ["58,", "348,", "31"]
