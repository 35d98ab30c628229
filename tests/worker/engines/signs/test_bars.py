"""The box of a bar is put where its ink is."""

from __future__ import annotations

from ocrdesk.contract.document import Box
from ocrdesk_worker.engines.signs.bars import with_place_of_ink
from ocrdesk_worker.engines.signs.ink_areas import PlacesOfInk
from tests.helpers.drawn_lines import drawn_line


def test_a_bar_gets_the_box_of_its_ink() -> None:
    image, blocks = drawn_line(("how", ("how",)), ("|", ("I",)), ("did", ("did",)))
    line = blocks[0].lines[0]
    box = line.words[1].box
    guessed = line.words[1].model_copy(update={"box": Box(box.left - 9, box.top - 6, box.right - 4, box.bottom + 9)})
    wrong = line.model_copy(update={"words": (line.words[0], guessed, line.words[2])})
    placed = with_place_of_ink(PlacesOfInk(image), wrong, 1)
    assert placed is not None
    assert placed.box == box
    assert placed.text == "|"


def test_ink_that_is_no_bar_says_nothing() -> None:
    image, blocks = drawn_line(("how", ("how",)), ("|", ("w",)), ("did", ("did",)))
    assert with_place_of_ink(PlacesOfInk(image), blocks[0].lines[0], 1) is None
