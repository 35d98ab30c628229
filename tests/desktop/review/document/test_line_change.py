"""Changes to a line's words."""

from __future__ import annotations

from ocrdesk.contract.document import Source, Word
from ocrdesk.contract.structure import BlockRole, Cell, TableGrid
from ocrdesk.desktop.review.document.line_change import LinePosition, accepted, changed, retyped
from tests.helpers.line_changes import change, text_of, words
from tests.helpers.reviewed_jobs import page_with_lines


def test_retyped_word_keeps_its_box_and_is_certain() -> None:
    line = retyped(words("one tvo three"), 1, 2, "two")
    assert line[1] == Word(text="two", box=words("one tvo three")[1].box, confidence=1.0, source=Source.CORRECTED)
    assert (line[0], line[2]) == (words("one tvo three")[0], words("one tvo three")[2])


def test_new_words_share_the_width_by_their_lengths() -> None:
    line = retyped(words("onetwothree four"), 0, 1, "one two three")
    assert text_of(line) == "one two three four"
    assert (line[0].box.left, line[2].box.right) == (100, 190)
    assert line[0].box.right < line[1].box.left < line[1].box.right < line[2].box.left
    assert text_of(retyped(words("a b c"), 0, 3, "  ")) == ""


def test_accepting_leaves_the_other_words_alone() -> None:
    line = accepted(words("one two"), [1])
    assert [word.source for word in line] == [Source.TESSERACT, Source.CORRECTED]


def test_change_of_a_missing_line_changes_nothing() -> None:
    page = page_with_lines(1, ["one"])
    assert changed(page, [change("x", "y", LinePosition(1, 0, 7)), change("x", "y", LinePosition(1, 3, 0))]) == page


def test_a_change_keeps_roles_levels_and_cells() -> None:
    page = page_with_lines(1, ["1. one", "two"])
    grid = TableGrid(rows=1, columns=1, cells=(Cell(row=0, column=0, box=page.blocks[0].box),))
    item = page.blocks[0].model_copy(update={"role": BlockRole.LIST_ITEM, "level": 3, "marker": "1."})
    lines = tuple(line.model_copy(update={"cell": 0}) for line in item.lines)
    table = item.model_copy(update={"role": BlockRole.TABLE, "marker": None, "table": grid, "lines": lines})
    page = page.model_copy(update={"blocks": (item, table), "has_structure": True})
    new = changed(page, [change("1. one", "7. one"), change("two", "", LinePosition(1, 1, 1))])
    assert [(block.role, block.level, block.marker) for block in new.blocks] == [
        (BlockRole.LIST_ITEM, 3, "7."),
        (BlockRole.TABLE, 3, None),
    ]
    assert new.blocks[1].table == grid
    assert [line.cell for line in new.blocks[1].lines] == [0, 0]
    assert new.has_structure
    undone = changed(new, [change("7. one", "1. one")])
    assert undone.blocks[0] == item
