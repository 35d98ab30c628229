"""Labels above their values are read with them; the first rows of tables stay where they are."""

from __future__ import annotations

import pytest

from ocrdesk.contract.box import Box
from ocrdesk.contract.document import Line, Page
from ocrdesk.contract.structure import BlockRole
from ocrdesk.layout.forms.stacked_labels import with_stacked_labels
from ocrdesk.layout.page_marks import NO_MARKS, PageMarks, Rule
from ocrdesk.layout.structure.builder import with_structure
from tests.helpers.sample_pages import HEIGHT, block_of, line, line_of, page

NEAR, FAR = HEIGHT * 3 // 2, 3 * HEIGHT


def form(*rows: str, pitches: tuple[int, ...] = (NEAR, FAR), small: bool = False) -> Page:
    """Return a page of rows that are as far apart as the pitches say, in turn; every other one may be small."""
    lines: list[Line] = []
    top = 300
    for number, text in enumerate(rows):
        made = line(text, 100, top)
        lines.append(_smaller(made) if small and number % 2 == 0 else made)
        top += pitches[number % len(pitches)]
    return page(block_of(lines))


def _smaller(made: Line) -> Line:
    return line_of(
        [
            word.model_copy(update={"box": Box(word.box.left, word.box.top + 10, word.box.right, word.box.bottom)})
            for word in made.words
        ]
    )


def pairs(found: Page) -> list[list[str]]:
    return [[line.text for line in block.lines] for block in found.blocks if block.role is BlockRole.PAIRS]


ROWS = (
    "Last Name      First Name      Town",
    "Alder          Jane            Oldham",
    "Street                Telephone",
    "12 Mill Lane          4711",
)
READ = [
    ["Last Name", "Alder"],
    ["First Name", "Jane"],
    ["Town", "Oldham"],
    ["Street", "12 Mill Lane"],
    ["Telephone", "4711"],
]


def test_labels_that_are_nearer_to_their_values_than_to_other_rows_are_read_with_them() -> None:
    assert pairs(with_structure(form(*ROWS))) == READ


def test_labels_with_colons_need_no_distance() -> None:
    rows = (
        "Last Name:     First Name:     Town:",
        "Alder          Jane            Oldham",
    )
    assert pairs(with_structure(form(*rows, pitches=(NEAR,)))) == [
        ["Last Name:", "Alder"],
        ["First Name:", "Jane"],
        ["Town:", "Oldham"],
    ]


def test_small_labels_need_no_distance() -> None:
    assert pairs(with_structure(form(*ROWS, pitches=(NEAR,), small=True))) == READ


def test_a_label_may_have_no_value() -> None:
    rows = ("Last Name:     First Name:     Town:", "Alder                          Oldham")
    assert pairs(with_structure(form(*rows))) == [["Last Name:", "Alder"], ["First Name:"], ["Town:", "Oldham"]]


def test_text_around_a_form_stays() -> None:
    found = with_structure(form("Please check what follows", *ROWS, "Thank you", pitches=(FAR, NEAR)))
    texts = [[line.text for line in block.lines] for block in found.blocks]
    assert texts == [["Please check what follows"], *READ, ["Thank you"]]


def test_no_word_is_lost_or_repeated() -> None:
    before = form(*ROWS)
    assert sorted(map(id, with_stacked_labels(before, NO_MARKS).words())) == sorted(map(id, before.words()))


@pytest.mark.parametrize(
    "rows",
    [
        ("Item           Place           Price", *["Silver         Leeds           12.50"] * 4),
        (
            "Item           Place           Sold",
            "Silver         Leeds           12",
            "Copper         Oldham          14",
        ),
        (
            "Alder          Leeds           May",
            "Rowan          Oldham          June",
            "Mills          York            July",
        ),
    ],
)
@pytest.mark.parametrize("small", [False, True])
def test_a_table_whose_rows_are_as_far_apart_stays_a_table(rows: tuple[str, ...], *, small: bool) -> None:
    lines = form(*rows, pitches=(NEAR,)).blocks[0].lines
    table = page(block_of([_smaller(lines[0]) if small else lines[0], *lines[1:]]))
    assert with_stacked_labels(table, NO_MARKS) is table


def test_rows_of_figures_in_groups_of_two_stay() -> None:
    table = form(*["Silver         12.50           4", "Copper         11.00           3"] * 3)
    assert with_stacked_labels(table, NO_MARKS) is table


def test_running_text_with_wide_spaces_stays() -> None:
    justified = form("all            financial       offices", "companies      who             applied", small=True)
    assert with_stacked_labels(justified, NO_MARKS) is justified


def test_a_single_value_is_no_form() -> None:
    cell = form("Percentage     All", "Companies", small=True)
    assert with_stacked_labels(cell, NO_MARKS) is cell


def test_values_that_do_not_begin_below_their_labels_stay() -> None:
    centred = form("Last Name:     First Name:     Town:", "    Alder           Jane          Oldham")
    assert with_stacked_labels(centred, NO_MARKS) is centred


@pytest.mark.parametrize(
    "rule",
    [
        Rule(Box(100, 336, 900, 338), "horizontal"),
        Rule(Box(390, 300, 392, 380), "vertical"),
    ],
)
def test_rows_with_a_line_between_labels_and_values_or_between_labels_stay(rule: Rule) -> None:
    ruled = form("Last Name:     First Name:     Town:", "Alder          Jane            Oldham")
    assert with_stacked_labels(ruled, PageMarks(rules=(rule,))) is ruled
