"""The body of a Word document: paragraphs with styles, list items, tables with merged cells."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Inches, Length, Pt

from ocrdesk.export.packages.docx_lists import Numbering, child, set_indent, set_list
from ocrdesk.export.packages.docx_table import table_element
from ocrdesk.export.parts.note_references import NoteReference, split_references
from ocrdesk.export.parts.page_parts import ListItem, NotePart
from ocrdesk.export.table_texts import TableText
from ocrdesk.export.xml_text import allowed, legal
from ocrdesk.layout.text_direction import has_rtl_letters, is_rtl, split_by_direction

if TYPE_CHECKING:
    from docx.document import Document
    from docx.oxml.xmlchemy import BaseOxmlElement

_MARGIN = Inches(1)
_AFTER_TABLE = "200"  # white above a paragraph under a table, in twentieths of a point
_LIST_STYLES = 3  # levels for which Word has styles of list items
_TICKS = {True: "☑", False: "☐"}


class Body:
    """Builds the body. Elements are inserted before its last one, which is faster than python-docx's search for it."""

    def __init__(self, document: Document) -> None:
        self._section = document.sections[0]
        self._end = document.element.body.sectPr
        self._numbering = Numbering(document)
        _add_styles(document)
        self._style_ids = {style.name: style.style_id for style in document.styles}
        self._breaks = False
        self._after_table = False
        for side in ("left_margin", "right_margin", "top_margin", "bottom_margin"):
            setattr(self._section, side, _MARGIN)

    def begin_page(self, *, first: bool) -> None:
        self.finish()
        self._breaks = not first

    def add_text(self, text: str, *, style: str | None = None, italic: bool = False) -> None:
        """Add a paragraph. The text may have references to notes."""
        if text.strip():
            element = self._begin(text, style)
            _add_runs(element, text, italic=italic)

    def add_lines(self, lines: Iterable[str], *, style: str | None) -> None:
        """Add a paragraph with line breaks. Spaces at the beginnings of lines are kept."""
        lines = list(lines)
        element = self._begin(" ".join(lines), style)
        for number, line in enumerate(lines):
            if number:
                child(child(element, "w:r"), "w:br")
            text = line.lstrip(" ")
            _add_runs(element, " " * (len(line) - len(text)) + text)

    def add_item(self, item: ListItem) -> None:
        """Add an item of a list. Markers that are no bullets or numbers, and checkboxes, are its first characters."""
        name = "List Number" if item.number else "List Bullet"
        label = item.marker if item.is_labelled else _TICKS[item.ticked] if item.ticked is not None else None
        name = "List" if label is not None else name
        level = min(item.depth + 1, _LIST_STYLES)
        list_id = None if label is not None else self._numbering.list_of(item)
        element = self._begin(item.text, name if level == 1 else f"{name} {level}", (list_id, item.depth))
        if label is not None:
            _add_runs(element, legal(label))
            child(child(element, "w:r"), "w:tab")
        _add_runs(element, item.text)

    def add_note(self, note: NotePart, *, style: str) -> None:
        """Add a footnote, with its mark raised if the text refers to it."""
        element = self._begin(note.text, style)
        if note.label is not None:
            _add_run(element, legal(note.mark), raised=True)
            _add_run(element, " ")
        _add_runs(element, note.text)

    def add_table(self, table: TableText) -> None:
        if self._breaks or self._after_table:  # without a paragraph between them, Word merges two tables
            self._begin("")
        width = Length((self._section.page_width or Inches(8.5)) - 2 * _MARGIN)
        self._end.addprevious(table_element(table, width, _add_cell_text))
        self._breaks, self._after_table = False, True

    def finish(self) -> None:
        """End a page: without text it is an empty page, and a table is never the last element."""
        if self._breaks or self._after_table:
            self._begin("")

    def _begin(
        self, text: str, style: str | None = None, list_place: tuple[int | None, int] | None = None
    ) -> BaseOxmlElement:
        """Add a paragraph and return it. The place in a list is the list, if it has numbers or bullets, and the depth.

        The order of the properties is the schema's.
        """
        element = OxmlElement("w:p")
        properties = child(element, "w:pPr")
        if style is not None and (style_id := self._style_ids.get(style)):
            child(properties, "w:pStyle", "w:val", style_id)
        if self._breaks:
            child(properties, "w:pageBreakBefore")
        list_id, depth = list_place or (None, 0)
        if list_id is not None:
            set_list(properties, list_id, depth)
        if is_rtl([text]):
            child(properties, "w:bidi")
        if self._after_table and text:
            child(properties, "w:spacing", "w:before", _AFTER_TABLE)
        if list_place and list_id is None:
            set_indent(properties, depth)
        self._end.addprevious(element)
        self._breaks = self._after_table = False
        return element


def _add_styles(document: Document) -> None:
    """Add the styles that the template lacks."""
    styles = document.styles
    for name, size, font in (("footnote text", Pt(9), None), ("Code", Pt(9), "Courier New")):
        style = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = styles["Normal"]
        style.font.size = size
        style.font.name = font
        if font:
            style.paragraph_format.keep_together = True


def _add_runs(element: BaseOxmlElement, whole: str, *, italic: bool = False) -> None:
    """Add text to a paragraph. In text with right-to-left letters, each direction has runs of its own."""
    for part in split_references(whole):
        if isinstance(part, NoteReference):
            _add_run(element, legal(part.mark), raised=True)
            continue
        text = allowed(part)
        for piece, rtl in split_by_direction(text) if has_rtl_letters(text) else [(text, False)]:
            _add_run(element, piece, italic=italic, rtl=rtl)


def _add_run(
    element: BaseOxmlElement, text: str, *, italic: bool = False, raised: bool = False, rtl: bool = False
) -> None:
    if not text:
        return
    run = child(element, "w:r")
    if italic or rtl or raised:
        properties = child(run, "w:rPr")
        if italic:
            child(properties, "w:i")
        if raised:
            child(properties, "w:vertAlign", "w:val", "superscript")
        if rtl:
            child(properties, "w:rtl")
    content = child(run, "w:t")
    content.set(qn("xml:space"), "preserve")
    content.text = text


def _add_cell_text(paragraph: BaseOxmlElement, text: str) -> None:
    _add_runs(paragraph, legal(text))
