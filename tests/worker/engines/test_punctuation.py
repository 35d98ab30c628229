"""Quotation marks that were read in halves are whole, and parentheses that were read as braces come in pairs."""

from __future__ import annotations

import pytest

from ocrdesk_worker.engines.punctuation import fixed_text


@pytest.mark.parametrize(
    ("read", "printed"),
    [
        ("''Russians''", '"Russians"'),
        ("''former", '"former'),
        ("System,''", 'System,"'),
        ("defectors.''", 'defectors."'),
        ("(''see", '("see'),
        ("end'').", 'end").'),
        ("\u2018\u2018The", "\u201cThe"),
        ("``The", "\u201cThe"),
        ("\u2019\u2019An", "\u201cAn"),
        ("said.\u2019\u2019", "said.\u201d"),
        (",,Wort\u2019\u2019", "\u201eWort\u201d"),
    ],
)
def test_a_quotation_mark_in_halves_is_whole(read: str, printed: str) -> None:
    assert fixed_text(read) == printed


@pytest.mark.parametrize(
    "text",
    [
        "6'2''",
        "1999''",
        "''",
        "'a'",
        "dogs'",
        "rock'n'roll",
        "it''s",
        "=''",
        "\u2019tis",
        "l\u2019été",
        ",,",
        "x,,y",
        "'''a",
    ],
)
def test_apostrophes_of_other_kinds_stay(text: str) -> None:
    assert fixed_text(text) == text


@pytest.mark.parametrize(("read", "printed"), [("(EDIT.O}", "(EDIT.O)"), ("{RARE)", "(RARE)"), ("(a},", "(a),")])
def test_a_brace_that_ends_a_parenthesis_is_one(read: str, printed: str) -> None:
    assert fixed_text(read) == printed


@pytest.mark.parametrize("text", ["{a}", "(a)", "({a})", "[0,1)", "f({x)", "a}", "{", "()"])
def test_other_brackets_stay(text: str) -> None:
    assert fixed_text(text) == text
