"""Page ranges: which are valid, what they mean, and how errors are reported."""

from __future__ import annotations

import pytest

from ocrdesk.contract.page_ranges import PageRangeError, PageRanges


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("", [1, 2, 3, 4, 5]),
        ("  ", [1, 2, 3, 4, 5]),
        ("2", [2]),
        ("1-3", [1, 2, 3]),
        ("4-", [4, 5]),
        ("-2", [1, 2]),
        ("5,1", [1, 5]),
        (" 1 - 2 , 2-3 ", [1, 2, 3]),
        ("3-99", [3, 4, 5]),
        ("6", []),
        ("7-9,12-", []),
    ],
)
def test_ranges_pick_pages_of_a_file_with_five(text: str, numbers: list[int]) -> None:
    assert PageRanges.parse(text).numbers(5) == numbers


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("", ""),
        ("1-5", ""),
        ("4-", ""),
        ("-2", ""),
        ("1-3,7", "7"),
        ("3-99", "6-99"),
        ("8-,6,2", "8-,6"),
        ("7-9,12-", "7-9,12-"),
    ],
)
def test_ranges_beyond_a_file_with_five_pages_are_known(text: str, missing: str) -> None:
    assert str(PageRanges.parse(text).beyond(5)) == missing


@pytest.mark.parametrize("text", ["0", "a", "3-1", "-", "1,,2", "1-2-3", "1;2", "1.5", "99999999", "²", "1,"])
def test_an_invalid_range_is_reported_with_an_example(text: str) -> None:
    with pytest.raises(PageRangeError, match="page range"):
        PageRanges.parse(text)


@pytest.mark.parametrize("text", ["", "2", "1-3", "4-", "1-2,7,9-"])
def test_ranges_are_written_as_they_are_read(text: str) -> None:
    assert str(PageRanges.parse(text)) == text


def test_a_range_of_a_short_file_costs_no_more_than_the_file() -> None:
    assert PageRanges.parse("1-1000000").numbers(2) == [1, 2]


@pytest.mark.parametrize("text", ["", "1-3", "2-4,3-9", "9,1,1,2-2", "4-", "-2,5-", "7-8", "3-3,3-,1"])
@pytest.mark.parametrize("page_count", [0, 1, 3, 5, 9])
def test_pages_are_counted_as_they_are_listed(text: str, page_count: int) -> None:
    ranges = PageRanges.parse(text)
    assert ranges.count(page_count) == len(ranges.numbers(page_count))
