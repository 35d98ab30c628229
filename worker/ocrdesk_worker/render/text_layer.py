"""Reads a PDF page's own text: words with their places on the page image, and whether that is good enough."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

import pypdfium2 as pdfium

from ocrdesk.contract.document import Block, Box, Line, Source, Word
from ocrdesk_worker.render.annotations import open_page
from ocrdesk_worker.render.frame import PageFrame, frame_of
from ocrdesk_worker.render.layer_verdict import (
    fault_of_page,
    fault_of_pictures,
    fault_of_text,
    hidden_words,
    is_large,
    legible,
)
from ocrdesk_worker.render.layer_words import MOST_CHARACTERS, LayerWord, TextPage
from ocrdesk_worker.render.page_objects import Drawn, survey
from ocrdesk_worker.render.reading_order import arrange
from ocrdesk_worker.render.source import TextLayer

_CERTAIN = 1.0
_RECOGNISED_BEFORE = 0.8
"""For words that some other program recognised under a scan: it kept its doubts to itself."""
_NO_MEANING = {"Cc", "Cn", "Cs"}
_UNKNOWN = "\ufffd"


def read_text_layer(document: pdfium.PdfDocument, page_index: int) -> TextLayer:
    """The page's text and what is wrong with it, if anything. Raises PdfiumError, Fault.

    Takes one to three milliseconds for a page of plain text.
    """
    page = open_page(document, page_index)
    try:
        frame = frame_of(page)
        text = TextPage(page)
        try:
            return _read(page, text, frame)
        finally:
            text.close()
    finally:
        page.close()


@dataclass(frozen=True, slots=True)
class _Found:
    fault: str | None
    is_hidden: bool = False


def _read(page: pdfium.PdfPage, text: TextPage, frame: PageFrame) -> TextLayer:
    drawn = survey(page)
    width, height = frame.size
    if text.count > MOST_CHARACTERS:
        return _layer(frame, (), "the page has more text of its own than a page can hold")
    if not drawn.total:
        return _layer(frame, (), "nothing is drawn on this page", is_blank=True)
    words = text.words(frame)
    arranged = arrange(words, width, height)
    kept = [word for block in arranged.blocks for line in block for word in line]
    fault = fault_of_text(kept, arranged.clashes) or fault_of_page(kept, drawn)
    if fault:
        return _layer(frame, (), fault)
    found = _look_at_pictures(kept, drawn, text, frame)
    if found.fault:
        return _layer(frame, (), found.fault)
    confidence = _RECOGNISED_BEFORE if found.is_hidden else _CERTAIN
    blocks = (_block(block, frame, confidence) for block in arranged.blocks)
    return _layer(frame, tuple(block for block in blocks if block), None)


def _look_at_pictures(words: list[LayerWord], drawn: Drawn, text: TextPage, frame: PageFrame) -> _Found:
    pictures = legible(drawn.pictures, frame)
    share = is_large(pictures, frame) if pictures else 0.0
    if not share:
        return _Found(None)
    hidden = hidden_words(words, pictures, drawn, text, frame)
    return _Found(fault_of_pictures(words, hidden, pictures, share, frame), is_hidden=bool(hidden))


def _layer(frame: PageFrame, blocks: tuple[Block, ...], fault: str | None, *, is_blank: bool = False) -> TextLayer:
    width, height = frame.size
    return TextLayer(width, height, frame.dpi, frame.rotation, blocks, fault, is_blank)


def _block(lines: list[list[LayerWord]], frame: PageFrame, confidence: float) -> Block | None:
    made = []
    for line in lines:
        words = tuple(
            Word(text=text, box=frame.box(word.ink), confidence=confidence, source=Source.TEXT_LAYER)
            for word in line
            if (text := _cleaned(word.text))
        )
        if words:
            made.append(Line(box=Box.around([word.box for word in words]), words=words))
    return Block(box=Box.around([line.box for line in made]), lines=tuple(made)) if made else None


def _cleaned(text: str) -> str:
    """The text without control characters, and with one sign for every other character without a meaning."""
    if text.isascii() and text.isprintable():
        return text
    kept = (
        _UNKNOWN if (category := unicodedata.category(character)) == "Co" else character
        for character in text
        if character == _UNKNOWN or (category := unicodedata.category(character)) not in _NO_MEANING
    )
    return "".join(kept).strip()
