"""The direction of text."""

from __future__ import annotations

import pytest

from ocrdesk.layout.text_direction import is_rtl, split_by_direction, to_logical_order


@pytest.mark.parametrize(
    ("text", "rtl"),
    [("Hello", False), ("שלום", True), ("مرحبا 123 PDF", True), ("Hello שלום", False), ("123", False), ("", False)],
)
def test_direction_is_that_of_most_letters(text: str, rtl: bool) -> None:
    assert is_rtl([text]) is rtl


@pytest.mark.parametrize(
    ("visual", "logical"),
    [  # as tesserocr returned them for lines in Hebrew, Arabic and Persian
        ("הירפסה", "הספריה"),
        ("ةبتكملا", "المكتبة"),
        ("םילשוריב", "בירושלים"),
        ("1998", "1998"),
        ("12/05/2021", "12/05/2021"),
        ("!1998", "1998!"),
        ("17%", "17%"),
        (".245.50", "245.50."),
        ("Firefox", "Firefox"),
        (",Firefox", "Firefox,"),
        ("Firefox,", "Firefox,"),
        ("info@example.org", "info@example.org"),
        (")םולש(", "(שלום)"),
        (")Firefox(", "(Firefox)"),
        (".»مويلا«", "«اليوم»."),
        ("\u05d0\u05b8\u05e8\u05b0\u05d1", "\u05d1\u05b0\u05e8\u05b8\u05d0"),  # with vowel points
        ("۱۴۰۰/۰۵/۱۲", "۱۴۰۰/۰۵/۱۲"),
        ("PDF-ב", "ב-PDF"),
        ("יתנש-3", "3-שנתי"),
        ("", ""),
        ("...", "..."),
    ],
)
def test_words_of_right_to_left_text_are_put_in_logical_order(visual: str, logical: str) -> None:
    assert to_logical_order(visual, rtl=True) == logical


@pytest.mark.parametrize(
    ("visual", "logical"),
    [("word", "word"), ("(a)", "(a)"), ("םולש,", "שלום,"), ("\u201cםולש\u201d", "\u201cשלום\u201d")],
)
def test_in_left_to_right_text_only_right_to_left_letters_change_places(visual: str, logical: str) -> None:
    assert to_logical_order(visual, rtl=False) == logical


def test_mixed_text_is_split_by_direction() -> None:
    text = "התוכנה Firefox 3.5 מותקנת, 12%"
    assert split_by_direction(text) == [("התוכנה ", True), ("Firefox 3.5", False), (" מותקנת, 12%", True)]
    assert split_by_direction("The word שלום, again") == [("The word ", False), ("שלום", True), (", again", False)]
    assert split_by_direction("plain") == [("plain", False)]
    assert split_by_direction("") == []
