"""Words are linked to rows along the slope of the text, on paper that is skewed, curved or folded."""

from __future__ import annotations

import random
from collections.abc import Callable

from ocrdesk.contract.document import Box, Source, Word
from ocrdesk.layout.row_chains import chain_rows


def word(text: str, left: float, top: float, *, height: int = 20, width: int = 0) -> Word:
    right = left + (width or 10 * len(text))
    box = Box(round(left), round(top), round(right), round(top + height))
    return Word(text=text, box=box, confidence=0.9, source=Source.RAPID)


def words(text: str, left: float, top: float, fall: Callable[[float], float] = lambda _: 0.0) -> list[Word]:
    """Return the words of a line whose top falls as the function says, in pixels at x."""
    found = []
    for part in text.split():
        found.append(word(part, left, top + fall(left + 5 * len(part))))
        left += 10 * len(part) + 8
    return found


def rows_of(lines: list[list[Word]]) -> list[str]:
    return [" ".join(it.text for it in row) for row in chain_rows(lines).rows]


def test_labels_and_amounts_of_a_skewed_slip_are_rows() -> None:
    names = ["RYE BREAD DARK", "MILK WHOLE FRESH", "EGGS FROM HENS", "TAX INCLUDED HERE"]
    labels = [words(name, 30, 100 + 26 * row, lambda x: 0.05 * x) for row, name in enumerate(names)]
    amounts = [words("2.66", 560, 100 + 26 * row, lambda x: 0.05 * x) for row in range(4)]
    assert rows_of([*labels, *amounts]) == [f"{name} 2.66" for name in names]


def test_the_slope_may_change_over_the_page() -> None:
    def fall(row: int) -> Callable[[float], float]:
        return lambda x: (0.04 - 0.0015 * row) * x

    names = [f"ITEM NUMBER {row}" for row in range(30)]
    labels = [words(name, 30, 100 + 30 * row, fall(row)) for row, name in enumerate(names)]
    amounts = [words(f"{row}.50", 500, 100 + 30 * row, fall(row)) for row in range(30)]
    assert rows_of([*labels, *amounts]) == [f"{name} {row}.50" for row, name in enumerate(names)]


def test_two_close_lines_that_were_merged_come_apart() -> None:
    upper, lower = words("CASH SALES COUNTER", 30, 100), words("DATE AND TIME", 34, 121)
    mixed = sorted([*upper, *lower], key=lambda it: it.box.center_x)
    assert rows_of([mixed]) == ["CASH SALES COUNTER", "DATE AND TIME"]


def test_marks_are_on_the_row_whose_middle_they_have() -> None:
    lines = [words("Total", 30, 100), [word(":", 200, 104, height=12, width=4)], words("Discount", 30, 130)]
    lines += [[word("-", 200, 139, height=3)], words("5.00", 300, 100), words("0.50", 300, 130)]
    assert rows_of(lines) == ["Total : 5.00", "Discount - 0.50"]


def test_large_and_small_print_share_a_row() -> None:
    large = word("14.20", 300, 94, height=36)
    assert rows_of([words("Grand Total", 30, 106), [large], words("Change", 30, 140)]) == [
        "Grand Total 14.20",
        "Change",
    ]


def test_words_of_a_line_stay_in_their_order_where_boxes_overlap() -> None:
    line = [word("Doc", 30, 100, width=105), word("No.", 98, 100, width=75), word("77", 280, 101)]
    assert rows_of([line]) == ["Doc No. 77"]


def test_text_that_is_written_upwards_is_a_row_of_its_own() -> None:
    margin = word("DRAFT", 5, 90, height=200, width=20)
    assert rows_of([[margin], words("first line", 60, 100), words("second line", 60, 130)]) == [
        "first line",
        "second line",
        "DRAFT",
    ]


def test_what_is_beside_something_is_counted_as_level_or_not() -> None:
    even = chain_rows([words("a label", 30, 100), words("1.00", 300, 102)])
    uneven = chain_rows([words("a label", 30, 100), words("a box", 300, 112)])
    assert (even.level, even.offset) == (1, 0)
    assert (uneven.level, uneven.offset) == (0, 1)


def test_no_word_is_lost_whatever_the_boxes() -> None:
    rng = random.Random(3)
    lines = [
        [
            word("x" * rng.randint(1, 9), rng.randint(0, 900), rng.randint(0, 900), height=rng.randint(1, 90))
            for _ in "123"
        ]
        for _ in range(300)
    ]
    rows = chain_rows(lines).rows
    assert sorted(id(it) for row in rows for it in row) == sorted(id(it) for line in lines for it in line)


def test_a_page_without_words_has_no_rows() -> None:
    assert chain_rows([]).rows == []
