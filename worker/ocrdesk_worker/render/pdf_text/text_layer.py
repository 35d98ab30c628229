"""Reads a page's text layer.

The result has the words and their boxes, whether they are good enough, and the images whose text they lack.
"""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from typing import Any

import pypdfium2 as pdfium
from pydantic import TypeAdapter

from ocrdesk.contract.box import Box
from ocrdesk.contract.document import Block, Source
from ocrdesk.contract.structure import FormField
from ocrdesk.layout.page_marks import PageMarks
from ocrdesk.layout.positioned_word import PositionedWord
from ocrdesk.layout.reading_order import sort_words
from ocrdesk_worker.render.annotations import open_page
from ocrdesk_worker.render.form_fields import read_form_fields
from ocrdesk_worker.render.page_frame import PageFrame, frame_of
from ocrdesk_worker.render.page_source import TextLayer
from ocrdesk_worker.render.pdf_text.doubts import doubtful_words
from ocrdesk_worker.render.pdf_text.drawn_boxes import find_drawn_boxes
from ocrdesk_worker.render.pdf_text.drop_caps import join_drop_caps
from ocrdesk_worker.render.pdf_text.page_objects import list_objects
from ocrdesk_worker.render.pdf_text.pictures import find_pictures
from ocrdesk_worker.render.pdf_text.quality import page_problem, text_quality_problem
from ocrdesk_worker.render.pdf_text.ruling_lines import find_ruling_lines
from ocrdesk_worker.render.pdf_text.tags import read_tags
from ocrdesk_worker.render.pdf_text.text_likelihood import may_have_text
from ocrdesk_worker.render.pdf_text.unread_images import find_unread_images, keep_wanted
from ocrdesk_worker.render.pdf_text.word_styles import word_styles
from ocrdesk_worker.render.pdf_text.words import MAX_CHARACTERS, TextPage

_CERTAIN = 1.0
_RECOGNISED_BEFORE = 0.8
"""The confidence of words that another program recognised under a scan: it did not store its own."""
_MEANINGLESS = {"Cc", "Cn", "Cs"}
_UNKNOWN = "\ufffd"
_BLOCKS: TypeAdapter[tuple[Block, ...]] = TypeAdapter(tuple[Block, ...])


def read_text_layer(document: pdfium.PdfDocument, page_index: int) -> TextLayer:
    """Return the page's text and what is wrong with it, if anything. Raises PdfiumError, ProcessingError.

    Takes one to three milliseconds for a page of plain text.
    """
    fields = read_form_fields(document, page_index)
    page = open_page(document, page_index)
    try:
        frame = frame_of(page)
        text = TextPage(page)
        try:
            layer = _read(page, text, frame)
            return _with_fields(layer, fields) if fields else layer
        finally:
            text.close()
    finally:
        page.close()


def _with_fields(layer: TextLayer, fields: tuple[FormField, ...]) -> TextLayer:
    """Return the page with these fields of the file; those that are drawn in their places are the same."""
    drawn = (it for it in layer.marks.form_fields if not any(it.box.shared_area(field.box) for field in fields))
    return replace(layer, marks=replace(layer.marks, form_fields=(*fields, *drawn)))


def _read(page: pdfium.PdfPage, text: TextPage, frame: PageFrame) -> TextLayer:
    objects = list_objects(page)
    if text.count > MAX_CHARACTERS:
        return _layer(frame, (), "the page has more text of its own than a page can hold")
    if not objects.total:
        return _layer(frame, (), "nothing is drawn on this page", is_blank=True)
    words = join_drop_caps(text.words(frame))
    order = sort_words(words, frame.width, frame.height)
    kept = [word for block in order.blocks for line in block for word in line]
    problem = text_quality_problem(kept, order.clashes) or page_problem(kept, objects)
    if problem:
        return _layer(frame, (), problem)
    unread = find_unread_images(kept, objects, text, frame)
    if unread.problem:
        return _layer(frame, (), unread.problem)
    unread = keep_wanted(unread, frame, lambda area: may_have_text(page, frame, area))
    boxes = {word.first: frame.box(word.ink) for word in kept}
    layer = _layer(frame, _blocks(order.blocks, boxes, unread.hidden_words), None)
    doubtful = doubtful_words(kept, unread.hidden_words)
    rules, drawn = find_ruling_lines(page, frame)
    return replace(
        layer,
        unread_images=tuple(map(frame.box, unread.areas)),
        doubtful=tuple(boxes[word.first] for word in kept if word.first in doubtful),
        incomplete_because=unread.reason if unread.is_large else None,
        marks=PageMarks(
            rules=rules,
            form_fields=find_drawn_boxes(drawn, [(boxes[word.first], word.text) for word in kept]),
            pictures=find_pictures(page, objects, frame),
            styles=word_styles(kept, boxes, text, frame),
            tags=read_tags(page, kept, text, frame),
        ),
    )


def _layer(frame: PageFrame, blocks: tuple[Block, ...], problem: str | None, *, is_blank: bool = False) -> TextLayer:
    return TextLayer(frame.width, frame.height, frame.dpi, frame.rotation, blocks, problem, is_blank)


def _blocks(
    blocks: list[list[list[PositionedWord]]], boxes: dict[int, Box], hidden: frozenset[int]
) -> tuple[Block, ...]:
    """Return the contract's records. All are validated at once, which takes a third of the time."""
    made = []
    for block in blocks:
        lines = []
        for line in block:
            words = [
                {
                    "text": text,
                    "box": boxes[word.first],
                    "confidence": _RECOGNISED_BEFORE if word.first in hidden else _CERTAIN,
                    "source": Source.TEXT_LAYER,
                }
                for word in line
                if (text := _cleaned(word.text))
            ]
            if words:
                lines.append({"box": _around(words), "words": words})
        if lines:
            made.append({"box": _around(lines), "lines": lines})
    return _BLOCKS.validate_python(made)


def _around(parts: list[dict[str, Any]]) -> Box:
    return Box.around([part["box"] for part in parts])


def _cleaned(text: str) -> str:
    """Return the text without control characters, and with a replacement for private ones, which have no meaning."""
    if text.isprintable():
        return text
    kept = []
    for character in text:
        category = unicodedata.category(character)
        if category not in _MEANINGLESS:
            kept.append(_UNKNOWN if category == "Co" else character)
    return "".join(kept).strip()
