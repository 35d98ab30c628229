"""Spaces between words: a property of the script, and of gaps on the page."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from ocrdesk.contract.document import Box, Line, Source, Word
from ocrdesk.contract.word_spacing import are_lines_joined, join_words, word_starts

EM = 40


def row(*texts: str, gap: int = 4, downwards: bool = False) -> tuple[Word, ...]:
    """Return words with square characters, one after the other."""
    words, position = [], 0
    for text in texts:
        end = position + EM * len(text)
        box = Box(0, position, EM, end) if downwards else Box(position, 0, end, EM)
        words.append(Word(text=text, box=box, confidence=0.9, source=Source.TESSERACT))
        position = end + gap
    return tuple(words)


@pytest.mark.parametrize(
    ("texts", "joined"),
    [
        (["one", "two"], "one two"),
        (["新", "图", "书馆"], "新图书馆"),
        (["新しい", "図書", "館"], "新しい図書館"),
        (["開き", "、", "日", "。"], "開き、日。"),
        (["使用", "Python", "写程序"], "使用 Python 写程序"),
        (["写程序", "，", "Python", "。"], "写程序，Python。"),
        (["도서관은", "공원"], "도서관은 공원"),
        (["สวน", "สาธารณะ"], "สวน สาธารณะ"),
        (["שלום", "עולם"], "שלום עולם"),
    ],
)
def test_spaces_depend_on_the_script(texts: Sequence[str], joined: str) -> None:
    words = row(*texts)
    assert join_words(words) == joined
    assert Line(box=Box.around([word.box for word in words]), words=words).text == joined
    starts = word_starts(words)
    assert [joined[start : start + len(text)] for start, text in zip(starts, texts, strict=True)] == list(texts)


@pytest.mark.parametrize("downwards", [False, True])
def test_a_gap_as_wide_as_a_character_is_a_space(downwards: bool) -> None:
    assert join_words(row("第一章", "总则", gap=EM, downwards=downwards)) == "第一章 总则"
    assert join_words(row("第一章", "总则", gap=EM // 2, downwards=downwards)) == "第一章总则"
    assert join_words(row("开门。", "我们", gap=EM, downwards=downwards)) == "开门。我们"
    assert join_words(row("开门。", "我们", gap=2 * EM, downwards=downwards)) == "开门。 我们"


def test_words_whose_boxes_overlap_touch() -> None:
    assert join_words(row("毎朝", "九", gap=-EM)) == "毎朝九"


def test_no_words_are_no_text() -> None:
    assert join_words(()) == ""
    assert word_starts(()) == []


@pytest.mark.parametrize(
    ("end", "start", "joined"), [("图", "书", True), ("ว", "น", True), ("관", "은", False), ("a", "书", False)]
)
def test_lines_continue_without_a_space_in_scripts_that_have_none(end: str, start: str, joined: bool) -> None:
    assert are_lines_joined(end, start) is joined
