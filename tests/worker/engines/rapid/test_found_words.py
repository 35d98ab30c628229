"""The words of Tesseract, with the height of their lines."""

from __future__ import annotations

from ocrdesk.contract.box import Box
from ocrdesk.contract.document import Block, Line, Source, Word
from ocrdesk.layout.row_builder import Rows
from ocrdesk_worker.engines.rapid.found_words import find_words


def _word(text: str, box: tuple[int, int, int, int], confidence: float = 0.95) -> Word:
    return Word(text=text, box=Box(*box), confidence=confidence, source=Source.TESSERACT)


def _rows(*words: Word) -> Rows:
    box = Box.around([word.box for word in words])
    return Rows([Block(box=box, lines=(Line(box=box, words=words),))])


def test_a_words_line_box_is_as_high_as_its_line() -> None:
    low, high = _word("no", (10, 20, 40, 40)), _word("Order", (50, 10, 120, 46))
    found = find_words(_rows(low, high))
    assert [one.line_box for one in found] == [(10, 10, 40, 46), (50, 10, 120, 46)]


def test_in_a_skewed_row_a_words_line_box_is_its_own() -> None:
    words = _word("left", (10, 10, 60, 30)), _word("right", (500, 40, 560, 60))
    assert [one.line_box for one in find_words(_rows(*words))] == [words[0].box, words[1].box]


def test_doubtful_are_words_of_little_confidence_and_those_known_to_be_wrong() -> None:
    words = _word("sure", (10, 10, 60, 30)), _word("unsure", (70, 10, 120, 30), 0.5), _word("1,5", (130, 10, 160, 30))
    assert [one.is_doubtful for one in find_words(_rows(*words), [words[2]])] == [False, True, True]
