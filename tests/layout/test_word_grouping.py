"""An engine's words become lines and blocks."""

from __future__ import annotations

from ocrdesk.contract.document import Box
from ocrdesk.layout.word_grouping import PlacedWord, group_words
from tests.helpers.sample_pages import word


def test_words_become_lines_and_blocks_by_their_numbers() -> None:
    placed = [
        PlacedWord(0, 0, word("one")),
        PlacedWord(0, 0, word("two", 100)),
        PlacedWord(0, 1, word("three", 0, 60)),
        PlacedWord(1, 1, word("four", 0, 300)),
    ]
    blocks = group_words(placed)
    assert [[line.text for line in block.lines] for block in blocks] == [["one two", "three"], ["four"]]


def test_every_box_is_around_its_content() -> None:
    one, two, three = word("one", 50, 10), word("two", 200, 4), word("three", 10, 60)
    (block,) = group_words([PlacedWord(0, 0, one), PlacedWord(0, 0, two), PlacedWord(0, 1, three)])
    assert block.lines[0].box == Box.around([one.box, two.box])
    assert block.box == Box.around([one.box, two.box, three.box])
    assert block.lines[0].words == (one, two)


def test_without_words_there_are_no_blocks() -> None:
    assert group_words([]) == ()
