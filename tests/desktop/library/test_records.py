"""Stored words and boxes."""

from __future__ import annotations

from ocrdesk.desktop.library.query import parse_query
from ocrdesk.desktop.library.records import StoredPage, pack_words, unpack_words


def test_unpacked_words_and_boxes_are_unchanged() -> None:
    words = [("Gruß", (1, 2, 3, 4)), ("an", (5, 6, 7, 8))]
    assert unpack_words(pack_words(words)) == words


def test_boxes_of_a_search_word_are_those_of_all_its_parts() -> None:
    words = [("在", (0, 0, 9, 9)), ("公", (10, 0, 19, 9)), ("园", (20, 0, 29, 9)), ("里", (30, 0, 39, 9))]
    page = StoredPage(1, "在公园里", words=pack_words(words))
    assert page.boxes(parse_query("公园")) == [(10, 0, 19, 9), (20, 0, 29, 9)]
    assert page.boxes(parse_query("园公")) == []
    page = StoredPage(1, "red green", words=pack_words([("red", (0, 0, 9, 9)), ("green", (10, 0, 19, 9))]))
    assert page.boxes(parse_query("gre")) == [(10, 0, 19, 9)]
