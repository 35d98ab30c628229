"""Finds the captions of figures and tables."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from ocrdesk.contract.box import Box
from ocrdesk.contract.document import Block, Line, Page
from ocrdesk.contract.structure import BlockRole
from ocrdesk.layout.structure.looks import PageLooks
from ocrdesk.layout.structure.parts import is_plain

_NAME = (
    r"(?:figure|figura|fig|table|tabelle|tableau|tabella|tabela|tabulka|tabell|tabel|tabla|taulukko|tab"
    r"|abbildung|abb|afbeelding|ilustraci[óo]n|illustration|rysunek|rys|kuva|obr[áa]zek|obr|figur|bild"
    r"|chart|diagram|diagramm|scheme|schema|schéma|plate|map|listing|algorithm|exhibit|box|photo|image|graph"
    r"|рисунок|рис|таблица|табл|таблиця|şekil|tablo|εικόνα|πίνακας|图|圖|図|表|그림|표|شكل|جدول|شکل|תמונה|טבלה)"
)
_NUMBER = r"(?:\s?[A-Z]?\d{1,3}|\s(?-i:[A-Z]|[IVXLC]{1,6}))(?:[.\-–]\d{1,3}){0,3}(?-i:[a-z])?"  # noqa: RUF001
_LABEL = re.compile(rf"{_NAME}\.?{_NUMBER}(?=\W|$)", re.IGNORECASE)
_SURE = re.compile(rf"{_NAME}\.?{_NUMBER}\s?(?:[:.|\u2014\u2013]|$)", re.IGNORECASE)
"""A label with its punctuation, or nothing else on the line."""
_SENTENCE = re.compile(
    rf"{_NAME}\.?{_NUMBER}\s(?:and|or|shows?|is|are|was|were|in|of|gives?|presents?|illustrates?|zeigt|und|ist|et|y|e)\s",
    re.IGNORECASE,
)
_NEAR = 3.0
"""In line heights: how far a caption without punctuation is from its figure or table."""
_LONGEST = 200
"""Only so many characters of a block are searched."""


def is_caption(text: str) -> bool:
    """Return whether a text begins as a caption does: "Figure 3:", "Table 2."."""
    return _SURE.match(text[:_LONGEST]) is not None


def is_label(text: str) -> bool:
    """Return whether a text begins with the name and number of a figure or table."""
    return _LABEL.match(text[:_LONGEST]) is not None


def with_captions(page: Page, looks: PageLooks) -> Page:
    """Return the page with its captions: labels with punctuation or in another style, or beside a figure or table."""
    areas = [figure.box for figure in page.figures]
    areas += [block.box for block in page.blocks if block.table is not None]
    blocks = []
    for block in page.blocks:
        text = block.lines[0].text[:_LONGEST] if block.lines else ""
        if not is_plain(block) or not _LABEL.match(text):
            blocks.append(block)
        elif is_caption(text) or (
            not _SENTENCE.match(text) and (looks.is_set_apart(block.lines[0].words[0]) or _is_near(block, areas))
        ):
            end = _end(block)
            blocks.append(block.with_lines(block.lines[:end], role=BlockRole.CAPTION))
            if end < len(block.lines):
                blocks.append(block.with_lines(block.lines[end:]))
        else:
            blocks.append(block)
    return page.model_copy(update={"blocks": tuple(blocks)})


def _is_near(block: Block, areas: Sequence[Box]) -> bool:
    box, reach = block.box, _NEAR * block.lines[0].box.height
    return any(
        box.crosses_columns(area) and (abs(box.top - area.bottom) <= reach or abs(area.top - box.bottom) <= reach)
        for area in areas[:1000]
    )


def _end(block: Block) -> int:
    """Return after which line a caption ends: more white than between its lines separates it from other text."""
    whites = [_white(upper, lower) for upper, lower in pairwise(block.lines)]
    if not whites:
        return len(block.lines)
    usual = min(whites)
    height = block.lines[0].box.height
    return next((index for index, white in enumerate(whites, 1) if white > usual + 0.5 * height), len(block.lines))


def _white(upper: Line, lower: Line) -> int:
    return lower.box.top - upper.box.bottom
