"""Makes pages with ruling lines from drawings in characters."""

from __future__ import annotations

from collections.abc import Iterator

from ocrdesk.contract.box import Box
from ocrdesk.contract.document import Page
from ocrdesk.layout.page_marks import PageMarks, Rule
from tests.helpers.sample_pages import HEIGHT, LETTER, PITCH, block_of, line, page

_TOP = 100


def drawn(text: str) -> tuple[Page, PageMarks]:
    """Return a page that looks like this text in a monospaced font, and its lines.

    Rows of `-`, `=` and `+` are horizontal lines; `|` is a vertical one that reaches half a line up and down, `+` a
    vertical one too where it has `|` above or below.
    """
    rows = text.strip("\n").split("\n")
    lines = [line(_blank(row), 0, _TOP + PITCH * at) for at, row in enumerate(rows) if _blank(row).strip()]
    return page(block_of(lines)), PageMarks(rules=(*_across(rows), *_down(rows)))


def _is_across(row: str) -> bool:
    return bool(row.strip()) and not row.strip(" -=+|") and ("--" in row or "==" in row)


def _blank(row: str) -> str:
    return "" if _is_across(row) else row.replace("|", " ").replace("+", " ")


def _middle(at: int) -> int:
    return _TOP + PITCH * at + HEIGHT // 2


def _across(rows: list[str]) -> Iterator[Rule]:
    for at, row in enumerate(rows):
        if not _is_across(row):
            continue
        start = None
        for column, letter in enumerate(f"{row} "):
            if letter in "-=+" and start is None:
                start = column
            elif letter not in "-=+" and start is not None:
                yield Rule(Box(LETTER * start, _middle(at), LETTER * column, _middle(at) + 2), "horizontal")
                start = None


def _down(rows: list[str]) -> Iterator[Rule]:
    for at, row in enumerate(rows):
        for column, letter in enumerate(row):
            if letter == "|":
                left = LETTER * column + LETTER // 2
                yield Rule(Box(left, _middle(at) - PITCH, left + 2, _middle(at) + PITCH), "vertical")
