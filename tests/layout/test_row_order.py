"""Pages without columns are read row by row; columns, paragraphs beside something and drawings are left alone."""

from __future__ import annotations

from ocrdesk.contract.document import Block
from ocrdesk.layout.row_order import order_rows
from tests.layout.test_amount_rows import block, line, texts


def test_cells_of_a_form_join_their_labels() -> None:
    labels = block(line("Invoice", 30, 100), line("Cashier", 30, 130), line("Counter", 30, 160))
    values = block(line(": SP-22050", 200, 101), line(": Ann", 200, 131), line(": 7", 200, 161))
    assert texts(order_rows([labels, values])) == ["Invoice : SP-22050", "Cashier : Ann", "Counter : 7"]


def test_lines_that_are_out_of_order_are_sorted_and_grouped_again() -> None:
    blocks = [block(line("Milk", 30, 130), line("Eggs", 30, 220)), block(line("Bread", 30, 105))]
    ordered = order_rows(blocks)
    assert texts(ordered) == ["Bread", "Milk", "Eggs"]


def test_ordered_lines_keep_their_blocks() -> None:
    blocks = (block(line("Bread", 30, 105)), block(line("Milk", 30, 130)))
    assert order_rows(blocks) == blocks


def test_rows_that_did_not_change_stay_in_their_block() -> None:
    body = block(line("one two three", 30, 100), line("four five six", 30, 160))
    ordered = order_rows([body, block(line("Total", 30, 300)), block(line("9.00", 300, 300))])
    assert texts(ordered) == ["one two three", "four five six", "Total 9.00"]
    assert [len(one.lines) for one in ordered] == [2, 1]


def test_columns_of_running_text_stay() -> None:
    left = block(*(line("these words fill the left column", 30, 100 + 30 * row) for row in range(6)))
    right = block(*(line("and others are in the right column", 420, 100 + 30 * row) for row in range(6)))
    assert order_rows([left, right]) == (left, right)


def test_a_paragraph_beside_a_table_stays() -> None:
    table = block(*(line(f"Sales {row}.5 {row}.7", 30, 100 + 30 * row) for row in range(6)))
    prose = block(*(line("the company sells what the company makes", 320, 100 + 30 * row) for row in range(4)))
    assert order_rows([table, prose]) == (table, prose)


def test_a_drawing_where_little_is_level_stays() -> None:
    boxes = [block(line(f"Step {n}", 30 + 150 * (n % 4), 100 + 11 * (n % 3) + 70 * (n // 4))) for n in range(12)]
    boxes = [boxes[n] for n in (5, 2, 7, 0, 9, 4, 11, 1, 3, 6, 8, 10)]
    assert order_rows(boxes) == tuple(boxes)


def test_right_to_left_text_and_empty_pages_stay() -> None:
    hebrew = [block(line("שלום", 30, 130)), block(line("עולם", 30, 100))]
    assert order_rows(hebrew) == tuple(hebrew)
    empty: list[Block] = []
    assert order_rows(empty) == ()
