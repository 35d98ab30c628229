"""Searches and snippets."""

from __future__ import annotations

from ocrdesk.desktop.library.query import make_snippet, parse_query


def test_snippet_marks_the_search_words() -> None:
    assert make_snippet("short", parse_query("")).text == "short"
    assert make_snippet("a\nb", parse_query("b")).marks == ((2, 3),)
