"""The Document tree: what a file's recognition is, for every engine and every export.

A Document holds pages, a page holds blocks in reading order and codes, a block lines, a line words.

Boxes are whole pixels of the *page image*: the page as it was recognised, upright, `width` x `height`
pixels at `dpi`, origin at the top left, right and bottom exclusive. `Page.rotation` says how far the
stored page was turned to get there. Confidence runs from 0 (a guess) to 1 (certain).

All records are immutable. Readers ignore fields that they do not know, so fields may be added within
a schema version; one that is renamed or changes its meaning raises `SCHEMA_VERSION`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from operator import is_
from typing import Annotated, Final, Literal, NamedTuple, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from ocrdesk.contract.engines import ENGINE_NAME_PATTERN, EngineName
from ocrdesk.contract.errors import ErrorInfo
from ocrdesk.contract.states import PageState

SCHEMA_VERSION: Literal[1] = 1

Confidence = Annotated[float, Field(ge=0.0, le=1.0)]
Rotation = Literal[0, 90, 180, 270]
SourceName = Annotated[str, Field(pattern=ENGINE_NAME_PATTERN)]


class Record(BaseModel):
    """An immutable record of the wire that ignores fields it does not know."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Box(NamedTuple):
    """A rectangle in page-image pixels, origin top left; right and bottom are exclusive. JSON: [l, t, r, b]."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        return self.right - self.left

    @property
    def height(self) -> int:
        return self.bottom - self.top

    @classmethod
    def around(cls, boxes: list[Box]) -> Box:
        """The smallest box that holds all of `boxes`, of which there is at least one."""
        return cls(
            min(box.left for box in boxes),
            min(box.top for box in boxes),
            max(box.right for box in boxes),
            max(box.bottom for box in boxes),
        )


class Source:
    """Where a word comes from: the file's own text, a person who corrected it, or an engine, by the engine's name."""

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
        """This word as a person read it, at the same place. Raises ValueError for text that no word can have."""
        return Word(text=text, box=self.box, confidence=1.0, source=Source.CORRECTED)


class Line(Record):
    """One line of text: its words in reading order."""

    box: Box
    words: tuple[Word, ...]

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)


class BlockKind(StrEnum):
    """What a block is: text, or a running header, a running footer or a page number."""

    TEXT = "text"
    HEADER = "header"
    FOOTER = "footer"

    @property
    def is_header_or_footer(self) -> bool:
        return self is not BlockKind.TEXT


class Block(Record):
    """One paragraph: lines that belong together. Headers and footers stand among them in reading order."""

    kind: BlockKind = BlockKind.TEXT
    box: Box
    lines: tuple[Line, ...]

    def with_words(self, change: Callable[[Word], Word]) -> Self:
        """The same with each word replaced by what `change` makes of it. Boxes of lines stay."""
        lines = (line.model_copy(update={"words": tuple(map(change, line.words))}) for line in self.lines)
        return self.model_copy(update={"lines": tuple(lines)})

    def refilled(self, fill: Callable[[Line], Iterable[Word]]) -> Self | None:
        """The same with what `fill` makes of each line's words, and boxes around them; None when no word is left.

        Lines whose words stay are left as they are.
        """
        lines = tuple(line for line in (_refilled(line, tuple(fill(line))) for line in self.lines) if line is not None)
        if not lines:
            return None
        stays = len(lines) == len(self.lines) and all(map(is_, lines, self.lines))
        box = self.box if stays else Box.around([line.box for line in lines])
        return self.model_copy(update={"box": box, "lines": lines})


def _refilled(line: Line, words: tuple[Word, ...]) -> Line | None:
    if len(words) == len(line.words) and all(map(is_, words, line.words)):
        return line
    return Line(box=Box.around([word.box for word in words]), words=words) if words else None


class Code(Record):
    """A QR code or barcode: its kind as zxing-cpp names it ("QRCode", "EAN13", "Code128", …), and what it says.

    `rotation` is how far it is turned clockwise on the page image, in degrees.
    """

    format: Annotated[str, Field(min_length=1)]
    text: str
    box: Box
    rotation: Annotated[int, Field(ge=0, lt=360)] = 0


class PageTiming(Record):
    """Seconds that the page's work took, by step, in the process that did it."""

    text_layer_s: float = 0.0
    render_s: float = 0.0
    prepare_s: float = 0.0
    codes_s: float = 0.0
    recognise_s: float = 0.0


class Page(Record):
    """One page and what is on it.

    `number` counts from 1. A page that could not be read has no blocks, a `status` other than
    `finished`, and an `error` that says why; its width and height may then be 0 (never rendered).
    `rotation` is the clockwise turn in degrees that made the stored page upright. `source` is
    `text-layer` where all of its words are the file's own, else the engine that read it or its pictures;
    each word says its own. `source_reason` is a sentence on why the page was recognised, in part or not;
    None where there was nothing to decide. `codes` are those of what was recognised, from the top down.
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
    timing: PageTiming = PageTiming()
    error: ErrorInfo | None = None

    @model_validator(mode="after")
    def _error_goes_with_status(self) -> Self:
        if self.status in (PageState.FAILED, PageState.TIMEOUT) and self.error is None:
            raise ValueError(f"page {self.number} is {self.status} and names no error")
        return self

    def omit_headers_footers(self) -> Self:
        """The same without its running headers, footers and page number."""
        blocks = tuple(block for block in self.blocks if not block.kind.is_header_or_footer)
        return self.model_copy(update={"blocks": blocks})

    def lines(self) -> Iterator[Line]:
        """Every line of the page in reading order."""
        for block in self.blocks:
            yield from block.lines

    def words(self) -> Iterator[Word]:
        """Every word of the page in reading order."""
        for line in self.lines():
            yield from line.words

    @property
    def confidence(self) -> float | None:
        """Mean confidence of the page's words, weighted by their length; None when it has none."""
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
    """How many words of a result are to be checked, and on which pages; those without any are left out.

    `revision` is the result's, as it was when they were counted.
    """

    revision: Annotated[int, Field(ge=0)]
    words: Annotated[int, Field(ge=0)]
    pages: tuple[PageToCheck, ...]


class Document(Record):
    """A recognised file: its pages in the file's order.

    `review` names the words to check, most doubtful first; the server makes it anew whenever it answers a Document.
    """

    schema_version: Literal[1] = SCHEMA_VERSION
    job_id: str
    file_name: str
    media_type: str
    pages: tuple[Page, ...]
    review: tuple[Doubt, ...] = ()

    def with_words(self, change: Callable[[Word], Word]) -> Self:
        """The same with each word replaced by what `change` makes of it."""
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
    file_name: str
    media_type: str
