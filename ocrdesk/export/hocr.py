"""hOCR 1.2.

This is XHTML with the position and confidence of every word.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

from ocrdesk import __version__
from ocrdesk.contract.box import Box
from ocrdesk.contract.document import Block, BlockKind, DocumentHead, Line, Page, Word
from ocrdesk.contract.word_spacing import separator
from ocrdesk.export.language_tags import language_tag
from ocrdesk.export.xml_text import document, escape, legal, quoted
from ocrdesk.layout.text_direction import is_rtl

CAPABILITIES = "ocr_page ocr_carea ocr_par ocr_line ocr_header ocr_footer ocrx_word ocrp_wconf ocrp_lang ocrp_dir"
_LINE_CLASSES = {BlockKind.TEXT: "ocr_line", BlockKind.HEADER: "ocr_header", BlockKind.FOOTER: "ocr_footer"}
"""Lines of headers and footers have their own classes, like headers and captions in Tesseract's hOCR."""


def hocr(head: DocumentHead, pages: Iterable[Page]) -> Iterator[str]:
    """Yield the document page by page. Ids are like Tesseract's: page_1, block_1_1, par_1_1, line_1_1, word_1_1.

    The languages in the head are those of the first page: the others are not known yet.
    """
    upcoming = iter(pages)
    first = next(upcoming, Page(number=1))  # at least one page is required
    languages = [tag for name in first.languages if (tag := language_tag([name]))]
    yield document(
        '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN"'
        ' "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">',
        '<html xmlns="http://www.w3.org/1999/xhtml">',
        " <head>",
        f"  <title>{escape(head.file_name)}</title>",
        '  <meta http-equiv="Content-Type" content="text/html; charset=utf-8" />',
        f'  <meta name="ocr-system" content="ocrdesk {__version__}" />',
        f'  <meta name="ocr-capabilities" content="{CAPABILITIES}" />',
        f'  <meta name="ocr-langs" content="{" ".join(languages) or "unknown"}" />',
        " </head>",
        " <body>",
    )
    for page in chain([first], upcoming):
        yield _page(head, page)
    yield " </body>\n</html>\n"


def _page(head: DocumentHead, page: Page) -> str:
    properties = [
        f'image "{_image_name(head.file_name)}"',
        _bbox(Box(0, 0, page.width, page.height)),
        f"ppageno {page.number - 1}",
    ]
    if page.dpi:
        properties.append(f"scan_res {round(page.dpi)} {round(page.dpi)}")
    numbers = _Numbers(page.number)
    tag = language_tag(page.languages)
    lines = [f'  <div class="ocr_page" id="page_{page.number}" title={quoted("; ".join(properties))}>']
    if page.error:
        lines.append(f"   <!-- page {page.number} was not read: {page.error.code} -->")
    for block in page.blocks:
        lines += _block(block, tag, numbers)
    return "".join(f"{line}\n" for line in (*lines, "  </div>"))


class _Numbers:
    """Counts a page's elements of each kind, for their ids."""

    def __init__(self, page: int) -> None:
        self._page = page
        self._counts: dict[str, int] = {}

    def id(self, kind: str) -> str:
        self._counts[kind] = self._counts.get(kind, 0) + 1
        return f"{kind}_{self._page}_{self._counts[kind]}"


def _block(block: Block, tag: str | None, numbers: _Numbers) -> Iterator[str]:
    position = quoted(_bbox(block.box))
    direction = "rtl" if is_rtl(line.text for line in block.lines) else "ltr"
    language = f' lang="{tag}" xml:lang="{tag}"' if tag else ""
    yield f'   <div class="ocr_carea" id="{numbers.id("block")}" title={position}>'
    yield f'    <p class="ocr_par" id="{numbers.id("par")}"{language} dir="{direction}" title={position}>'
    for line in block.lines:
        yield from _line(line, _LINE_CLASSES[block.kind], numbers)
    yield "    </p>"
    yield "   </div>"


def _line(line: Line, kind: str, numbers: _Numbers) -> Iterator[str]:
    yield f'     <span class="{kind}" id="{numbers.id("line")}" title={quoted(_bbox(line.box))}>'
    before: Word | None = None
    parts: list[str] = []
    for word in line.words:
        if text := escape(word.text):
            properties = f"{_bbox(word.box)}; x_wconf {round(word.confidence * 100)}"
            span = f'<span class="ocrx_word" id="{numbers.id("word")}" title={quoted(properties)}>{text}</span>'
            if before is not None and not separator(before, word):
                parts[-1] += span  # white space between elements would be a space
            else:
                parts.append("      " + span)
            before = word
    yield from parts
    yield "     </span>"


def _bbox(box: Box) -> str:
    return f"bbox {box.left} {box.top} {box.right} {box.bottom}"


def _image_name(file_name: str) -> str:
    """Return the file's name for a quoted property. Readers split properties even at quoted semicolons."""
    return legal(file_name).replace('"', "%22").replace(";", "%3B")
