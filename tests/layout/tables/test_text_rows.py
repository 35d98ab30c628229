"""Words become rows whatever the engine's lines are, and rows become regions."""

from __future__ import annotations

from ocrdesk.layout.tables.model import Scale, TableWord
from ocrdesk.layout.tables.text_rows import regions_of, rows_of, segments_of
from tests.helpers.sample_pages import HEIGHT, LETTER, PITCH, line, word

SCALE = Scale(HEIGHT, LETTER)


def typed(*texts: str) -> list[TableWord]:
    return [
        TableWord(10 * number + at, number, found)
        for number, text in enumerate(texts)
        for at, found in enumerate(line(text, 0, PITCH * number).words)
    ]


def test_wide_gaps_separate_segments_and_signs_stay_with_their_amounts() -> None:
    found = segments_of(typed("net income     $       12     30"), SCALE)
    assert [[it.word.text for it in segment.words] for segment in found] == [["net", "income"], ["$", "12"], ["30"]]


def test_segments_side_by_side_are_a_row() -> None:
    by_column = [TableWord(at, at, word("x", 400 * (at // 3), PITCH * (at % 3))) for at in range(6)]
    assert [len(row) for row in rows_of(segments_of(by_column, SCALE), HEIGHT)] == [2, 2, 2]


def test_rows_with_wide_gaps_are_a_region() -> None:
    words = typed("a sentence of some words", "A     1", "B     2", "heading", "C     3", "one more sentence of words")
    rows = rows_of(segments_of(words, SCALE), HEIGHT)
    assert regions_of(rows, SCALE) == [(1, 5)]


def test_many_labels_alone_do_not_end_a_region() -> None:
    rows = rows_of(segments_of(typed("Label A     1", "b", "c", "d", "e", "B     2", "C     3"), SCALE), HEIGHT)
    assert regions_of(rows, SCALE) == [(0, 7)]
