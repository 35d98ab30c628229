"""Searches and snippets."""

from __future__ import annotations

from ocrdesk.desktop.library.query import make_snippet, parse_query


def test_snippet_marks_the_search_words() -> None:
    assert make_snippet("short", parse_query("")).text == "short"
    assert make_snippet("a\nb", parse_query("b")).marks == ((2, 3),)


def test_of_a_script_without_spaces_only_whole_matches_are_marked() -> None:
    query = parse_query("公园")
    assert query.spans("公园旁边的园和公，公园") == [(0, 2), (9, 11)]
    assert parse_query("PDF里").spans("在PDF里找") == [(1, 5)]
