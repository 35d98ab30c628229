"""Words whose boxes overlap get boxes of their own; their order stays."""

from __future__ import annotations

from ocrdesk.contract.document import Block, Box, Line, Source, Word
from ocrdesk.layout.word_boxes import separate_words


def separated(*words: tuple[str, int, int]) -> list[tuple[str, int, int]]:
    made = tuple(
        Word(text=text, box=Box(left, 0, right, 20), confidence=0.9, source=Source.TESSERACT)
        for text, left, right in words
    )
    box = Box.around([word.box for word in made])
    (block,) = separate_words([Block(box=box, lines=(Line(box=box, words=made),))])
    return [(word.text, word.box.left, word.box.right) for word in block.lines[0].words]


def test_a_word_that_covers_those_after_it_ends_before_them() -> None:
    assert separated(("Invoice", 50, 330), ("No", 145, 175), ("4711", 184, 220)) == [
        ("Invoice", 50, 144),
        ("No", 145, 175),
        ("4711", 184, 220),
    ]


def test_a_word_that_begins_too_early_begins_after_the_one_before() -> None:
    assert separated(("of", 10, 40), ("the", 50, 95), ("it", 60, 220), ("was", 230, 280))[2][1] >= 95


def test_words_that_hardly_touch_stay() -> None:
    words = (("slanted", 10, 110), ("words", 108, 180))
    assert separated(*words) == list(words)


def test_words_from_the_right_stay() -> None:
    words = (("three", 200, 300), ("two", 100, 210), ("one", 0, 90))
    assert separated(*words) == list(words)
