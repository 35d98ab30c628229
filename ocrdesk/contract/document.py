"""The Document tree: pages, blocks, lines, words.

A Document is the result for one file, from any engine and for every export. It has pages. A page has codes, and blocks
in reading order; a block has lines, and a line has words.

Boxes are in whole pixels of the *page image*: the upright page as it was recognised, `width` x `height` pixels at
`dpi`. The origin is the top left corner; right and bottom are exclusive. `Page.rotation` says how far the stored page
was turned. Confidence is between 0 (a guess) and 1 (certain).

All records are immutable. Readers ignore unknown fields, so fields may be added within a schema version. A field that
is renamed or changes its meaning increases `SCHEMA_VERSION`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import StrEnum
from operator import is_
from typing import Annotated, Any, Final, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from ocrdesk.contract.box import Box as Box
from ocrdesk.contract.box import Rotation as Rotation
from ocrdesk.contract.engines import ENGINE_NAME_PATTERN, EngineName
from ocrdesk.contract.errors import ErrorInfo
from ocrdesk.contract.file_names import sent_name
from ocrdesk.contract.states import PageState
from ocrdesk.contract.structure import MAX_LEVEL, BlockRole, Figure, FormField, Role, TableGrid
from ocrdesk.contract.structure import Record as Record
from ocrdesk.contract.word_spacing import join_words

SCHEMA_VERSION: Literal[1] = 1

Confidence = Annotated[float, Field(ge=0.0, le=1.0)]
SourceName = Annotated[str, Field(pattern=ENGINE_NAME_PATTERN)]


SentName = Annotated[str, AfterValidator(sent_name)]
"""A file's name. Older versions may have stored, and other servers may send, what they got."""


class Source:
    """The source of a word: the file's own text, a person who corrected it, or an engine, by the engine's name."""

    TEXT_LAYER: Final = "text-layer"
    TESSERACT: Final = EngineName.TESSERACT
    TESSERACT_CLI: Final = EngineName.TESSERACT_CLI
    RAPID: Final = EngineName.RAPID
    CORRECTED: Final = "corrected"


class Word(Record):
    """One word: never empty, without white space at its ends."""

    text: Annotated[str, Field(min_length=1)]
    box: Box
    confidence: Confidence
    source: SourceName

    def corrected(self, text: str) -> Word:
        """Return the word as a person corrected it, at the same place. Raises ValueError for text no word can have."""
        return Word(text=text, box=self.box, confidence=1.0, source=Source.CORRECTED)


def _is_none(value: object) -> bool:
    return value is None


def _is_empty(value: tuple[object, ...]) -> bool:
    return not value


class Line(Record):
    """One line of text: its words in reading order.

    In a table, `cell` is the number of its cell, from 0: a line never reaches into another cell.
    """

    box: Box
    words: tuple[Word, ...]
    cell: Annotated[int | None, Field(ge=0, exclude_if=_is_none)] = None

    @property
    def text(self) -> str:
        return join_words(self.words)

    def with_words(self, words: Sequence[Word]) -> Self:
        """Return the line with these words, at least one, and the box around them."""
        return self.model_copy(update={"box": Box.around([word.box for word in words]), "words": tuple(words)})


class BlockKind(StrEnum):
    """Whether a block is text, or belongs to a page's header or footer, which include page numbers."""

    TEXT = "text"
    HEADER = "header"
    FOOTER = "footer"

    @property
    def is_header_or_footer(self) -> bool:
        return self is not BlockKind.TEXT


