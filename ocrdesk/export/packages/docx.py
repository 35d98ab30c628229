"""Word documents.

They have headings, lists, tables and page breaks for further editing. The appearance of the pages is not kept.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, BinaryIO

import docx
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from docx.shared import Inches

from ocrdesk.contract.document import DocumentHead, Page
from ocrdesk.contract.structure import BlockRole
from ocrdesk.export.barcode_lines import code_line
from ocrdesk.export.language_tags import language_tag
from ocrdesk.export.packages.docx_body import Body
from ocrdesk.export.packages.paper import paper_inches
from ocrdesk.export.parts.note_references import NoteLabels
from ocrdesk.export.parts.page_parts import LinesPart, ListPart, NotePart, Part, TablePart, TextPart, page_parts
from ocrdesk.export.xml_text import legal

if TYPE_CHECKING:
    from docx.document import Document

_EAST_ASIAN = ("zh", "ja", "ko")
_RIGHT_TO_LEFT = ("ar", "he", "fa", "ur", "yi", "ps", "sd", "ug", "dv")
_STYLES = {
    BlockRole.CAPTION: "Caption",
    BlockRole.VERSE: "Quote",
    BlockRole.CODE: "Code",
    BlockRole.FOOTNOTE: "footnote text",
}


def write(head: DocumentHead, pages: Iterable[Page], out: BinaryIO) -> None:
    """Write the file. Pages are read one at a time, but the whole document is in memory before it is written."""
    document = docx.Document()
    _describe(document, head)
    body = Body(document)
    labels = NoteLabels()
    for index, page in enumerate(pages):
        if index == 0:
            _set_paper(document, page)
            _set_language(document, language_tag(page.languages))
        body.begin_page(first=index == 0)
        if page.error:
            body.add_text(f"Page {page.number} was not read: {page.error.message}", italic=True)
        for part in page_parts(page, labels):
            _add(body, part)
        for code in page.codes:
            body.add_text(code_line(code))
    body.finish()
    document.save(out)


def _add(body: Body, part: Part) -> None:
    match part:
        case TextPart(role=BlockRole.HEADING):
            body.add_text(part.text, style=f"Heading {part.level}")
        case TextPart():
            body.add_text(part.text, style=_STYLES.get(part.role))
        case LinesPart():
            body.add_lines(part.lines, style=_STYLES.get(part.role))
        case ListPart():
            for item in part.items:
                body.add_item(item)
        case NotePart():
            body.add_note(part, style=_STYLES[BlockRole.FOOTNOTE])
        case TablePart():
            body.add_table(part.table)


def _describe(document: Document, head: DocumentHead) -> None:
    """Replace the properties of the template."""
    properties = document.core_properties
    properties.title = legal(head.file_name)[:255]
    properties.author = ""
    properties.comments = ""
    properties.last_modified_by = "ocrdesk"


def _set_paper(document: Document, page: Page) -> None:
    """Set the paper size of the first page, if it is known."""
    if size := paper_inches(page):
        width, height = size
        section = document.sections[0]
        section.page_width, section.page_height = Inches(width), Inches(height)
        section.orientation = WD_ORIENT.LANDSCAPE if width > height else WD_ORIENT.PORTRAIT


def _set_language(document: Document, tag: str | None) -> None:
    """Set the language for Word's spelling check: that of the first page."""
    if tag is None:
        return
    kind = tag.partition("-")[0]
    attribute = "w:eastAsia" if kind in _EAST_ASIAN else "w:bidi" if kind in _RIGHT_TO_LEFT else "w:val"
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn(attribute), tag)
