"""Lines of a single column are read from top to bottom; columns are left alone."""

from __future__ import annotations

from ocrdesk.layout.single_column import order_single_column
from tests.layout.test_amount_rows import block, line, texts


def test_lines_that_are_out_of_order_are_sorted_and_grouped_again() -> None:
    blocks = [block(line("Milk", 30, 130), line("Eggs", 30, 220)), block(line("Bread", 30, 105))]
    ordered = order_single_column(blocks)
    assert texts(ordered) == ["Bread", "Milk", "Eggs"]
    assert [len(one.lines) for one in ordered] == [2, 1]


def test_ordered_lines_keep_their_blocks() -> None:
    blocks = (block(line("Bread", 30, 105)), block(line("Milk", 30, 130)))
    assert order_single_column(blocks) == blocks


def test_lines_side_by_side_keep_their_order() -> None:
    blocks = (block(line("Right one", 400, 100), line("Right two", 400, 130)), block(line("Left one", 30, 100)))
    assert order_single_column(blocks) == blocks


def test_a_page_without_text_stays() -> None:
    assert order_single_column(()) == ()
