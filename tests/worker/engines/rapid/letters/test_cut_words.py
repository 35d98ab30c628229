"""A word with ink of a letter right beside it lacks that letter; specks, bullets and other words are none."""

from __future__ import annotations

import pytest

from ocrdesk.contract.document import Block, Box, Line, Source, Word
from ocrdesk.layout.row_builder import Rows
from ocrdesk_worker.engines.rapid.found_words import FoundWord, find_words
from ocrdesk_worker.engines.rapid.letters.cut_words import mark_cut_words
from ocrdesk_worker.preprocess.components import Components
from ocrdesk_worker.preprocess.pixels import np

Ink = tuple[int, int, int, int]
"""Left, top, width and height."""


def marked(*ink: Ink, road: tuple[int, int] = (200, 260)) -> list[FoundWord]:
    """Return the words `5:16` from 20 to 60 and `Road` from 200 to 260, both 20 high, beside this ink."""
    words = tuple(
        Word(text=text, box=Box(left, 100, right, 120), confidence=0.97, source=Source.TESSERACT)
        for text, left, right in (("5:16", 20, 60), ("Road", *road))
    )
    box = Box.around([word.box for word in words])
    found = find_words(Rows([Block(box=box, lines=(Line(box=box, words=words),))]))
    mark_cut_words(found, Components(np.array([(22, 100, 12, 20), (202, 100, 14, 20), *ink])))
    return found


@pytest.mark.parametrize("ink", [(8, 100, 8, 20), (8, 101, 20, 19), (13, 98, 6, 22)])
def test_a_letter_beside_a_word_belongs_to_it(ink: Ink) -> None:
    time, road = marked(ink)
    assert (time.is_cut, time.is_doubtful, time.line_box.left) == (True, True, ink[0])
    assert not road.is_cut


def test_a_letter_near_two_words_is_in_one_whose_box_is_elsewhere() -> None:
    assert not any(one.is_cut for one in marked((64, 100, 8, 20), road=(76, 136)))


def test_two_letters_are_lacking() -> None:
    time, _ = marked((7, 100, 10, 20), (61, 100, 10, 20), (73, 100, 10, 20))
    assert (time.line_box.left, time.line_box.right) == (7, 83)


@pytest.mark.parametrize(("top", "bottom"), [(106, 120), (106, 126)], ids=["earn", "ong"])
def test_a_tall_letter_belongs_to_a_word_of_low_ones_and_descenders(top: int, bottom: int) -> None:
    words = tuple(
        Word(text=text, box=Box(*box), confidence=0.97, source=Source.TESSERACT)
        for text, box in (("low", (20, top, 60, bottom)), ("Road", (200, 98, 260, 120)))
    )
    box = Box.around([word.box for word in words])
    found = find_words(Rows([Block(box=box, lines=(Line(box=box, words=words),))]))
    mark_cut_words(found, Components(np.array([(22, top, 12, 14), (12, 98, 6, 22), (202, 98, 14, 22)])))
    assert [(one.is_cut, one.line_box.left) for one in found] == [(True, 12), (False, 200)]


@pytest.mark.parametrize(
    "ink",
    [(2, 100, 8, 20), (14, 116, 4, 4), (10, 106, 7, 8), (10, 70, 8, 60), (8, 80, 8, 20), (202, 100, 14, 20)],
    ids=["a space away", "speck", "bullet", "rule", "line above", "in a word"],
)
def test_other_ink_is_no_letter_of_a_word(ink: Ink) -> None:
    assert not any(one.is_cut or one.is_doubtful for one in marked(ink))


def test_a_page_without_words_or_ink() -> None:
    mark_cut_words([], Components(np.zeros((0, 4), int)))
