"""Tables as CSV.

Only tables are exported; the file is empty if there are none.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator

from ocrdesk.contract.document import DocumentHead, Page
from ocrdesk.export.table_texts import text_rows
from ocrdesk.layout.line_joining import one_line
from ocrdesk.layout.structure.older_pages import structured

# What a spreadsheet runs as a formula. Signed numbers, dates and dashes are harmless, and stay as they are.
_FORMULA = re.compile(r"[=@＝＠]|[+\-＋－](?=.*[^\W\d_]|.*[|!=(])")  # noqa: RUF001


def csv_tables(_head: DocumentHead, pages: Iterable[Page]) -> Iterator[str]:
    """Yield the tables as RFC 4180 defines it, with an empty line between two tables.

    A cell that a spreadsheet would run as a formula gets an apostrophe in front: the document may come from anyone.
    """
    first = True
    for page in pages:
        tables = [text_rows(block) for block in structured(page).blocks if block.table]
        if tables:
            yield ("" if first else "\r\n") + "\r\n".join(map(_table, tables))
            first = False


def _table(rows: list[list[str]]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows([_safe(one_line(cell)) for cell in row] for row in rows)
    return out.getvalue()


def _safe(cell: str) -> str:
    return "'" + cell if _FORMULA.match(cell) else cell
