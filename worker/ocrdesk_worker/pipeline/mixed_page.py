"""Recognises the images on a page that keeps its own text.

Their text is inserted into the page's own text in reading order.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from PIL import Image

from ocrdesk.contract.box import Box
from ocrdesk.contract.document import Block, Code, Line, Word
from ocrdesk.layout.insertion import insertion_index
from ocrdesk.layout.noise_words import drop_noise
from ocrdesk.layout.page_marks import NO_MARKS, PageMarks, Rule
from ocrdesk.layout.structure.checkbox_words import insert_checkboxes
from ocrdesk_worker.engines.interface import Engine
from ocrdesk_worker.engines.registry import PickLanguages
from ocrdesk_worker.marks.finder import find_marks
from ocrdesk_worker.pipeline.bands import recognise_in_bands
from ocrdesk_worker.pipeline.barcodes import drop_barcode_noise, find_codes
from ocrdesk_worker.preprocess.components import pixels_of

_MIN_CONFIDENCE = 0.5
"""Mean confidence of a paragraph below which it is noise: an image's lines and shades."""
_MIN_CONFIDENCE_SINGLE = 0.8
"""The same for a single character."""
_COVERED = 0.5
"""A word is already known if the page's own words cover more than this share of it."""
_CERTAIN = 1.0
_MOSTLY_CODE = 0.5
"""If codes, with the white around them, cover more than this share of an image, the engine is not used."""


@dataclass(frozen=True, slots=True)
class ImageText:
    """The text of one image, and the image's area on the page."""

    area: Box
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class ImageTexts:
    """The texts and codes of a page's images, and the seconds spent on codes. Images without text are left out."""

    texts: tuple[ImageText, ...]
    codes: tuple[Code, ...]
    codes_s: float
    languages: tuple[str, ...]
    reason: str
    marks: PageMarks = NO_MARKS
    """The ruling lines, checkboxes and unread regions of all images. An image is no picture of itself."""


def read_images(
    page_image: Image.Image,
    dpi: float,
    areas: Sequence[Box],
    own_blocks: Sequence[Block],
    engine: Engine,
    languages: tuple[str, ...] | PickLanguages,
) -> ImageTexts:
    """Recognise each of these areas of a grey page image separately. Boxes are the page image's.

    Words that the page's own visible text already has are left out. Raises ProcessingError.
    """
    certain = [word.box for word in _words(own_blocks) if word.confidence >= _CERTAIN]
    texts: list[ImageText] = []
    codes: list[Code] = []
    codes_s = 0.0
    used: dict[str, None] = {}
    marks = NO_MARKS
    pick_languages = languages if callable(languages) else lambda _image, _dpi: languages
    for area in areas:
        part = page_image.crop(area)
        started = time.perf_counter()
        found_codes = find_codes(part)
        codes_s += time.perf_counter() - started
        codes += [code.model_copy(update={"box": code.box.moved(area.left, area.top)}) for code in found_codes]
        if _is_mostly_code(found_codes, part):
            continue
        recognised, chosen = recognise_in_bands(part, dpi, engine, pick_languages)
        used.update(dict.fromkeys(chosen))
        known = [box for box in certain if box.shared_area(area)]
        read = drop_barcode_noise(recognised, found_codes)
        shown = find_marks(pixels_of(part), read, found_codes)
        read = insert_checkboxes(drop_noise(read, shown), shown.form_fields, engine.source)
        if read:  # else it is a photo, whose texture may look like rows of letters
            marks = marks.joined(_marks_on_page(shown, area))
        found = [_on_page(block, area, known) for block in read]
        if blocks := tuple(block for block in found if block is not None and _is_text(block)):
            texts.append(ImageText(area, blocks))
    reason = _reason(len(areas), len(texts), len(codes))
    return ImageTexts(tuple(texts), tuple(codes), codes_s, tuple(used), reason, marks)


def _marks_on_page(marks: PageMarks, area: Box) -> PageMarks:
    """Return an image's lines, checkboxes and unread regions as the page's."""

    def on_page(box: Box) -> Box:
        return box.moved(area.left, area.top)

    return PageMarks(
        rules=tuple(Rule(on_page(rule.box), rule.direction) for rule in marks.rules),
        form_fields=tuple(field.model_copy(update={"box": on_page(field.box)}) for field in marks.form_fields),
        unread=tuple(map(on_page, marks.unread)),
    )


def insert_image_texts(own_blocks: Sequence[Block], texts: Iterable[ImageText]) -> tuple[Block, ...]:
    """Return the page's own blocks with each image's blocks inserted in reading order.

    Hidden words under a recognised image are dropped: they were too few to be the image's text.
    """
    blocks = list(own_blocks)
    for text in texts:
        blocks = [kept for block in blocks if (kept := _without_hidden_words(block, text.area)) is not None]
        index = insertion_index(blocks, text.area)
        blocks[index:index] = text.blocks
    return tuple(blocks)


def _is_mostly_code(codes: Sequence[Code], image: Image.Image) -> bool:
    return sum(code.box.area for code in codes) > _MOSTLY_CODE * image.width * image.height


def _reason(images: int, with_text: int, codes: int) -> str:
    some = f"{images} picture{'s' * (images != 1)} recognised"
    if with_text:
        return f"{some}, because the page's own text leaves out what pictures say"
    return f"{some}: {'codes and ' * (codes > 0)}no text found"


def _words(blocks: Iterable[Block]) -> Iterable[Word]:
    return (word for block in blocks for line in block.lines for word in line.words)


def _on_page(block: Block, area: Box, known: Sequence[Box]) -> Block | None:
    """Return an image's block as one of the page, without the words that are known; None if none are left."""

    def new_words(line: Line) -> Iterable[Word]:
        words = (word.model_copy(update={"box": word.box.moved(area.left, area.top)}) for word in line.words)
        return (word for word in words if not _is_covered(word.box, known))

    return block.refilled(new_words)


def _without_hidden_words(block: Block, area: Box) -> Block | None:
    """Return a block of the page's own text without its invisible words in the area; None if none are left."""

    def is_hidden(word: Word) -> bool:
        return word.confidence < _CERTAIN and _is_covered(word.box, [area])

    return block.refilled(lambda line: (word for word in line.words if not is_hidden(word)))


def _is_text(block: Block) -> bool:
    words = [word for line in block.lines for word in line.words]
    letters = sum(character.isalnum() for word in words for character in word.text)
    weight = sum(len(word.text) for word in words)
    confidence = sum(len(word.text) * word.confidence for word in words) / weight
    return letters > 0 and confidence >= (_MIN_CONFIDENCE if letters > 1 else _MIN_CONFIDENCE_SINGLE)


def _is_covered(word: Box, covers: Sequence[Box]) -> bool:
    return sum(box.shared_area(word) for box in covers) > _COVERED * max(1, word.area)