class Block(Record):
    """One paragraph, heading, list item, table, header or footer, in reading order with the others.

    `level` is that of a heading, 1 for the highest, or how deep a list item is nested, 1 for the outermost. `marker`
    is the bullet or number of a list item or footnote; it is also the beginning of the first line. `ticked` is set
    if the marker is a checkbox. `table` are the cells of a table, whose lines are in the order of its cells.
    """

    kind: BlockKind = BlockKind.TEXT
    role: Annotated[Role, Field(exclude_if=lambda role: role is BlockRole.PARAGRAPH)] = BlockRole.PARAGRAPH
    level: Annotated[int | None, Field(ge=1, le=MAX_LEVEL, exclude_if=_is_none)] = None
    marker: Annotated[str | None, Field(exclude_if=_is_none)] = None
    ticked: Annotated[bool | None, Field(exclude_if=_is_none)] = None
    table: Annotated[TableGrid | None, Field(exclude_if=_is_none)] = None
    box: Box
    lines: tuple[Line, ...]

    @model_validator(mode="after")
    def _lines_are_in_cells(self) -> Self:
        cells = len(self.table.cells) if self.table else 0
        if any(line.cell is not None and line.cell >= cells for line in self.lines):
            raise ValueError("a line names a cell that its table does not have")
        return self

    def with_lines(self, lines: Sequence[Line], **changes: Any) -> Self:
        """Return the block with these lines, at least one, the box around them, and other fields changed."""
        box = Box.around([line.box for line in lines])
        return self.model_copy(update={"box": box, "lines": tuple(lines), **changes})

    def with_words(self, change: Callable[[Word], Word]) -> Self:
        """Return the block with each word replaced by `change(word)`. Boxes of lines stay."""
        lines = (line.model_copy(update={"words": tuple(map(change, line.words))}) for line in self.lines)
        return self.model_copy(update={"lines": tuple(lines)})

    def refilled(self, fill: Callable[[Line], Iterable[Word]]) -> Self | None:
        """Return the block with the words that `fill` returns for each line, and boxes around them; None without words.

        Lines whose words stay the same are not changed.
        """
        lines = tuple(line for line in (_refilled(line, tuple(fill(line))) for line in self.lines) if line is not None)
        if not lines:
            return None
        stays = len(lines) == len(self.lines) and all(map(is_, lines, self.lines))
        box = self.box if stays else Box.around([line.box for line in lines])
        return self.model_copy(update={"box": box, "lines": lines})


def with_word_boxes(blocks: Iterable[Block], change: Callable[[Box], Box]) -> tuple[Block, ...]:
    """Return the blocks with each word's box replaced by `change(box)`, and the boxes around words recalculated."""

    def new_words(line: Line) -> Iterator[Word]:
        return (word.model_copy(update={"box": change(word.box)}) for word in line.words)

    changed = (block.refilled(new_words) for block in blocks)
    return tuple(block for block in changed if block is not None)


def _refilled(line: Line, words: tuple[Word, ...]) -> Line | None:
    if len(words) == len(line.words) and all(map(is_, words, line.words)):
        return line
    return line.with_words(words) if words else None


class Code(Record):
    """A QR code or barcode: its format as named by zxing-cpp ("QRCode", "EAN13", "Code128", …), and its content.

    `rotation` is how far it is turned clockwise on the page image, in degrees.
    """

    format: Annotated[str, Field(min_length=1)]
    text: str
    box: Box
    rotation: Annotated[int, Field(ge=0, lt=360)] = 0


class PageTiming(Record):
    """Seconds that each step of the page took, in the process that did it."""

    text_layer_s: float = 0.0
    render_s: float = 0.0
    prepare_s: float = 0.0
    codes_s: float = 0.0
    recognise_s: float = 0.0


