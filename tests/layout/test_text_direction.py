"""The direction of text."""

from __future__ import annotations

import pytest

from ocrdesk.layout.text_direction import is_rtl


@pytest.mark.parametrize(
    ("text", "rtl"),
    [("Hello", False), ("שלום", True), ("مرحبا 123 PDF", True), ("Hello שלום", False), ("123", False), ("", False)],
)
def test_direction_is_that_of_most_letters(text: str, rtl: bool) -> None:
    assert is_rtl([text]) is rtl
