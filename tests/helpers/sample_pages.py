"""Makes pages for the tests of exports: text as laid out on paper, tables, and failed pages."""

from __future__ import annotations

from collections.abc import Sequence

from ocrdesk.contract.document import Block, BlockKind, Box, Code, Document, Line, Page, Source, Word
from ocrdesk.contract.errors import ErrorCode, ErrorInfo
from ocrdesk.contract.states import PageState

LETTER = 20
"""The width of a letter, in pixels."""
HEIGHT = 30
"""The height of a word; lines are twice as far apart."""
PITCH = 2 * HEIGHT


def word(text: str, left: int = 0, top: int = 0, confidence: float = 0.9) -> Word:
    box = Box(left, top, left + LETTER * len(text), top + HEIGHT)
    return Word(text=text, box=box, confidence=confidence, source=Source.TESSERACT)


def line(text: str, left: int = 0, top: int = 0) -> Line:
    """Return words at their positions in the text, as typed: runs of spaces are wide gaps."""
    words = []
    at = 0
    for part in text.split():
        at = text.index(part, at)
        words.append(word(part, left + LETTER * at, top))
        at += len(part)
    return line_of(words)


def line_of(words: Sequence[Word]) -> Line:
    return Line(box=Box.around([found.box for found in words]), words=tuple(words))


def block(*lines: str, left: int = 100, top: int = 100) -> Block:
    """Return a paragraph; an empty line leaves its place blank."""
    return block_of([line(text, left, top + PITCH * row) for row, text in enumerate(lines) if text.strip()])


def block_of(lines: Sequence[Line]) -> Block:
    return Block(box=Box.around([found.box for found in lines]), lines=tuple(lines))


def row(texts: Sequence[str], top: int = 100) -> Block:
    """Return a paragraph of one line with exactly these words."""
    return block_of([line_of([word(text, 100 + 300 * at, top) for at, text in enumerate(texts)])])


def page(*blocks: Block, number: int = 1, languages: tuple[str, ...] = ("eng",)) -> Page:
    return Page(number=number, width=2000, height=3000, dpi=200, languages=languages, blocks=blocks)


def page_with_header_and_footer(number: int = 1) -> Page:
    """Return a page with a header of two lines, a paragraph with a hyphenated word, and a page number."""
    head = block("Town of Eastport", "Report", top=40).model_copy(update={"kind": BlockKind.HEADER})
    foot = block("- 4 -", top=2900).model_copy(update={"kind": BlockKind.FOOTER})
    return page(head, block("The old brid-", "ge stands", top=400), foot, number=number)


def coded(*contents: str, number: int = 1) -> Page:
    """Return a page of one line and these QR codes."""
    codes = [Code(format="QRCode", text=text, box=Box(9, 90 * n, 89, 90 * n + 80)) for n, text in enumerate(contents)]
    return page(block("Pay here"), number=number).model_copy(update={"codes": tuple(codes)})


def typed(text: str, number: int = 1) -> Page:
    """Return a page of one block that looks like this text in a monospaced font."""
    return page(block(*text.strip("\n").split("\n")), number=number)


def failed(number: int = 1, message: str = "It took longer than 10 s. Try again.") -> Page:
    """Return a page that failed before it was rendered."""
    return Page(
        number=number, status=PageState.TIMEOUT, error=ErrorInfo(code=ErrorCode.TIMEOUT, message=message), languages=()
    )


def document(*pages: Page, file_name: str = "scan.pdf") -> Document:
    return Document(job_id="0f8f", file_name=file_name, media_type="application/pdf", pages=pages)


PRICES = typed("""
Item            Quantity      Price
Apples                12       3.60
Pears                  4       2.20
Quinces                1      10.00
Total                 17      15.80
""")
PRICES_ROWS = (
    ("Item", "Quantity", "Price"),
    ("Apples", "12", "3.60"),
    ("Pears", "4", "2.20"),
    ("Quinces", "1", "10.00"),
    ("Total", "17", "15.80"),
)

NASTY = (
    "<b>\"&amp;'</b>",
    "]]>",
    "-->",
    "a\x00b\x0bc\x1f",
    "tab\there",
    "two\nlines",
    "sep\u2028arated",
    "\ufffe\uffff!",
    "\ufeffbom",
    "𝔘𝔫𝔦",
    "🧾",
    "e\u0301",
    "文書認識",
    "שלום",
    "مرحبا",
    "=1+1",
    "&#0;",
    "\\",
    "|",
    '"',
    "1.",
    "#",
    "$x$",
)
"""Words that break output which is not escaped."""
