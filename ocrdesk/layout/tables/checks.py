"""Rejects what only looks like a table.

Two-column text, lists, line numbers and tables of contents have straight gaps too. The content of the columns
distinguishes them from tables.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from ocrdesk.layout.tables.model import MIN_ROWS, Cells, Column, Scale, median_or_zero

_ALIGNED = 0.8
"""In heights of the median word: how far apart edges of one column may be."""
_LIST_MARKER = re.compile(
    r"[•●○▪■◦‣·*–—«»>o-]|[(\[]?(?:\d{1,3}|[ivxlc]{1,5}|[^\W\d_])[.)\]:]",  # noqa: RUF001
    re.IGNORECASE,
)
_DASHES = re.compile(r"[-–—−.·*]+")  # noqa: RUF001
"""Characters that mean "nothing" in a cell."""
_LABEL = re.compile(r"[^\W\d_].*:$")
_LEADER = re.compile(r"[.…·]{3,}")


def is_table(grid: Sequence[Cells], scale: Scale) -> bool:
    """Return whether these are columns of a table: straight, and not text, list markers, line or page numbers."""
    columns = [Column.of(grid, index) for index in range(len(grid[0]))]
    while columns and is_marker_column(columns[0]):
        columns = columns[1:]
    if len(columns) < 2 or any(is_prose(column) for column in columns):
        return False
    if sum(_is_straight(column, scale) for column in columns) * 3 < len(columns) * 2 or _is_form(columns):
        return False
    full = sum(sum(bool(column.texts[row]) for column in columns) >= 2 for row in range(len(grid)))
    if full < MIN_ROWS or full * 2 < len(grid):
        return False
    if len(columns) == 2:
        return full >= 0.6 * len(grid) and _is_numeric(columns[1]) and not _is_table_of_contents(columns)
    return any(_is_numeric(column) for column in columns) or _is_word_table(columns, grid)


def may_be_table(grid: Sequence[Cells]) -> bool:
    """Return whether columns between lines can be a table's: not all are running text, and none a list's markers."""
    columns = [Column.of(grid, index) for index in range(len(grid[0]))]
    full = sum(sum(bool(column.texts[row]) for column in columns) >= 2 for row in range(len(grid)))
    return full >= 2 and not is_marker_column(columns[0]) and not all(is_prose(column) for column in columns)


def is_sparse(column: Column) -> bool:
    """Return whether hardly any of the column's cells are filled."""
    return len(column.filled) < max(2, len(column.texts) / 5)


def is_prose(column: Column) -> bool:
    """Return whether the column is running text.

    Its lines have several words, most are as wide as the column, and many begin in the middle of a sentence.
    """
    texts = column.filled
    widths = sorted(box.width for box in column.boxes if box)
    if not widths:
        return False
    full = sum(width >= 0.75 * widths[len(widths) * 3 // 4] for width in widths) / len(widths)
    letters = [next((character for character in text if character.isalpha()), "") for text in texts]
    if any(letter.isupper() or letter.islower() for letter in letters):
        continued = _share(texts, (letter.islower() for letter in letters))
        return median_or_zero(len(text.split()) for text in texts) >= 4 and full >= 0.4 and continued >= 0.3
    return median_or_zero(len(text) for text in texts) >= 12 and full >= 0.6 and not _is_numeric(column)


def _share(texts: Sequence[str], holds: Iterable[bool]) -> float:
    return sum(holds) / len(texts) if texts else 0.0


def is_marker_column(column: Column) -> bool:
    """Return whether the column has list markers (bullets, 1., a)) or numbers that count lines."""
    texts = column.filled
    if _share(texts, (_LIST_MARKER.fullmatch(text) is not None for text in texts)) >= 0.6:
        return True
    numbers = [int(text) for text in texts if text.isdecimal()]
    steps = [after - before for before, after in pairwise(numbers)]
    return len(numbers) >= 0.7 * len(texts) and bool(steps) and sum(step == 1 for step in steps) >= 0.7 * len(steps)


def _is_straight(column: Column, scale: Scale) -> bool:
    """Return whether most cells share their left edge, right edge or centre."""
    boxes = [box for box in column.boxes if box]
    if not boxes:
        return False
    for positions in (
        [box.left for box in boxes],
        [box.right for box in boxes],
        [box.center_x for box in boxes],
    ):
        middle = median_or_zero(positions)
        if sum(abs(position - middle) <= _ALIGNED * scale.height for position in positions) >= 0.5 * len(positions):
            return True
    return False


def _is_form(columns: Sequence[Column]) -> bool:
    """Return whether columns are those of a form: labels beside other text, or the same labels twice."""
    labels = [number for number, column in enumerate(columns) if _has_labels(column)]
    if not labels or labels == [0]:
        return False
    first, *others = (set(columns[number].filled) for number in labels)
    return labels[0] > 0 or any(2 * len(first & other) >= len(first) for other in others)


def _has_labels(column: Column) -> bool:
    texts = column.filled
    return len(texts) >= MIN_ROWS and _share(texts, (_LABEL.match(text) is not None for text in texts)) >= 0.6


def _is_numeric(column: Column) -> bool:
    """Return whether most cells are amounts, dates or codes: more digits than letters. Dashes are not counted."""
    texts = [text for text in column.filled if not _DASHES.fullmatch(text)]
    numbers = [
        sum(character.isdecimal() for character in text) > sum(character.isalpha() for character in text)
        for text in texts
    ]
    return len(texts) >= 2 and sum(numbers) >= 0.6 * len(texts)


def _is_table_of_contents(columns: Sequence[Column]) -> bool:
    """Return whether leaders or titles are followed by page numbers that never decrease."""
    texts = columns[-1].filled
    pages = [int(text) for text in texts if text.isdecimal() and len(text) <= 4]
    if len(pages) < 0.7 * len(texts):
        return False
    rising = sum(after >= before for before, after in pairwise(pages)) >= 0.9 * (len(pages) - 1)
    leaders = sum(_LEADER.search(text) is not None for text in columns[0].filled)
    return rising or leaders * 2 > len(columns[0].filled)


def _is_word_table(columns: Sequence[Column], grid: Sequence[Cells]) -> bool:
    """Return whether columns of words alone are a table.

    Its cells are short, hardly any is empty, and the engine too read its rows as lines.
    """
    texts = [text for column in columns for text in column.filled]
    cells = len(grid) * len(columns)
    across = sum(len({word.line for cell in cells for word in cell}) < sum(map(bool, cells)) for cells in grid)
    return (
        len(grid) > MIN_ROWS
        and len(texts) >= 0.75 * cells
        and median_or_zero(len(text.split()) for text in texts) <= 3
        and across * 2 > len(grid)
    )
