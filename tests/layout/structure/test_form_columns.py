"""Addresses and other texts side by side are read one after the other; rows of labels, values and numbers stay rows."""

from __future__ import annotations

import pytest

from ocrdesk.contract.box import Box
from ocrdesk.contract.document import Block, with_word_boxes
from ocrdesk.layout.structure.form_columns import part_form_columns
from tests.helpers.sample_pages import HEIGHT, block, block_of, line


def texts(blocks: tuple[Block, ...]) -> list[list[str]]:
    return [[line.text for line in block.lines] for block in blocks]


def read(*lines: str) -> list[list[str]]:
    """Return the blocks of lines that are half a line apart."""
    made = [line(text, 100, 100 + HEIGHT * 3 // 2 * row) for row, text in enumerate(lines)]
    return texts(part_form_columns((block_of(made),)))


def test_an_address_is_read_before_what_is_beside_it() -> None:
    assert read(
        "Dear Sirs and Madams, this is about your letter of May",
        "Bill to                Date: 12 May 2024",
        "Alder and Sons         File: A-1173",
        "12 Mill Lane           Office: North",
        "Oldham OL1 4AB         Clerk: J. Rowan",
    ) == [
        ["Dear Sirs and Madams, this is about your letter of May"],
        ["Bill to", "Alder and Sons", "12 Mill Lane", "Oldham OL1 4AB"],
        ["Date: 12 May 2024", "File: A-1173", "Office: North", "Clerk: J. Rowan"],
    ]


def test_columns_with_the_same_labels_are_read_one_after_the_other() -> None:
    assert read(
        "Name:    Martin Alder     Name:    Jane Rowan",
        "Class:   3b               Class:   4c",
        "Size:    medium           Size:    small",
    ) == [
        ["Name: Martin Alder", "Class: 3b", "Size: medium"],
        ["Name: Jane Rowan", "Class: 4c", "Size: small"],
    ]


def test_words_beside_columns_are_not_repeated() -> None:
    assert read(
        "Name:    Martin Alder     Name:    Jane Rowan       A",
        "Class:   3b               Class:   4c               B",
        "Size:    medium           Size:    small            C",
    ) == [
        ["Name: Martin Alder", "Class: 3b", "Size: medium"],
        ["Name: Jane Rowan", "Class: 4c", "Size: small"],
        ["A", "B", "C"],
    ]


def test_a_line_may_be_one_long_word() -> None:
    assert read("m" * 80, "short") == [["m" * 80, "short"]]


def test_rows_of_a_skewed_page_are_level() -> None:
    rows = ("Rowan                  Silver spring          boat", "Alder                  Single shout           hand")
    straight = [line(text, 100, 100 + 45 * row) for row, text in enumerate((*rows, *rows))]
    skewed = with_word_boxes(
        (block_of(straight),),
        lambda box: Box(box.left, box.top + box.left // 45, box.right, box.bottom + box.left // 45),
    )
    assert part_form_columns(skewed) == skewed


def test_columns_that_are_not_level_are_read_one_after_the_other() -> None:
    left = [line(text, 100, 100 + 45 * row) for row, text in enumerate(("Bring with you", "a warm coat", "a bottle"))]
    right = [line(text, 700, 118 + 45 * row) for row, text in enumerate(("We will have", "tea and soup", "maps"))]
    turns = block_of([line for pair in zip(left, right, strict=True) for line in pair])
    assert texts(part_form_columns((turns,))) == [
        ["Bring with you", "a warm coat", "a bottle"],
        ["We will have", "tea and soup", "maps"],
    ]


@pytest.mark.parametrize(
    "rows",
    [
        (
            "Name: Martin Alder     Date: 12 May 2024",
            "Class: 3b              File: A-1173",
            "Size: medium           Fee: 25",
        ),
        ("Alder and Sons         12.00", "12 Mill Lane           14.50", "Oldham OL1 4AB         26.50"),
        ("12 Mill Lane           Date: 12 May", "Oldham OL1 4AB         File: A-1173"),
    ],
)
def test_rows_stay_rows(rows: tuple[str, ...]) -> None:
    assert read(*rows) == [[" ".join(row.split()) for row in rows]]


def test_columns_that_were_read_one_after_the_other_stay() -> None:
    blocks = (
        block("Bill to", "12 Mill Lane", "Oldham OL1 4AB", left=100),
        block("Date: 12 May", "File: A-1173", "Office: North", left=700),
    )
    assert part_form_columns(blocks) is blocks
