"""Stored words and boxes."""

from __future__ import annotations

from ocrdesk.desktop.library.records import pack_words, unpack_words


def test_unpacked_words_and_boxes_are_unchanged() -> None:
    words = [("Gruß", (1, 2, 3, 4)), ("an", (5, 6, 7, 8))]
    assert unpack_words(pack_words(words)) == words
