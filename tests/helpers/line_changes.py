"""Words and changes of one line."""

from __future__ import annotations

from ocrdesk.desktop.review.document.line_change import LineChange, LinePosition, Words
from tests.helpers.reviewed_jobs import page_with_lines

POSITION = LinePosition(1, 0, 0)


def words(text: str) -> Words:
    return page_with_lines(1, [text]).blocks[0].lines[0].words


def text_of(line: Words) -> str:
    return " ".join(word.text for word in line)


def change(before: str, after: str, position: LinePosition = POSITION) -> LineChange:
    return LineChange(position, words(before), words(after))
