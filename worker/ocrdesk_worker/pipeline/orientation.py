"""Finds a page's upright orientation.

A page is turned by 90, 180 or 270 degrees only on clear evidence: its lines look vertical or its text makes no sense,
and part of it is read clearly better when it is turned. An engine of two stages looks for this evidence with its first
stage alone, before the second runs: reading a page again that is upside down takes more time than any other page. It is
deskewed for the engine. The result refers to the page turned by quarter turns alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PIL import Image

from ocrdesk.contract.box import Rotation
from ocrdesk.contract.document import Block, Word
from ocrdesk_worker.engines.interface import Engine, StagedEngine
from ocrdesk_worker.pipeline.bands import recognise_in_bands
from ocrdesk_worker.pipeline.stages import CheckedEngine, FirstStage
from ocrdesk_worker.preprocess.quarter_turns import densest_strip, lines_are_vertical, turn
from ocrdesk_worker.preprocess.straightening.level_page import LevelPage
from ocrdesk_worker.preprocess.straightening.straighten import straightened
from ocrdesk_worker.preprocess.thumbnail import Thumbnail

Languages = tuple[str, ...]

_POOR = 0.5
"""With less mean confidence a page may be upside down: such text is read with about 0.25."""
_BETTER_BY = 0.2
"""How much more confidence a turned strip must have for the page to be turned."""
_CONVINCING = 0.75
"""With this mean confidence no other rotation is tried."""
_MIN_LETTERS = 10
_TALL = 1.5
"""A word so many times as high as wide is on a vertical line, unless it has fewer letters than the next figure."""
_MIN_WORD = 3


@dataclass(frozen=True, slots=True)
class UprightReading:
    """What was read, in pixels of the page turned clockwise by `rotation`.

    `level` is the same on the straightened image, if the lines were bent or skewed.
    """

    blocks: tuple[Block, ...]
    languages: Languages
    rotation: Rotation
    confidence: float
    level: LevelPage | None = None


def recognise_upright(
    image: Image.Image,
    thumbnail: Thumbnail,
    dpi: float,
    engine: Engine,
    pick_languages: Callable[[Image.Image, float], Languages],
) -> UprightReading:
    """Recognise an 8-bit grey image. Raises ProcessingError."""
    reader = _PageReader(image, thumbnail, dpi, engine, pick_languages)
    quick = _PageReader(image, thumbnail, dpi, FirstStage(engine), pick_languages)
    if lines_are_vertical(thumbnail) and (
        rotation := _quarter_turn(quick, reader if isinstance(engine, StagedEngine) else None)
    ):
        return reader.read(rotation)
    checked = CheckedEngine(engine, lambda blocks: _check_upright(blocks, thumbnail, quick))
    try:
        first = _PageReader(image, thumbnail, dpi, checked, pick_languages).read(0)
    except _TurnedPage as turned:
        upright = reader.read(turned.rotation)
        return upright if upright.confidence >= _POOR else max(upright, reader.read(0), key=_by_confidence)
    if first.confidence >= _POOR or not thumbnail.ink.any():
        return first
    rotation = reader.best_rotation((180,), first.confidence)
    return max(first, reader.read(rotation), key=_by_confidence) if rotation else first


def _quarter_turn(quick: _PageReader, whole: _PageReader | None) -> Rotation | None:
    """Return the rotation of a page whose lines look vertical; None if it is upright or nothing is clear.

    `whole` reads with both stages of an engine; it decides if the first stage cannot.
    """
    as_it_is = quick.strip_confidence(0)
    if as_it_is >= _CONVINCING:
        return None
    rotation = quick.best_rotation((90, 270), as_it_is)
    if rotation or whole is None:
        return rotation
    return whole.best_rotation((90, 270), whole.strip_confidence(0))


def _check_upright(blocks: tuple[Block, ...], thumbnail: Thumbnail, quick: _PageReader) -> None:
    """Raise _TurnedPage if the page is clearly upside down, by what was read of it as it is."""
    confidence = _confidence(blocks)
    if confidence < _POOR and thumbnail.ink.any() and (rotation := quick.best_rotation((180,), confidence)):
        raise _TurnedPage(rotation)


def _by_confidence(reading: UprightReading) -> float:
    return reading.confidence


class _TurnedPage(Exception):  # noqa: N818  # it ends a reading, and no caller sees it
    """The page has to be turned, so that reading it as it is need not be finished."""

    def __init__(self, rotation: Rotation) -> None:
        super().__init__()
        self.rotation = rotation


class _PageReader:
    """Reads one page's image in different rotations."""

    def __init__(
        self,
        image: Image.Image,
        thumbnail: Thumbnail,
        dpi: float,
        engine: Engine,
        pick_languages: Callable[[Image.Image, float], Languages],
    ) -> None:
        self._image, self._thumbnail, self._dpi = image, thumbnail, dpi
        self._engine, self._pick_languages = engine, pick_languages

    def read(self, rotation: Rotation) -> UprightReading:
        """Read the whole page, with straight and horizontal lines."""
        image = turn(self._image, rotation)
        straight = straightened(image, self._thumbnail.turned(rotation))
        if straight is None:
            blocks, languages = self._recognise(image)
            return UprightReading(blocks, languages, rotation, _confidence(blocks))
        read, languages = self._recognise(straight.image)
        blocks = straight.map_to_original(read)
        return UprightReading(blocks, languages, rotation, _confidence(blocks), LevelPage(straight, read))

    def best_rotation(self, rotations: tuple[Rotation, ...], to_beat: float) -> Rotation | None:
        """Return the rotation in which a strip of the page is read well, and clearly better than in the others.

        It must also be clearly better than the confidence `to_beat`, that of the page as it is.
        """
        if to_beat >= _CONVINCING:
            return None
        confidences: dict[Rotation, float] = {}
        for rotation in rotations:
            confidences[rotation] = self.strip_confidence(rotation)
            if confidences[rotation] >= max(_CONVINCING, to_beat + _BETTER_BY):
                return rotation
        best = max(rotations, key=lambda rotation: confidences[rotation])
        others = [confidences[rotation] for rotation in rotations if rotation != best]
        return best if confidences[best] >= max(_POOR, max(to_beat, *others, 0.0) + _BETTER_BY) else None

    def strip_confidence(self, rotation: Rotation) -> float:
        """Return how well the densest strip of the page is read in that rotation, on horizontal lines alone."""
        top, bottom = densest_strip(self._thumbnail.turned(rotation))
        page = turn(self._image, rotation)
        blocks, languages = self._recognise(page.crop((0, top, page.width, min(page.height, bottom))))
        vertical_script = any(language.endswith("_vert") for language in languages)
        return _confidence(blocks, _is_word if vertical_script else _is_horizontal)

    def _recognise(self, image: Image.Image) -> tuple[tuple[Block, ...], Languages]:
        return recognise_in_bands(image, self._dpi, self._engine, self._pick_languages)


def _is_word(_word: Word) -> bool:
    return True


def _is_horizontal(word: Word) -> bool:
    """Return whether the word is on a horizontal line: an engine may also read vertical lines of a page."""
    return len(word.text) < _MIN_WORD or word.box.height <= _TALL * word.box.width


def _confidence(blocks: tuple[Block, ...], counts: Callable[[Word], bool] = _is_word) -> float:
    """Return the mean over the words, weighted by their letters; 0 if there are too few to tell.

    A word that does not count has no confidence: a few short words among vertical lines do not make a page upright.
    """
    words = [word for block in blocks for line in block.lines for word in line.words]
    letters = sum(len(word.text) for word in words)
    if letters < _MIN_LETTERS:
        return 0.0
    return sum(len(word.text) * word.confidence for word in words if counts(word)) / letters