class Page(Record):
    """One page.

    `number` counts from 1. A page that could not be read has no blocks, a `status` other than `finished`, and an
    `error` with the reason; its width and height may be 0 if it was never rendered. `rotation` is the clockwise turn
    in degrees that made the stored page upright. `source` is `text-layer` if all its words are the file's own, else the
    engine that read the page or its images; each word has its own source. `source_reason` says why the page was
    recognised, completely, in part or not at all; None if there was nothing to decide. `codes` are those of the
    recognised areas, from top to bottom. `unread` are regions with ink like text but without words, in
    the recognised areas too. `has_structure` says that the blocks' roles and tables were determined: results of older
    versions lack them.
    """

    number: Annotated[int, Field(ge=1)]
    status: PageState = PageState.FINISHED
    width: Annotated[int, Field(ge=0)] = 0
    height: Annotated[int, Field(ge=0)] = 0
    dpi: Annotated[float, Field(ge=0)] = 0.0
    rotation: Rotation = 0
    source: SourceName | None = None
    source_reason: str | None = None
    languages: tuple[str, ...] = ()
    blocks: tuple[Block, ...] = ()
    codes: tuple[Code, ...] = ()
    has_structure: bool = False
    figures: Annotated[tuple[Figure, ...], Field(exclude_if=_is_empty)] = ()
    form_fields: Annotated[tuple[FormField, ...], Field(exclude_if=_is_empty)] = ()
    unread: Annotated[tuple[Box, ...], Field(exclude_if=_is_empty)] = ()
    timing: PageTiming = PageTiming()
    error: ErrorInfo | None = None

    @model_validator(mode="after")
    def _error_goes_with_status(self) -> Self:
        if self.status in (PageState.FAILED, PageState.TIMEOUT) and self.error is None:
            raise ValueError(f"page {self.number} is {self.status} and names no error")
        return self

    def omit_headers_footers(self) -> Self:
        """Return the page without its running headers, footers and page number."""
        blocks = tuple(block for block in self.blocks if not block.kind.is_header_or_footer)
        return self.model_copy(update={"blocks": blocks})

    def lines(self) -> Iterator[Line]:
        """Yield every line of the page in reading order."""
        for block in self.blocks:
            yield from block.lines

    def words(self) -> Iterator[Word]:
        """Yield every word of the page in reading order."""
        for line in self.lines():
            yield from line.words

    @property
    def confidence(self) -> float | None:
        """The mean confidence of the page's words, weighted by their length; None without words."""
        weights = [(len(word.text), word.confidence) for word in self.words()]
        total = sum(weight for weight, _ in weights)
        return sum(weight * confidence for weight, confidence in weights) / total if total else None


class Doubt(Record):
    """A word to check: its page (from 1), and its block, line and word there (each from 0)."""

    page: Annotated[int, Field(ge=1)]
    block: Annotated[int, Field(ge=0)]
    line: Annotated[int, Field(ge=0)]
    word: Annotated[int, Field(ge=0)]
    text: str
    confidence: Confidence


class PageToCheck(Record):
    """How many words of a page a person should check."""

    number: Annotated[int, Field(ge=1)]
    words: Annotated[int, Field(ge=1)]


class ToCheck(Record):
    """How many words of a result a person should check, and on which pages. Pages without any are left out.

    `revision` is that of the result when they were counted.
    """

    revision: Annotated[int, Field(ge=0)]
    words: Annotated[int, Field(ge=0)]
    pages: tuple[PageToCheck, ...]


class Document(Record):
    """A recognised file: its pages in the file's order.

    `review` names the words to check, least certain first; the server recalculates it for each response.
    """

    schema_version: Literal[1] = SCHEMA_VERSION
    job_id: str
    file_name: SentName
    media_type: str
    pages: tuple[Page, ...]
    review: tuple[Doubt, ...] = ()

    def with_words(self, change: Callable[[Word], Word]) -> Self:
        """Return the document with each word replaced by `change(word)`."""
        return self.model_copy(update={"pages": tuple(_with_words(page, change) for page in self.pages)})

    @property
    def head(self) -> DocumentHead:
        return DocumentHead(job_id=self.job_id, file_name=self.file_name, media_type=self.media_type)


def _with_words(page: Page, change: Callable[[Word], Word]) -> Page:
    return page.model_copy(update={"blocks": tuple(block.with_words(change) for block in page.blocks)})


class DocumentHead(Record):
    """A Document without its pages."""

    schema_version: Literal[1] = SCHEMA_VERSION
    job_id: str
    file_name: SentName
    media_type: str
