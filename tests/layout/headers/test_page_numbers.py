"""Page numbers in their printed forms, and text that only looks like one."""

from __future__ import annotations

import pytest

from ocrdesk.layout.headers.page_numbers import is_bare_number, is_page_number, names_page_number


@pytest.mark.parametrize(
    "text", ["12", "- 12 -", "\u2013 4 \u2013", "12.", "xii", "XII", "i", "A-3", "3/10", "3 of 10", "| 7"]
)
def test_numbers_of_pages(text: str) -> None:
    assert is_page_number(text)


@pytest.mark.parametrize(
    "text", ["", "-", "2019", "10/3", "(3)", "12345", "mix", "civil", "I", "l", "12 apples", "1,200"]
)
def test_text_that_is_no_page_number(text: str) -> None:
    assert not is_page_number(text)


@pytest.mark.parametrize(
    "text",
    [
        "Page 3 of 10",
        "page: 4 of 8",
        "Seite 3/10",
        "Draft, page 2",
        "- Page 3 -",
        "p. 7",
        "S. 12",
        "\u7b2c3\u9875",
        "P\u00e1gina 3 de 9",
    ],
)
def test_numbers_with_a_name(text: str) -> None:
    assert names_page_number(text)


@pytest.mark.parametrize("text", ["see pages", "Homepage 3", "vol. 3, p. 12", "On page 3.", "Page", "12", "Page of 3"])
def test_names_without_a_number_and_notes(text: str) -> None:
    assert not names_page_number(text)


@pytest.mark.parametrize(
    ("text", "is_one"), [("12", True), ("1,200.50", True), ("(3)", True), ("47%", True), ("B4", False)]
)
def test_figures_are_distinguished_from_words(text: str, is_one: bool) -> None:
    assert is_bare_number(text) is is_one


def test_long_lines_are_no_numbers() -> None:
    """There may be many dots before a number."""
    assert not is_bare_number("1" + "." * 100_000 + "x")
    assert not is_page_number("1" + "." * 100_000 + "x")
    assert not names_page_number("page 1 " * 20_000 + "x")
    assert names_page_number("a word " * 20_000 + "Page 3 of 10")
