"""Typical sizes on a page, and its outermost rows."""

from __future__ import annotations

import pytest

from ocrdesk.contract.document import Block, Box, Line
from ocrdesk.contract.word_spacing import join_words
from ocrdesk.layout.page_profile import MAX_ROWS, LetterHeights, PageProfile, Row, outer_rows, profile_page
from tests.helpers.sample_pages import HEIGHT, LETTER, PITCH, block, block_of, line_of, word

PROSE = ["the text of a page that has lines of prose"] * 7


def profiled(*blocks: Block) -> PageProfile:
    profile = profile_page(blocks, 3000)
    assert profile is not None
    return profile


def texts(rows: list[Row]) -> list[list[str]]:
    return [[join_words(segment) for segment in row.segments] for row in rows]


def test_a_page_has_the_usual_sizes_of_its_lines() -> None:
    profile = profiled(block(*PROSE, left=100))
    assert (profile.line_height, profile.white) == (HEIGHT, PITCH - HEIGHT)
    assert (profile.left, profile.right) == (100, 100 + LETTER * len(PROSE[0]))
    assert profile.text_width == LETTER * len(PROSE[0])


def test_lines_come_from_the_top_and_short_ones_are_no_prose() -> None:
    profile = profiled(block(*PROSE, top=500), block("Short", top=100))
    assert profile.lines[0].text == "Short"
    assert [found.text for found in profile.prose] == PROSE


def test_numbers_are_no_prose_however_long() -> None:
    assert profiled(block(*PROSE, "1234567890 1234567890 1234567890")).prose == profiled(block(*PROSE)).prose


def test_a_page_of_few_lines_has_no_profile() -> None:
    assert profile_page([block(*PROSE[:5])], 3000) is None
    assert profile_page([], 3000) is None


@pytest.mark.parametrize(
    "speck",
    [
        line_of([word("noise", 10, 2000, confidence=0.2)]),
        line_of([word("---", 10, 2000)]),
        Line(box=Box(5, 2000, 95, 2000), words=(word("flat").model_copy(update={"box": Box(5, 2000, 95, 2000)}),)),
    ],
    ids=["doubtful", "a dash", "without a height"],
)
def test_lines_that_say_nothing_are_left_out(speck: Line) -> None:
    assert profiled(block(*PROSE), block_of([speck])).lines == profiled(block(*PROSE)).lines


def test_an_image_read_as_a_huge_line_is_left_out() -> None:
    huge = word("X").model_copy(update={"box": Box(0, 0, 900, 4 * HEIGHT)})
    assert "X" not in [found.text for found in profiled(block(*PROSE), block_of([line_of([huge])])).lines]


def test_outer_rows_come_from_the_edge_inwards() -> None:
    profile = profiled(block(*[f"row {number}" for number in range(9)]))
    assert texts(outer_rows(profile, at_top=True)) == [[f"row {number}"] for number in range(MAX_ROWS + 1)]
    assert texts(outer_rows(profile, at_top=False)) == [[f"row {8 - number}"] for number in range(MAX_ROWS + 1)]


def test_lines_side_by_side_are_one_row_from_left_to_right() -> None:
    right, left = block("right", left=1500, top=20), block("left", left=100, top=26)
    row = outer_rows(profiled(right, left, block(*PROSE)), at_top=True)[0]
    assert texts([row]) == [["left", "right"]]
    assert row.box == Box.around([right.box, left.box])


def test_separators_and_wide_gaps_end_a_segment() -> None:
    head = block("Town of Eastport | Report          4", top=20)
    assert texts(outer_rows(profiled(head, block(*PROSE)), at_top=True))[0] == ["Town of Eastport", "Report", "4"]


def test_heights_of_words_are_compared_with_words_of_the_same_shape() -> None:
    def high(text: str, height: int) -> Line:
        return line_of([word(text).model_copy(update={"box": Box(0, 0, 90, height)})])

    heights = LetterHeights([high("on", 20), high("pen", 30), high("dot", 28)])

    def ratio(text: str, height: int) -> float:
        words = high(text, height).words
        return heights.ratio(Row([], Box(0, 0, 1, 1), [words]))

    assert [ratio("sum", 20), ratio("sum", 40), ratio("gap", 30)] == [1, 2, 1]
    assert ratio("Type", 99) == 1, "the page has no word with tall letters and letters below the line"
    assert ratio("—", 99) == 1
