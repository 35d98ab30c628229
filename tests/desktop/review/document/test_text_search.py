"""Text is found and replaced."""

from __future__ import annotations

import pytest

from ocrdesk.desktop.review.document.line_change import LinePosition, changed
from ocrdesk.desktop.review.document.text_search import Query, find_hits, line_position_of, replaced, replacements_on
from ocrdesk.export.text import page_text
from tests.helpers.code_pages import PYTHON, code_page
from tests.helpers.line_changes import text_of, words
from tests.helpers.reviewed_jobs import page_with_lines


@pytest.mark.parametrize(
    ("query", "found"),
    [
        (Query("the"), ["The", "the", "the", "the"]),
        (Query("the", match_case=True), ["the", "the", "the"]),
        (Query("the", whole_words=True), ["The", "the", "the"]),
        (Query("a.b"), ["a.b"]),
        (Query("cat the"), ["cat the"]),
        (Query("Axb ends on the"), ["axb ends", "on the"]),
        (Query("the next line"), ["the", "next line"]),
        (Query("next liner"), []),
        (Query("recognition"), ["recog-", "nition"]),
        (Query("recognition", whole_words=True), ["recog-", "nition"]),
        (Query("recog- nition"), ["recog-", "nition"]),
        (Query("the other"), []),  # one ends a paragraph, the other starts one
        (Query(" "), [" "] * 9),
    ],
)
def test_query_finds_the_hits(query: Query, found: list[str]) -> None:
    text = "The cat the\n\nother a.b axb ends\non the\nnext line recog-\nnition of\n"
    lines = [line for line in text.split("\n") if line]
    hits = find_hits(4, text, query.pattern())
    assert [lines[it.line][it.start : it.end] for hit in hits for it in hit.stretches] == found


@pytest.mark.parametrize(
    ("line", "old", "new", "result"),
    [
        ("the cat sat", "cat", "dog", "the dog sat"),
        ("concatenate cat", "cat", "dog", "condogenate dog"),
        ("catcat", "cat", "a", "aa"),
        ("the cat sat", "e c", "_", "th_at sat"),
        ("the cat sat", "cat", "", "the sat"),
        ("the cat sat", "cat", "black cat", "the black cat sat"),
        ("a b a b", "a b", "c", "c c"),
        ("one", "one", "", ""),
        ("ab cd", " ", "", "abcd"),
    ],
)
def test_replacing_in_a_line(line: str, old: str, new: str, result: str) -> None:
    spans = [match.span() for match in Query(old).pattern().finditer(line)]
    assert text_of(replaced(words(line), [(start, end, new) for start, end in spans])) == result


def test_replacing_on_a_page_changes_only_lines_with_hits() -> None:
    page = page_with_lines(2, ["the cat", "a dog", "cat and cat"])
    changes = replacements_on(page, Query("cat"), "cow")
    assert [(it.position.line, text_of(it.after)) for it in changes] == [(0, "the cow"), (2, "cow and cow")]
    assert replacements_on(page, Query("dog"), "dog") == []
    [hit] = find_hits(2, page_text(page), Query("dog").pattern())
    assert line_position_of(page, hit.stretches[0]) == LinePosition(2, 0, 1)


def test_the_indentation_of_code_is_in_no_hit() -> None:
    page = code_page(PYTHON)
    assert page_text(page).startswith("class Counter:\n    def add")
    [change] = replacements_on(page, Query("value > 0"), "value > 1")
    assert text_of(change.after) == "if value > 1:"
    [hit] = find_hits(1, page_text(page), Query("Counter: def").pattern())
    assert [(it.line, it.start, it.end) for it in hit.stretches] == [(0, 6, 14), (1, 0, 3)]


@pytest.mark.parametrize(
    ("old", "new", "result"),
    [
        ("cat sat", "dog lay", ["the dog lay", "down"]),
        ("cat sat down", "end", ["the end"]),
        ("the cat sat", "", ["down"]),
        ("a", "o", ["the cot", "sot down"]),
    ],
)
def test_hit_over_two_lines_is_replaced_in_the_first(old: str, new: str, result: list[str]) -> None:
    page = page_with_lines(1, ["the cat", "sat down"])
    page = changed(page, replacements_on(page, Query(old), new))
    assert page_text(page).splitlines() == result


def test_words_of_scripts_without_spaces_are_found_within_and_across_lines() -> None:
    page = page_with_lines(1, ["新 图 书馆 位于 公", "园 旁边 ， 每天"])
    for text in ("书馆位于", "图书", "公园", "旁边，每"):
        for whole_words in (False, True):
            (hit,) = find_hits(1, page_text(page), Query(text, whole_words=whole_words).pattern())
            assert "".join(page_text(page).split("\n")[it.line][it.start : it.end] for it in hit.stretches) == text


@pytest.mark.parametrize(
    ("old", "new", "texts"),
    [
        ("书馆", "书店", ["新", "图", "书店", "位于", "公园"]),
        ("图书", "读书", ["新", "读书馆", "位于", "公园"]),
        ("位于公园", "在公园", ["新", "图", "书馆", "在公园"]),
    ],
)
def test_replacing_changes_only_the_words_of_a_hit(old: str, new: str, texts: list[str]) -> None:
    page = page_with_lines(1, ["新 图 书馆 位于 公园"])
    (made,) = replacements_on(page, Query(old), new)
    assert [word.text for word in made.after] == texts


def test_right_to_left_words_are_found() -> None:
    page = page_with_lines(1, ["התוכנה Firefox מותקנת"])
    (hit,) = find_hits(1, page_text(page), Query("firefox מותקנת").pattern())
    assert [(it.start, it.end) for it in hit.stretches] == [(7, 21)]
