"""Compares a page's own text with the page, if the text is doubtful.

A few of its lines are recognised. If the engine is sure and reads something else, the page's own text is poor: a bad
earlier recognition, or a font that has lost what its codes mean.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from difflib import SequenceMatcher

from PIL import Image

from ocrdesk.contract.box import Box
from ocrdesk.contract.document import Block, Line
from ocrdesk_worker.engines.interface import Engine
from ocrdesk_worker.engines.registry import PickLanguages

_LINES = 6
"""How many lines are compared, each with what is just above and below: a small part of a page's work."""
_MIN_WORDS = 3
_SAME_WORDS, _SAME_LETTERS = 0.75, 0.9
"""A line with smaller shares of equal words and of equal letters differs. Codes differ in single letters."""
_POOR = 1 / 3
"""With this share of differing lines the page's own text is poor."""
_CERTAIN = 0.75
"""Mean confidence below which the engine's reading proves nothing."""
_MARGIN = 1.5
"""In heights of the line: how much around it is read, too."""
_IGNORED = ".,;:!?()[]\"'\u201c\u201d\u201e\u201a\u2018\u2019\u00bb\u00ab-\u2013\u2014"


def is_poor(
    image: Image.Image,
    dpi: float,
    blocks: Sequence[Block],
    doubtful: Collection[Box],
    engine: Engine,
    languages: tuple[str, ...] | PickLanguages,
) -> bool:
    """Return whether the page's own text differs from what the grey page image shows. Raises ProcessingError.

    `doubtful` are the boxes of words that are compared first.
    """
    lines = _chosen([line for block in blocks for line in block.lines if len(line.words) >= _MIN_WORDS], doubtful)
    compared = differing = 0
    for line in lines:
        area = _with_margin(line.box, image.size)
        part = image.crop(area)
        found = engine.recognise(part, dpi, languages(part, dpi) if callable(languages) else languages)
        is_different = _is_different(line, [it for block in found for it in block.lines], area.top)
        compared += is_different is not None
        differing += is_different is True
    return differing > 0 and differing >= _POOR * compared


def _is_different(own: Line, read: Sequence[Line], top: int) -> bool | None:
    """Return whether none of the lines read around a line says the same; None if the engine is not sure.

    `top` is where the part that was read begins on the page: a layer may be a line or so beside what the page shows.
    """
    text = [word.text for word in own.words]
    if any(not _differs(text, [word.text for word in line.words]) for line in read):
        return False
    at_place = [line for line in read if own.box.top <= line.box.center_y + top <= own.box.bottom]
    words = [word for line in at_place for word in line.words]
    weight = sum(len(word.text) for word in words)
    is_certain = weight > 0 and sum(len(word.text) * word.confidence for word in words) >= _CERTAIN * weight
    return True if is_certain else None


def _chosen(lines: Sequence[Line], doubtful: Collection[Box]) -> list[Line]:
    """Return lines from all over the page, every second one with doubtful words if there are such."""
    boxes = frozenset(doubtful)
    strange = [line for line in lines if any(word.box in boxes for word in line.words)]
    usual = [line for line in lines if line not in strange]
    few = _spread(strange, _LINES if len(usual) < _LINES // 2 else _LINES // 2)
    return few + _spread(usual, _LINES - len(few))


def _spread(lines: Sequence[Line], count: int) -> list[Line]:
    if len(lines) <= count:
        return list(lines)
    return [lines[number * len(lines) // count] for number in range(count)]


def _with_margin(box: Box, size: tuple[int, int]) -> Box:
    margin = round(_MARGIN * box.height) + 4
    edges = box.left - margin, box.top - margin, box.right + margin, box.bottom + margin
    return Box.clipped(edges, *size)


def _differs(own: Sequence[str], read: Sequence[str]) -> bool:
    """Return whether two readings of a line differ much, apart from punctuation and case."""
    one, two = _bare(own), _bare(read)
    if _equal_share(one, two) >= _SAME_WORDS:
        return False
    return _equal_share(" ".join(one), " ".join(two)) < _SAME_LETTERS


def _equal_share(one: Sequence[str], two: Sequence[str]) -> float:
    """Return the share of equal items, in order."""
    same = sum(block.size for block in SequenceMatcher(None, one, two, autojunk=False).get_matching_blocks())
    return 2 * same / max(1, len(one) + len(two))


def _bare(words: Sequence[str]) -> list[str]:
    return [bare for word in words if (bare := word.strip(_IGNORED).casefold())]
