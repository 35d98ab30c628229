"""Line numbers and notes in the margins are kept apart from the text."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from ocrdesk.contract.document import Block
from ocrdesk.layout.margin_text import set_margins_apart
from ocrdesk.layout.row_order import order_rows
from tests.helpers.sample_pages import HEIGHT, PITCH, block_of, line, line_of

PROSE = (
    "The harbour was built by the council when the old one",
    "had filled with sand, and for many years it served the",
    "boats that carried slate to the towns along the coast.",
    "After the railway came, most of the trade was lost and",
    "only a few families stayed who lived from fishing. They",
    "repaired the walls with their own hands and kept a boat",
    "ready for those who were in danger. Nobody paid them to",
    "do so, as the council had forgotten that it owned it. A",
    "visitor who asks for the way is told to follow the wall",
    "until it ends, and then to listen for the sound of bells",
)
VERSE = (
    "The boats are out beyond the bar",
    "The lamp is in the pane",
    "And she who counted every star",
    "Will count them all again",
    "The tide comes in the tide goes out",
    "It asks for no reply",
    "And what the bells are all about",
    "Is told by passers by",
    "So keep the lamp and keep the night",
    "And keep the boats in mind",
    "The one who looks into the light",
    "Is not the one to find",
    "A harbour is a place to wait",
    "A bar is there to cross",
    "And neither early come nor late",
    "Can count the other loss",
)


QUESTIONS = (
    "Q. Was that the harbour?",
    "A. It was. They had built a second wall so that I could",
    "not see the boats from the window, and then the council",
    "sold the rest of it.",
    "",
    "Q. When was that?",
    "A. Before the railway.",
    "Q. Look at this picture, and tell the court if it shows",
    "what you saw from there.",
    "A. Yes.",
    "MR. LOWE: Objection.",
    "",
    "THE COURT: Go on.",
)


def page_of(texts: Sequence[str], numbers: Sequence[str] = (), *, at: int = 200, number_at: int = 80) -> Block:
    """Return one block of lines, each with the number before it on its row if there is one."""
    lines = []
    for row, text in enumerate(texts):
        words = line(text, at, 100 + PITCH * row).words if text else ()
        number = numbers[row] if row < len(numbers) else ""
        beside = line(number, number_at, 100 + PITCH * row).words if number else ()
        ordered = sorted((*beside, *words), key=lambda word: word.box.left)
        if ordered:
            lines.append(line_of(ordered))
    return block_of(lines)


def texts(blocks: Sequence[Block]) -> list[list[str]]:
    return [[line.text for line in found.lines] for found in blocks]


# ── line numbers ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("number_at", [80, 1000])
def test_numbers_of_every_fifth_line_of_a_poem_are_kept_apart(number_at: int) -> None:
    numbers = [str(row + 1) if (row + 1) % 5 == 0 else "" for row in range(len(VERSE))]
    found = set_margins_apart([page_of(VERSE, numbers, number_at=number_at)])
    assert texts(found) == [list(VERSE), ["5", "10", "15"]]


def test_numbers_of_each_line_of_a_legal_page_are_kept_apart() -> None:
    numbers = [str(row + 1) for row in range(len(PROSE))]
    found = set_margins_apart([page_of(PROSE, numbers)])
    assert texts(found) == [list(PROSE), numbers]


def test_a_number_may_be_beside_an_empty_line_and_one_may_be_misread() -> None:
    lines = [*PROSE[:5], "", *PROSE[5:]]
    numbers = [str(row + 1) for row in range(len(lines))]
    numbers[3] = "14"
    assert texts(set_margins_apart([page_of(lines, numbers)])) == [list(PROSE), numbers]


def test_numbers_of_each_row_of_a_transcript_are_kept_apart() -> None:
    numbers = [str(row + 1) for row in range(len(QUESTIONS))]
    found = set_margins_apart([page_of(QUESTIONS, numbers)])
    assert texts(found) == [[text for text in QUESTIONS if text], numbers]


def test_numbers_that_an_engine_found_beside_the_rows_are_one_block_after_them() -> None:
    numbers = [str(row + 1) for row in range(len(QUESTIONS))]
    mixed = page_of(QUESTIONS[:3], numbers[:3])
    beside = [block_of([line]) for line in page_of([""] * 13, numbers).lines[3:]]
    rest = page_of(["", "", "", *QUESTIONS[3:]])
    found = set_margins_apart([*beside, mixed, rest])
    assert texts(found) == [list(QUESTIONS[:3]), [text for text in QUESTIONS[3:] if text], numbers]


def test_a_long_numbered_list_keeps_its_numbers() -> None:
    names = ("apples from the north", "pears", "plums and sloes", "figs", "dates", "limes", "nuts")
    items = page_of(names * 2, [str(row + 1) for row in range(14)])
    assert set_margins_apart([items]) == (items,)


def test_numbers_that_are_apart_already_stay_where_they_are() -> None:
    numbers = page_of([""] * 10, [str(row + 1) for row in range(10)])
    blocks = (numbers, page_of(PROSE))
    assert set_margins_apart(blocks) == blocks


def test_a_numbered_list_and_the_rows_of_a_table_keep_their_numbers() -> None:
    numbers = [str(row + 1) for row in range(10)]
    names = ("Apples", "Pears", "Plums", "Figs", "Dates", "Limes", "Nuts", "Rye", "Oats", "Rice")
    items = page_of([f"{name} and more" for name in names], numbers)
    assert set_margins_apart([items]) == (items,)
    rows = page_of([f"{text[:20]}          {row}.50" for row, text in enumerate(PROSE)], numbers)
    assert set_margins_apart([rows]) == (rows,)


def test_the_page_numbers_of_a_table_of_contents_stay() -> None:
    numbers = ["3", "9", "14", "22", "27", "40", "41", "58", "66", "80"]
    contents = page_of([text[:30] for text in PROSE], numbers, number_at=1200)
    assert set_margins_apart([contents]) == (contents,)


# ── notes ────────────────────────────────────────────────────────────────────────────────────────


def with_notes(notes: dict[int, str], at: int) -> Block:
    """Return the prose as one block, with notes on the rows of some lines."""
    lines = []
    for row, text in enumerate(PROSE):
        words = [*line(text, 400, 100 + PITCH * row).words]
        words += line(notes[row], at, 100 + PITCH * row).words if row in notes else ()
        lines.append(line_of(sorted(words, key=lambda word: word.box.left)))
    return block_of(lines)


@pytest.mark.parametrize("at", [20, 1600])
def test_a_note_in_the_margin_does_not_interrupt_the_sentence(at: int) -> None:
    found = set_margins_apart([with_notes({3: "The railway", 4: "of 1868"}, at)])
    assert texts(found) == [list(PROSE), ["The railway", "of 1868"]]


def test_a_stamp_of_one_row_is_kept_apart() -> None:
    found = set_margins_apart([with_notes({5: "RECEIVED"}, 1600)])
    assert texts(found) == [list(PROSE), ["RECEIVED"]]


def test_notes_far_from_each_other_are_blocks_after_their_paragraphs() -> None:
    whole = with_notes({1: "Sand", 8: "Bells"}, 1600)
    found = set_margins_apart([block_of(whole.lines[:5]), block_of(whole.lines[5:])])
    assert texts(found) == [list(PROSE[:5]), ["Sand"], list(PROSE[5:]), ["Bells"]]


RAGGED = tuple(text[: 45 + (row * 7) % 12].rstrip() for row, text in enumerate(PROSE))
SIDEBAR = ("Opening hours", "Mon to Fri", "9 to 17", "", "Contact", "harbour office")


@pytest.mark.parametrize("at", [20, 1600])
def test_a_sidebar_beside_a_scan_of_ragged_prose_is_kept_apart(at: int) -> None:
    body, sidebar = page_of(RAGGED, at=400), page_of(SIDEBAR, at=at)
    found = set_margins_apart(order_rows((sidebar, body)))  # which puts what is level on one row
    assert texts(found) == [list(RAGGED), list(SIDEBAR[:3]), list(SIDEBAR[4:])]


def test_a_stamp_beside_a_scan_of_ragged_prose_does_not_interrupt_it() -> None:
    lines = page_of(RAGGED).lines
    stamp = block_of([line("RECEIVED", 1500, 100 + 4 * PITCH), line("12 May 1998", 1500, 100 + 5 * PITCH)])
    found = set_margins_apart(order_rows((block_of(lines[:5]), stamp, block_of(lines[5:]))))
    assert [text for part in texts(found) for text in part] == [*RAGGED, "RECEIVED", "12 May 1998"]


def test_amounts_beside_the_rows_of_a_bill_stay() -> None:
    rows = [f"{text[: 20 + 3 * row]}" for row, text in enumerate(PROSE)]
    bill = page_of(rows, [f"{row}.50" for row in range(10)], number_at=1500)
    assert set_margins_apart([bill]) == (bill,)


def test_a_second_column_is_no_note() -> None:
    both = with_notes(dict(enumerate(reversed(PROSE))), 1600)
    assert set_margins_apart([both]) == (both,)


def test_a_note_has_its_columns_on_one_line() -> None:
    found = set_margins_apart([with_notes({3: "Boats     12", 4: "Nets     7"}, 1600)])
    assert texts(found)[1] == ["Boats 12", "Nets 7"]


def test_what_is_above_or_below_the_text_stays() -> None:
    above = block_of([line("Draft", 20, 20)])
    body = with_notes({3: "The railway"}, 20)
    assert texts(set_margins_apart([above, body]))[0] == ["Draft"]


@pytest.mark.parametrize("marker", ["D", "3.1", "•", "(a)", "12"])
def test_numbers_of_sections_that_hang_before_the_text_stay(marker: str) -> None:
    hanging = with_notes({4: marker}, 340 - 20 * len(marker))
    assert set_margins_apart([hanging]) == (hanging,)


def test_every_word_stays_once() -> None:
    whole = [with_notes({3: "The railway", 4: "of 1868", 9: "Bells"}, 1600)]
    before = sorted(word.text for found in whole for line in found.lines for word in line.words)
    after = set_margins_apart(whole)
    assert sorted(word.text for found in after for line in found.lines for word in line.words) == before


def test_pages_without_lines_or_with_too_many_stay() -> None:
    assert set_margins_apart([]) == ()
    many = block_of([line("word", 100, HEIGHT * row) for row in range(2_001)])
    assert set_margins_apart([many]) == (many,)
