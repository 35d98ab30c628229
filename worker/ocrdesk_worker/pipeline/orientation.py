"""Reads a page the right way up: turned where its lines run up or down or make no sense, straight where it is askew.

What the engine sees may be turned by any angle. What comes back is of the page as stored, turned by quarters alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PIL import Image

from ocrdesk.contract.document import Block, Rotation
from ocrdesk_worker.engines.interface import Engine
from ocrdesk_worker.preprocess.deskew import skew_of, straightened
from ocrdesk_worker.preprocess.opencv import short_memory_told
from ocrdesk_worker.preprocess.quarter_turns import densest_strip, lines_run_up_or_down, turned
from ocrdesk_worker.preprocess.thumbnail import Thumbnail

Languages = tuple[str, ...]

_POOR = 0.5
"""Mean confidence below which a page may be upside down: such text is read with some 0.25."""
_BETTER_BY = 0.2
"""What a strip must be read better by, when turned, for the page to be turned."""
_CONVINCING = 0.75
"""The mean confidence that settles it: no other turn is tried."""
_FEWEST_LETTERS = 10


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read, in pixels of the page turned clockwise by `turn`."""

    blocks: tuple[Block, ...]
    languages: Languages
    turn: Rotation
    confidence: float


def recognise_upright(
    image: Image.Image,
    glance: Thumbnail,
    dpi: float,
    engine: Engine,
    pick: Callable[[Image.Image, float], Languages],
) -> Reading:
    """Reads an 8-bit grey image. `pick` says which languages an image is to be read in. Raises Fault."""
    reader = _Reader(dpi, engine, pick)
    turn: Rotation = 0
    if lines_run_up_or_down(glance):
        turn = reader.best_turn(image, glance, (90, 270), 0.0) or 0
        return reader.read(image, glance, turn)
    first = reader.read(image, glance, 0)
    if first.confidence >= _POOR or not glance.ink.any():
        return first
    turn = reader.best_turn(image, glance, (180,), first.confidence) or 0
    if not turn:
        return first
    second = reader.read(image, glance, turn)
    return max(first, second, key=lambda reading: reading.confidence)


class _Reader:
    """Reads one page's image in one turn or another."""

    def __init__(self, dpi: float, engine: Engine, pick: Callable[[Image.Image, float], Languages]) -> None:
        self._dpi, self._engine, self._pick = dpi, engine, pick

    def read(self, image: Image.Image, glance: Thumbnail, turn: Rotation) -> Reading:
        """The whole page, straightened where it is askew."""
        image = turned(image, turn)
        skew = skew_of(glance.turned(turn))
        if not skew:
            blocks, languages = self._recognise(image)
        else:
            with short_memory_told():
                straight = straightened(image, skew)
            blocks, languages = self._recognise(straight.image)
            blocks = straight.mapped_back(blocks)
        return Reading(blocks, languages, turn, _confidence(blocks))

    def best_turn(
        self, image: Image.Image, glance: Thumbnail, turns: tuple[Rotation, ...], to_beat: float
    ) -> Rotation | None:
        """The turn in which a strip of the page is read clearly better than in the others, and than `to_beat`."""
        confidences: dict[Rotation, float] = {}
        for turn in turns:
            confidences[turn] = self._strip_confidence(image, glance, turn)
            if confidences[turn] >= max(_CONVINCING, to_beat + _BETTER_BY):
                return turn
        best = max(turns, key=lambda turn: confidences[turn])
        others = [confidences[turn] for turn in turns if turn != best]
        return best if confidences[best] >= max(to_beat, *others, 0.0) + _BETTER_BY else None

    def _strip_confidence(self, image: Image.Image, glance: Thumbnail, turn: Rotation) -> float:
        top, bottom = densest_strip(glance.turned(turn))
        page = turned(image, turn)
        blocks, _ = self._recognise(page.crop((0, top, page.width, min(page.height, bottom))))
        return _confidence(blocks)

    def _recognise(self, image: Image.Image) -> tuple[tuple[Block, ...], Languages]:
        languages = self._pick(image, self._dpi)
        return self._engine.recognise(image, self._dpi, languages), languages


def _confidence(blocks: tuple[Block, ...]) -> float:
    """Mean over the words by their letters; 0 where there are too few to tell."""
    words = [word for block in blocks for line in block.lines for word in line.words]
    letters = sum(len(word.text) for word in words)
    if letters < _FEWEST_LETTERS:
        return 0.0
    return sum(len(word.text) * word.confidence for word in words) / letters
