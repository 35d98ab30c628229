"""Where text of an image is inserted into a page's own text."""

from __future__ import annotations

from collections.abc import Sequence

from ocrdesk.contract.document import Block, Box, Line, Source, Word
from ocrdesk_worker.pipeline.mixed_page import ImageText, insert_image_texts


def placed(name: str, left: int, top: int, right: int, bottom: int) -> Block:
    box = Box(left, top, right, bottom)
    word = Word(text=name, box=box, confidence=1.0, source=Source.TEXT_LAYER)
    return Block(box=box, lines=(Line(box=box, words=(word,)),))


def order_of(own: Sequence[Block], place: Box) -> list[str]:
    text = ImageText(place, (placed("picture", *place),))
    return [found.lines[0].text for found in insert_image_texts(own, [text])]


TITLE = placed("title", 0, 0, 1000, 50)


LEFT = [placed("left1", 0, 100, 450, 300), placed("left2", 0, 600, 450, 900)]


RIGHT = [placed("right1", 550, 100, 1000, 300), placed("right2", 550, 600, 1000, 900)]


FOOT = placed("foot", 0, 950, 1000, 990)


def test_a_picture_within_a_column_is_read_in_that_column() -> None:
    own = [TITLE, *LEFT, *RIGHT, FOOT]
    left = ["title", "left1", "picture", "left2", "right1", "right2", "foot"]
    right = ["title", "left1", "left2", "right1", "picture", "right2", "foot"]
    assert order_of(own, Box(0, 320, 450, 580)) == left
    assert order_of(own, Box(550, 320, 1000, 580)) == right


def test_a_picture_that_begins_or_is_a_column_is_read_where_the_column_is() -> None:
    top_right = ["title", "left1", "left2", "picture", "right2", "foot"]
    assert order_of([TITLE, *LEFT, RIGHT[1], FOOT], Box(550, 100, 1000, 580)) == top_right
    assert order_of([TITLE, *LEFT, FOOT], Box(550, 100, 1000, 900)) == ["title", "left1", "left2", "picture", "foot"]
    assert order_of([TITLE, *RIGHT, FOOT], Box(0, 100, 450, 900)) == ["title", "picture", "right1", "right2", "foot"]
    low = ["title", "left1", "picture", "right1", "right2", "foot"]
    assert order_of([TITLE, LEFT[0], *RIGHT, FOOT], Box(0, 320, 450, 900)) == low


def test_a_picture_below_everything_is_read_last() -> None:
    assert order_of([TITLE, *LEFT], Box(0, 920, 1000, 990))[-1] == "picture"
    assert order_of([placed("date", 700, 0, 900, 40)], Box(0, 100, 400, 400)) == ["date", "picture"]
