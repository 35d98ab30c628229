"""Reads the tags of a tagged PDF: the elements of a page's structure and the areas of their words."""

from __future__ import annotations

import ctypes
from collections.abc import Iterable, Iterator

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from ocrdesk.contract.box import Rectangle, around
from ocrdesk.layout.page_marks import TaggedArea
from ocrdesk.layout.positioned_word import PositionedWord
from ocrdesk_worker.render.page_frame import PageFrame
from ocrdesk_worker.render.pdf_text.page_objects import address
from ocrdesk_worker.render.pdf_text.words import TextPage

_MAX_ELEMENTS = 5_000
_MAX_DEPTH = 40
_MAX_IDS = 50_000
_LONGEST_NAME = 128

_Path = tuple[int, ...]


def read_tags(
    page: pdfium.PdfPage, words: Iterable[PositionedWord], text: TextPage, frame: PageFrame
) -> tuple[TaggedArea, ...]:
    """Return the elements of the page that have words, each before its children; none if the PDF is not tagged."""
    tree = pdfium_c.FPDF_StructTree_GetForPage(page)
    if not tree:
        return ()
    try:
        elements = _Elements()
        for number in range(min(_MAX_ELEMENTS, max(0, pdfium_c.FPDF_StructTree_CountChildren(tree)))):
            elements.add(pdfium_c.FPDF_StructTree_GetChildAtIndex(tree, number), (number,))
        if not elements.ids:
            return ()
        areas = _areas(elements, words, text)
        return tuple(
            TaggedArea(tag, frame.box(areas[path]), path) for path, tag in elements.tags.items() if path in areas
        )
    finally:
        pdfium_c.FPDF_StructTree_Close(tree)


class _Elements:
    """The elements of a structure tree by their paths, and the elements of marked contents by the contents' ids."""

    def __init__(self) -> None:
        self.tags: dict[_Path, str] = {}
        self.ids: dict[int, _Path] = {}

    def add(self, element: pdfium_c.FPDF_STRUCTELEMENT, path: _Path) -> None:
        """Add an element and its descendants."""
        if not element or len(self.tags) >= _MAX_ELEMENTS or len(path) > _MAX_DEPTH:
            return
        self.tags[path] = _name(element)
        for number in _content_ids(element):
            if len(self.ids) < _MAX_IDS:
                self.ids.setdefault(number, path)
        for index in range(min(_MAX_ELEMENTS, max(0, pdfium_c.FPDF_StructElement_CountChildren(element)))):
            child = pdfium_c.FPDF_StructElement_GetChildAtIndex(element, index)
            if child:
                self.add(child, (*path, index))


def _content_ids(element: pdfium_c.FPDF_STRUCTELEMENT) -> Iterator[int]:
    count = pdfium_c.FPDF_StructElement_GetMarkedContentIdCount(element)
    for index in range(min(_MAX_IDS, max(0, count))):
        number = pdfium_c.FPDF_StructElement_GetMarkedContentIdAtIndex(element, index)
        if number >= 0:
            yield number


def _areas(elements: _Elements, words: Iterable[PositionedWord], text: TextPage) -> dict[_Path, Rectangle]:
    """Return the area of each element that has words: around its own and those of its descendants."""
    ids: dict[int, int] = {}
    own: dict[_Path, Rectangle] = {}
    for word in words:
        item = text.text_object(word.first)
        if not item:
            continue
        key = address(item)
        if key not in ids:
            ids[key] = pdfium_c.FPDFPageObj_GetMarkedContentID(item)
        path = elements.ids.get(ids[key])
        if path is not None:
            own[path] = around(own[path], word.ink) if path in own else word.ink
    areas: dict[_Path, Rectangle] = {}
    for path, area in own.items():
        for length in range(1, len(path) + 1):
            outer = path[:length]
            areas[outer] = around(areas[outer], area) if outer in areas else area
    return areas


def _name(element: pdfium_c.FPDF_STRUCTELEMENT) -> str:
    buffer = ctypes.create_string_buffer(_LONGEST_NAME)
    size = pdfium_c.FPDF_StructElement_GetType(element, buffer, _LONGEST_NAME)
    return buffer.raw[: size - 2].decode("utf-16-le", "replace") if 2 < size <= _LONGEST_NAME else ""
