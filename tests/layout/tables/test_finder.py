"""Tables are found by the geometry of words, and text that only looks like one is left alone."""

from __future__ import annotations

import pytest

from ocrdesk.contract.document import Box, Page
from ocrdesk.contract.word_spacing import join_words
from ocrdesk.layout.page_marks import PageMarks, Rule
from ocrdesk.layout.tables.finder import find_tables
from ocrdesk.layout.tables.model import Table
from tests.helpers.sample_pages import PITCH, PRICES, PRICES_ROWS, block, block_of, line_of, page, typed, word


def rows(found: Page) -> tuple[tuple[str, ...], ...]:
    (table,) = find_tables(found)
    return rows_of(found, table)


def rows_of(found: Page, table: Table) -> tuple[tuple[str, ...], ...]:
    """Return a table's texts by row and column."""
    words = list(found.words())
    grid = [[""] * table.column_count for _ in range(table.row_count)]
    for cell in table.cells:
        grid[cell.row][cell.column] = join_words([words[index] for index in cell.words])
    return tuple(map(tuple, grid))


def test_aligned_columns_are_a_table() -> None:
    assert rows(PRICES) == PRICES_ROWS


def test_a_table_knows_its_place() -> None:
    (table,) = find_tables(PRICES)
    assert table.box == Box.around([found.box for found in PRICES.words()])
    assert table.members == frozenset(range(15))


def test_columns_that_the_engine_read_one_by_one_are_put_together() -> None:
    by_column = [
        block_of([line_of([found]) for found in PRICES.words() if found.text in column])
        for column in (list(cells) for cells in zip(*PRICES_ROWS, strict=True))
    ]
    assert rows(page(*by_column)) == PRICES_ROWS


def test_cells_of_several_words_stay_whole() -> None:
    assert rows(
        typed("""
        Net income of the group      1,200.5      1,100.0
        Cash and cash equivalents       90.0         88.1
        Other assets                   (3.2)            -
        """)
    ) == (
        ("Net income of the group", "1,200.5", "1,100.0"),
        ("Cash and cash equivalents", "90.0", "88.1"),
        ("Other assets", "(3.2)", "-"),
    )


def test_headings_between_rows_are_in_the_first_cell() -> None:
    found = rows(
        typed("""
        Name          Mean       Max
        Demographic variables of all
        ADIR         66.28    210.00
        PERPHH        2.70      3.85
        System
        CCT          26.05    209.00
        """)
    )
    assert found[1] == ("Demographic variables of all", "", "")
    assert found[4] == ("System", "", "")
    assert len(found) == 6


def test_empty_cells_are_empty() -> None:
    found = rows(
        typed("""
        Company       Q1      Q2      Q3
        Alpha         10              30
        Beta          11      21      31
        Gamma                 22      32
        """)
    )
    assert found[1] == ("Alpha", "10", "", "30")
    assert found[3] == ("Gamma", "", "22", "32")


def test_currency_signs_far_from_their_amounts_are_no_column() -> None:
    found = rows(
        typed("""
        In millions         2023        2022
        Cash           $  48,677   $  54,065
        Loans             45,866      56,338
        Other             16,630      20,175
        Total          $ 111,173   $ 130,578
        """)
    )
    assert found[1] == ("Cash", "$ 48,677", "$ 54,065")
    assert {len(row) for row in found} == {3}


def test_rules_read_as_bars_are_dropped() -> None:
    found = rows(
        typed("""
        Miami       |   127  |   1,891
        Orleans     |    69  |   1,132
        Ramey       |    59  |     562
        """)
    )
    assert found == (("Miami", "127", "1,891"), ("Orleans", "69", "1,132"), ("Ramey", "59", "562"))


def test_two_tables_below_each_other_are_two() -> None:
    below = block(*[" ".join(row).replace(" ", "          ") for row in (("a", "10", "20"),) * 3], top=1500)
    assert [table.row_count for table in find_tables(page(*PRICES.blocks, below))] == [5, 3]


def test_a_table_in_a_column_of_text_is_found() -> None:
    prose = block(*["the text of the left column goes"] * 12, top=100)
    right = block(*(f"{name:<12}{one:>6}{two:>8}" for name, one, two in PRICES_ROWS), left=1000, top=220)
    assert rows(page(prose, right)) == PRICES_ROWS


