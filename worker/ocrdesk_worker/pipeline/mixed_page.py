"""Reads the pictures of a page that keeps its own text, and puts what they say among that text, in reading order."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from PIL import Image

from ocrdesk.contract.document import Block, Box, Code, Line, Word
from ocrdesk_worker.engines.interface import Engine
from ocrdesk_worker.engines.registry import PickLanguages
from ocrdesk_worker.pipeline.barcodes import drop_barcode_noise, find_codes

_LEAST_CONFIDENCE = 0.5
"""Of a paragraph: what is read with less in a picture is taken for its lines and shades."""
_LEAST_ALONE = 0.8
"""The same of a single character."""
_COVERED = 0.5
"""Of a word: where the page's own words lie over so much of it, they say it already."""
_CERTAIN = 1.0
_MOSTLY_CODE = 0.5
"""Of a picture: where codes take more, with the white around them, the engine is not asked."""


@dataclass(frozen=True, slots=True)
class ImageText:
    """What one picture says, and where it lies."""

    place: Box
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class ImageTexts:
    """What was read in a page's pictures, those without text left out, and the seconds that codes took of it."""

    texts: tuple[ImageText, ...]
    codes: tuple[Code, ...]
    codes_s: float
    languages: tuple[str, ...]
    reason: str


def read_pictures(
    image: Image.Image,
    dpi: float,
    places: Sequence[Box],
    own: Sequence[Block],
    engine: Engine,
    wanted: tuple[str, ...] | PickLanguages,
) -> ImageTexts:
    """Has the engine read these parts of a grey page image, each by itself. Boxes are the page image's. Raises Fault.

    What the page's own visible words say already is left out.
    """
    certain = [word.box for word in _words(own) if word.confidence >= _CERTAIN]
    texts: list[ImageText] = []
    codes: list[Code] = []
    codes_s = 0.0
    languages: dict[str, None] = {}
    for place in places:
        part = image.crop(place)
        begun = time.perf_counter()
        coded = find_codes(part)
        codes_s += time.perf_counter() - begun
        codes += [code.model_copy(update={"box": _on_page(code.box, place)}) for code in coded]
        if _are_all(coded, part):
            continue
        chosen = wanted(part, dpi) if callable(wanted) else wanted
        languages.update(dict.fromkeys(chosen))
        known = [box for box in certain if _shared(box, place)]
        read = drop_barcode_noise(engine.recognise(part, dpi, chosen), coded)
        found = [_moved(block, place, known) for block in read]
        if blocks := tuple(block for block in found if block is not None and _is_text(block)):
            texts.append(ImageText(place, blocks))
    said = _said(len(places), len(texts), len(codes))
    return ImageTexts(tuple(texts), tuple(codes), codes_s, tuple(languages), said)


def among(own: Sequence[Block], texts: Iterable[ImageText]) -> tuple[Block, ...]:
    """The page's own blocks with each picture's where a reader comes to it: below what stands above it.

    What stands beside a picture is read before it when it begins at its left, as a column or a paragraph does.
    Hidden words under a picture that was read go: they were too few to be its text.
    """
    order = list(own)
    for text in texts:
        order = [kept for block in order if (kept := _without_hidden(block, text.place)) is not None]
        at = _position(order, text.place)
        order[at:at] = text.blocks
    return tuple(order)


def _are_all(codes: Sequence[Code], part: Image.Image) -> bool:
    """Whether the codes are all there is in a picture."""
    area = sum(code.box.width * code.box.height for code in codes)
    return area > _MOSTLY_CODE * part.width * part.height


def _said(pictures: int, with_text: int, codes: int) -> str:
    some = f"{pictures} picture{'s' * (pictures != 1)} recognised"
    if with_text:
        return f"{some}, because the page's own text leaves out what pictures say"
    return f"{some}: {'codes and ' * (codes > 0)}no text found"


# ── words ────────────────────────────────────────────────────────────────────────────────────────


def _words(blocks: Iterable[Block]) -> Iterable[Word]:
    return (word for block in blocks for line in block.lines for word in line.words)


def _moved(block: Block, place: Box, known: Sequence[Box]) -> Block | None:
    """The block on the page image, without the words that are known; None when none are left."""

    def moved(line: Line) -> Iterable[Word]:
        words = (word.model_copy(update={"box": _on_page(word.box, place)}) for word in line.words)
        return (word for word in words if not _is_covered(word.box, known))

    return block.refilled(moved)


def _on_page(box: Box, place: Box) -> Box:
    """A box of a picture as one of the page image."""
    left, top = place.left, place.top
    return Box(left + box.left, top + box.top, left + box.right, top + box.bottom)


def _without_hidden(block: Block, place: Box) -> Block | None:
    """A block of the page without its words under the picture that are not seen."""

    def is_hidden(word: Word) -> bool:
        return word.confidence < _CERTAIN and _is_covered(word.box, [place])

    return block.refilled(lambda line: (word for word in line.words if not is_hidden(word)))


def _is_text(block: Block) -> bool:
    words = [word for line in block.lines for word in line.words]
    letters = sum(character.isalnum() for word in words for character in word.text)
    weight = sum(len(word.text) for word in words)
    confidence = sum(len(word.text) * word.confidence for word in words) / weight
    return letters > 0 and confidence >= (_LEAST_CONFIDENCE if letters > 1 else _LEAST_ALONE)


def _shared(one: Box, two: Box) -> int:
    """The pixels that two boxes have in common."""
    across = min(one.right, two.right) - max(one.left, two.left)
    down = min(one.bottom, two.bottom) - max(one.top, two.top)
    return max(0, across) * max(0, down)


def _is_covered(word: Box, by: Sequence[Box]) -> bool:
    return sum(_shared(box, word) for box in by) > _COVERED * max(1, word.width * word.height)


# ── order ────────────────────────────────────────────────────────────────────────────────────────


def _position(blocks: Sequence[Block], place: Box) -> int:
    """Where among the blocks, which are in reading order, a picture comes."""
    middle = _middle(place)
    in_column = [(number, block.box) for number, block in enumerate(blocks) if _is_in_column(block.box, place)]
    first = 1 + max((number for number, box in in_column if _middle(box) < middle), default=-1)
    last = min((number for number, box in in_column if number >= first), default=len(blocks))
    while first < last and blocks[first].box.left < place.left:
        first += 1
    above = all(block.box.bottom <= place.top for block in blocks[first:last])
    return last if above else first


def _is_in_column(box: Box, place: Box) -> bool:
    """Whether a block stands above or below the picture, or over it, rather than beside it."""
    across = min(box.right, place.right) - max(box.left, place.left)
    return 2 * across > min(box.width, place.width)


def _middle(box: Box) -> float:
    return (box.top + box.bottom) / 2
