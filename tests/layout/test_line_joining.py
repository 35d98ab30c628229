"""Lines become paragraphs: hyphenated words are joined, and hyphens that belong to a word stay."""

from __future__ import annotations

import pytest

from ocrdesk.layout.line_joining import join_lines, one_line


@pytest.mark.parametrize(
    ("lines", "joined"),
    [
        ([], ""),
        (["one"], "one"),
        (["one", "two", "three"], "one two three"),
        (["one", "", "two"], "one two"),
        (["  one ", " two"], "one two"),
    ],
)
def test_lines_are_joined_by_spaces(lines: list[str], joined: str) -> None:
    assert join_lines(lines) == joined


@pytest.mark.parametrize(
    ("lines", "joined"),
    [
        (["recog-", "nition of text"], "recognition of text"),
        (["a re\u2010", "cog\u2010", "nition"], "a recognition"),
        (["Straßen-", "übergänge"], "Straßenübergänge"),
        (["recog\u00ad", "nition"], "recognition"),
    ],
)
def test_a_word_that_continues_in_lower_case_is_joined(lines: list[str], joined: str) -> None:
    assert join_lines(lines) == joined


@pytest.mark.parametrize(
    ("lines", "joined"),
    [
        (["Anglo-", "Saxon"], "Anglo-Saxon"),  # continues in upper case: the hyphen belongs to the word
        (["pages 10-", "12"], "pages 10-12"),
        (["COVID-", "19 cases"], "COVID-19 cases"),
        (["pre-", "and post-war"], "pre- and post-war"),
        (["Vor-", "und Nachteile"], "Vor- und Nachteile"),
        (["so he said -", "and left"], "so he said - and left"),  # a dash, not a hyphen
        (["so he said —", "and left"], "so he said — and left"),
        (["wait --", "what"], "wait -- what"),
        (["-", "x"], "- x"),
        (["see p. 3-", "(above)"], "see p. 3- (above)"),
    ],
)
def test_other_hyphens_stay(lines: list[str], joined: str) -> None:
    assert join_lines(lines) == joined


def test_scripts_without_spaces_get_none() -> None:
    assert join_lines(["文書の認", "識です。", "次"]) == "文書の認識です。次"
    assert join_lines(["ภาษา", "ไทย"]) == "ภาษาไทย"
    assert join_lines(["한국어", "문서"]) == "한국어 문서"
    assert join_lines(["文書", "PDF"]) == "文書 PDF"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("one two", "one two"),
        ("a\nb\r\nc\td", "a b c d"),
        ("a\x00\u2028b", "a b"),
        ("\n", ""),
        ("a\u00a0b", "a\u00a0b"),
    ],
)
def test_one_line_has_no_breaks_or_controls(text: str, line: str) -> None:
    assert one_line(text) == line
