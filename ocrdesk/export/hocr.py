"""hOCR 1.2.

This is XHTML with the position and confidence of every word.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, groupby

from ocrdesk import __version__
from ocrdesk.contract.box import Box
from ocrdesk.contract.document import Block, BlockKind, DocumentHead, Line, Page, Word
from ocrdesk.contract.structure import BlockRole
from ocrdesk.contract.word_spacing import separator
from ocrdesk.export.language_tags import language_tag
from ocrdesk.export.xml_text import document, escape, legal, quoted
from ocrdesk.layout.text_direction import is_rtl

_LINE_CLASSES = {BlockKind.TEXT: "ocr_line", BlockKind.HEADER: "ocr_header", BlockKind.FOOTER: "ocr_footer"}
"""Lines of headers and footers, and of captions, have their own classes, as in Tesseract's hOCR."""
_CAPTION, _TABLE, _FIGURE = "ocr_caption", "ocr_table", "ocr_image"
_SECTIONS = ("ocr_chapter", "ocr_section", "ocr_subsection", "ocr_subsubsection")
"""The classes of headings by their level; the last one for deeper ones too."""
CAPABILITIES = (
    f"ocr_page ocr_carea ocr_par {' '.join(_LINE_CLASSES.values())} {_CAPTION} {_TABLE} {_FIGURE} {' '.join(_SECTIONS)}"
    " ocrx_word ocrp_wconf ocrp_lang ocrp_dir"
)


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
    for figure in page.figures:
        lines.append(f'   <div class="{_FIGURE}" id="{numbers.id("figure")}" title={quoted(_bbox(figure.box))}></div>')
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
    """Yield the area of a block: a paragraph or heading with its lines, or a table with a paragraph for each cell."""
    position = quoted(_bbox(block.box))
    is_text = not block.kind.is_header_or_footer
    kind = _CAPTION if is_text and block.role is BlockRole.CAPTION else _LINE_CLASSES[block.kind]
    yield f'   <div class="ocr_carea" id="{numbers.id("block")}" title={position}>'
    if is_text and block.table is not None:
        yield f'    <div class="{_TABLE}" id="{numbers.id("table")}" title={position}>'
        for _, group in groupby(block.lines, key=lambda line: line.cell):
            lines = list(group)
            box = Box.around([line.box for line in lines])
            yield from _paragraph(lines, box, kind, tag, numbers)
        yield "    </div>"
    else:
        level = min(block.level or 1, len(_SECTIONS)) if is_text and block.role is BlockRole.HEADING else 0
        yield from _paragraph(block.lines, block.box, kind, tag, numbers, level)
    yield "   </div>"


def _paragraph(
    lines: Sequence[Line], box: Box, kind: str, tag: str | None, numbers: _Numbers, level: int = 0
) -> Iterator[str]:
    """Yield a paragraph, or a heading if it has a level."""
    name, role, id_kind = (f"h{level}", _SECTIONS[level - 1], "heading") if level else ("p", "ocr_par", "par")
    direction = "rtl" if is_rtl(line.text for line in lines) else "ltr"
    language = f' lang="{tag}" xml:lang="{tag}"' if tag else ""
    position = quoted(_bbox(box))
    yield f'    <{name} class="{role}" id="{numbers.id(id_kind)}"{language} dir="{direction}" title={position}>'
    for line in lines:
        yield from _line(line, kind, numbers)
    yield f"    </{name}>"


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