def test_a_skewed_table_is_found() -> None:
    skewed = [
        line_of([found.model_copy(update={"box": _moved(found.box, found.box.left // 40)}) for found in one.words])
        for one in PRICES.lines()
    ]
    assert rows(page(block_of(skewed))) == PRICES_ROWS


def _moved(box: Box, down: int) -> Box:
    return Box(box.left, box.top + down, box.right, box.bottom + down)


def test_columns_of_a_right_to_left_table_come_in_reading_order() -> None:
    names = ["תפוחים", "אגסים", "חבושים", "סך"]
    lines = [
        line_of(
            [
                word(name, 1000 - 20 * len(name), PITCH * at),
                word(f"{at}5", 600, PITCH * at),
                word("3.6", 300, PITCH * at),
            ]
        )
        for at, name in enumerate(names, 1)
    ]
    assert rows(page(block_of(lines), languages=("heb",))) == tuple(
        (name, f"{at}5", "3.6") for at, name in enumerate(names, 1)
    )


# ── no table ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            """
            It was the best of times, it was the
            worst of times, it was the age of wisdom,
            it was the age of foolishness, it was the
            epoch of belief, it was the epoch of
            """,
            id="prose",
        ),
        pytest.param(
            """
            It was the best of times      Spring of hope, it was the
            it was the worst of times     winter of despair, we had
            it was the age of wisdom      everything before us, we
            and the age of foolishness    had nothing before us, we
            it was the epoch of belief    were all going direct to
            """,
            id="two columns",
        ),
        pytest.param(
            """
            It was the best      it was the age       it was the epoch
            of times, it was     of wisdom, it was    of belief, it was
            the worst of         the age of           the epoch of
            times, it was        foolishness, it      incredulity, it
            """,
            id="three columns",
        ),
        pytest.param(
            """
            1.    Wash the apples and the pears
            2.    Peel them
            3.    Cook them for 10 minutes
            4.    Serve
            """,
            id="numbered list",
        ),
        pytest.param(
            """
            •     Apples     20
            •     Pears
            •     Quinces of the garden
            •     Salt
            """,
            id="bullets",
        ),
        pytest.param(
            """
            1     Q.   That was the basement.
            2     A.   That was also the basement?
            3     Q.   Yeah. There was a processing area
            4     A.   I do not get confused now
            5     Q.   anyone else, the products
            """,
            id="transcript with line numbers",
        ),
        pytest.param(
            """
            Introduction ...............      1
            Methods ....................      4
            Results ....................     17
            Conclusions ................    102
            """,
            id="contents with leaders",
        ),
        pytest.param(
            """
            Introduction        1
            Methods             4
            Results            17
            Conclusions       102
            """,
            id="contents",
        ),
        pytest.param(
            """
            Dear Sir or Madam,        Berlin
            Thank you for the letter
            of the first of May       (sent)
            and for the parcel
            Yours                     Smith
            """,
            id="letter",
        ),
        pytest.param(
            """
            Apples      12
            Pears        4
            """,
            id="two rows",
        ),
        pytest.param(
            """
            Name:       Mary Smith
            Street:     Long Road
            Town:       Little Village
            Country:    Far away
            """,
            id="form of words",
        ),
    ],
)
def test_text_is_no_table(text: str) -> None:
    assert find_tables(typed(text)) == []


def test_pages_of_little_or_nothing_have_none() -> None:
    assert find_tables(page()) == []
    assert find_tables(page(block("one"))) == []


def test_words_without_a_size_do_no_harm() -> None:
    flat = [word("x").model_copy(update={"box": Box(9, 9, 9, 9)}) for _ in range(9)]
    assert find_tables(page(block_of([line_of([found]) for found in flat]))) == []


# ── the page around them ─────────────────────────────────────────────────────────────────────────


# ── frames ───────────────────────────────────────────────────────────────────────────────────────


def frame(left: int, top: int, right: int, bottom: int) -> list[Rule]:
    """Return the four lines around an area."""
    across = [Rule(Box(left, at, right, at + 2), "horizontal") for at in (top, bottom - 2)]
    return [*across, *(Rule(Box(at, top, at + 2, bottom), "vertical") for at in (left, right - 2))]


def cards(white: int) -> tuple[Page, PageMarks]:
    """Return four texts in frames, two below that white, in pixels; one of these is higher."""
    below = 320 + white
    areas = [
        (100, 100, 798, 320),
        (802, 100, 1500, 320),
        (100, below, 798, 600),
        (802, max(320, below - 12), 1500, 600),
    ]
    texts = [
        block(f"{number}. Title of it", "what one card says", "on two lines", left=left + 60, top=top + 30)
        for number, (left, top, _, _) in enumerate(areas, 1)
    ]
    return page(*texts), PageMarks(rules=tuple(rule for area in areas for rule in frame(*area)))


def test_frames_with_white_between_them_are_no_cells() -> None:
    assert find_tables(*cards(white=30)) == []


def test_frames_that_touch_are_cells() -> None:
    (table,) = find_tables(*cards(white=0))
    assert table.column_count == 2


def test_a_frame_around_the_page_swallows_nothing() -> None:
    texts = [
        block("Harbour Office", left=200, top=130),
        block("Public", left=1200, top=130),
        block("Notice of 1868", left=400, top=500),
    ]
    cells = [
        block(text, left=410 + 400 * (at % 2), top=715 + PITCH * (at // 2))
        for at, text in enumerate(("Name", "Ann", "Town", "Eastport", "Trade", "Slate"))
    ]
    rules = [*frame(50, 50, 1950, 2950), *frame(50, 50, 1000, 300), *frame(1000, 50, 1950, 300)]
    for top in range(700, 700 + 3 * PITCH, PITCH):
        rules += [*frame(400, top, 800, top + PITCH), *frame(800, top, 1200, top + PITCH)]
    whole = page(*texts, *cells)
    (table,) = find_tables(whole, PageMarks(rules=tuple(rules)))
    assert rows_of(whole, table) == (("Name", "Ann"), ("Town", "Eastport"), ("Trade", "Slate"))
