"""Languages by their BCP 47 tags, and the direction of texts."""

from __future__ import annotations

import re

import pytest

from ocrdesk.export.language_tags import _TAGS, language_tag
from ocrdesk.layout.text_direction import is_rtl


@pytest.mark.parametrize(
    ("languages", "tag"),
    [
        (("eng",), "en"),
        (("deu", "eng"), "de"),
        (("chi_sim",), "zh-Hans"),
        (("chi_tra_vert",), "zh-Hant"),
        (("frk",), "de-Latf"),
        (("srp_latn",), "sr-Latn"),
        (("ceb",), "ceb"),  # has no shorter tag than its own
        (("script/Latin", "fra"), "fr"),
        (("Latin",), None),
        (("my_own_model",), None),
        (("osd",), None),
        ((), None),
    ],
)
def test_tags(languages: tuple[str, ...], tag: str | None) -> None:
    assert language_tag(languages) == tag


def test_every_tag_is_well_formed() -> None:
    assert all(re.fullmatch(r"[a-z]{2,3}(-[A-Z][a-z]{3})?", tag) for tag in _TAGS.values())


@pytest.mark.parametrize(
    ("text", "rtl"),
    [("Hello", False), ("שלום", True), ("مرحبا 123 PDF", True), ("Hello שלום", False), ("123", False), ("", False)],
)
def test_direction_is_that_of_most_letters(text: str, rtl: bool) -> None:
    assert is_rtl([text]) is rtl
