"""Finds address blocks: a few short lines with a postal code, a street or ways to reach somebody."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ocrdesk.contract.document import Block, Line, Page
from ocrdesk.contract.structure import BlockRole
from ocrdesk.layout.structure.parts import close_run, is_plain, usual_white

_MIN_LINES, _MAX_LINES = 3, 9
_MAX_LETTERS = 50
"""Letters of a line of an address."""
_LONGEST = 120
_POSTAL = re.compile(
    r"\b[A-Z]{2}\s+\d{5}\b|\b\d{5}-\d{4}\b"  # United States
    r"|\b[A-Z]{1,2}\d[A-Z\d]?\s+\d[A-Z]{2}\b"  # United Kingdom
    r"|\b[A-Z]\d[A-Z]\s?\d[A-Z]\d\b"  # Canada
    r"|^(?:[A-Z]{1,3}[- ])?\d{4,6}\s+[^\W\d_]{3,}"  # code before the town
    r"|^\d{3}\s?\d{2}\s+[^\W\d_]{3,}"
    r"|\u3012\d{3}-?\d{4}"
)
_STREET = re.compile(
    r"\b(?:street|st\.|road|rd\.?|avenue|ave\.?|lane|blvd\.?|boulevard|drive|suite|floor|square|court"
    r"|rue|via|viale|piazza|calle|avenida|plaza|rua|ulica|ul\.|ulice|gata|gatan|vej|weg|platz|allee|laan|plein)\b"
    r"|stra(?:ß|ss)e\b|str\.|straat\b|gasse\b|\bp\.?\s?o\.?\s?box\b|\bpostfach\b",
    re.IGNORECASE,
)
_REACH = re.compile(
    r"\b(?:tel|phone|fax|mobile|e-?mail|www\.)\b|[\w.]@[\w.]|\+\d{1,3}[\d ()/-]{6,}|\(\d{3}\)\s?\d{3}-\d{4}",
    re.IGNORECASE,
)
_DIGIT = re.compile(r"\d")


def with_addresses(page: Page) -> Page:
    """Return the page with the role of an address for such blocks. Paragraphs that are parts of one are joined."""
    white = usual_white(page.blocks)
    blocks: list[Block] = []
    index = 0
    while index < len(page.blocks):
        block = page.blocks[index]
        run = close_run(page.blocks, index, white)
        lines = [line for each in run for line in each.lines]
        if is_plain(block) and _is_address(lines):
            blocks.append(block.with_lines(lines, role=BlockRole.ADDRESS))
            index += len(run)
            continue
        is_one = is_plain(block) and _is_address(block.lines)
        blocks.append(block.with_lines(block.lines, role=BlockRole.ADDRESS) if is_one else block)
        index += 1
    return page.model_copy(update={"blocks": tuple(blocks)})


def _is_address(lines: Sequence[Line]) -> bool:
    return len(lines) <= _MAX_LINES and is_address([line.text for line in lines])


def is_address(texts: Sequence[str]) -> bool:
    """Return whether lines with these texts are an address. None of them is empty."""
    if not _MIN_LINES <= len(texts) <= _MAX_LINES:
        return False
    if any(len(text) > _MAX_LETTERS for text in texts) or not texts[0][0].isalnum():
        return False
    texts = [text[:_LONGEST] for text in texts]
    if any(text.endswith(".") and len(text.split()) > 4 for text in texts):
        return False
    postal = sum(_POSTAL.search(text) is not None for text in texts)
    street = sum(_STREET.search(text) is not None and _DIGIT.search(text) is not None for text in texts)
    reach = sum(_REACH.search(text) is not None for text in texts)
    return (postal > 0 and postal + street + reach >= 2) or (street > 0 and reach > 0) or reach >= 3
