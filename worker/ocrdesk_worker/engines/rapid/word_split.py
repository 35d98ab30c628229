"""Splits a line into words.

Words are separated by spaces, and by gaps as wide as a space.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean, median

from ocrdesk_worker.engines.rapid.ink import Mask, find_ink, inked_columns, longest_gap
from ocrdesk_worker.engines.rapid.recognizer import Glyph
from ocrdesk_worker.engines.rapid.spelling import IsWord, fix_spelling
from ocrdesk_worker.preprocess.pixels import Pixels, np

_WIDE_GAP = 0.4
"""In line heights: a wider gap without ink separates words, unless the line's letters are as far apart."""
_GAP = 0.12
"""The same if there is another reason to separate them."""
_USUAL_GAPS = 1.5
"""A gap separates words only if it is so many times as wide as the usual gap between letters."""
_MIN_GAPS = 3
"""With fewer gaps between letters no gap is usual."""
_FAR = 0.45
"""In line heights: letters are at most so far apart."""
_POINTS = frozenset(".,:")
_SPREAD = 0.2
"""In line heights: the least gap between the characters of a figure that was printed with much space between them."""
_NEAR = 0.5
"""In line heights: how near to a glyph another engine's word must begin to be such a reason."""
_REACH = 0.6
"""In line heights: how far a glyph's ink may extend beyond the columns in which it was recognised."""


@dataclass(frozen=True, slots=True)
class RecognizedWord:
    """A word on a line image; its edges are fractions of the image."""

    text: str
    confidence: float
    start: float
    end: float
    top: float
    bottom: float


def split_words(
    glyphs: Sequence[Glyph], image: Pixels, is_word: IsWord, starts: Sequence[float] = ()
) -> list[RecognizedWord]:
    """Return the words of a line image, with single letters fixed if that makes a known word.

    `starts` are where words of another engine begin, as fractions of the image.
    """
    ink = find_ink(image)
    columns = inked_columns(ink)
    letters = [glyph for glyph in glyphs if glyph.text != " "]
    inner, whole = columns.tobytes(), ink.any(0).tobytes()
    # underscores are at the bottom, where the line below may be visible
    gaps = [_gap(one, other, whole if "_" in (one.text, other.text) else inner) for one, other in pairwise(letters)]
    height = image.shape[0]
    blanks = {id(after) for before, after in pairwise(glyphs) if before.text == " "}
    spaced = [
        id(letter) in blanks and not _is_inside_figure(letters, gaps, index, height)
        for index, letter in enumerate(letters[1:])
    ]
    usual = _usual_gap(gaps, spaced, height)
    groups: list[list[Glyph]] = [letters[:1]]
    for index, glyph in enumerate(letters[1:]):
        is_new = spaced[index] or _are_separate(letters[index], glyph, gaps[index], usual, columns, height, starts)
        if is_new:
            groups.append([])
        groups[-1].append(glyph)
    return [_word(fix_spelling(group, is_word), ink, columns) for group in groups if group]


def _usual_gap(gaps: Sequence[int], spaced: Sequence[bool], height: int) -> float:
    """Return the usual width without ink between letters of a word, in pixels; 0 if there are too few to tell."""
    inside = [gap for gap, is_blank in zip(gaps, spaced, strict=True) if not is_blank]
    return min(median(inside), _FAR * height) if len(inside) >= _MIN_GAPS else 0.0


def _is_inside_figure(letters: Sequence[Glyph], gaps: Sequence[int], index: int, height: int) -> bool:
    """Return whether the gap after a letter is in a figure with a point, whose characters are all so far apart."""
    first, last = index, index + 1
    while first > 0 and _is_of_figure(letters[first - 1]) and gaps[first - 1] <= _USUAL_GAPS * gaps[index]:
        first -= 1
    while last + 1 < len(letters) and _is_of_figure(letters[last + 1]) and gaps[last] <= _USUAL_GAPS * gaps[index]:
        last += 1
    figure, others = letters[first : last + 1], [*gaps[first:index], *gaps[index + 1 : last]]
    if not others or not all(map(_is_of_figure, figure)) or not _POINTS & {glyph.text for glyph in figure[1:-1]}:
        return False
    usual = median(others)
    return usual >= _SPREAD * height and gaps[index] <= _USUAL_GAPS * usual


def _is_of_figure(glyph: Glyph) -> bool:
    return glyph.text.isdecimal() or glyph.text in _POINTS


def _gap(last: Glyph, glyph: Glyph, columns: bytes) -> int:
    """Return the widest stretch of columns without ink between the middles of two glyphs."""
    width = len(columns)
    first = int((last.start + last.end) / 2 * width)
    return longest_gap(columns[first : max(first + 1, int((glyph.start + glyph.end) / 2 * width))])


def _are_separate(
    last: Glyph, glyph: Glyph, gap: int, usual: float, columns: Mask, height: int, starts: Sequence[float]
) -> bool:
    if gap <= _USUAL_GAPS * usual:
        return False
    if gap > _WIDE_GAP * height:
        return True
    width = len(columns)
    return gap > _GAP * height and any(
        last.start < start <= glyph.end and abs(start - glyph.start) * width < _NEAR * height for start in starts
    )


def _word(glyphs: Sequence[Glyph], ink: Mask, columns: Mask) -> RecognizedWord:
    text = "".join(glyph.text for glyph in glyphs).replace("''", '"')
    height, width = ink.shape
    first = _edge(columns, int(glyphs[0].start * width), int((glyphs[0].start + glyphs[0].end) / 2 * width), height)
    # the same from the other end
    last = width - _edge(
        columns[::-1],
        width - 1 - min(width - 1, int(glyphs[-1].end * width)),
        width - 1 - int((glyphs[-1].start + glyphs[-1].end) / 2 * width),
        height,
    )
    last = max(last, first + 1)
    rows = np.flatnonzero(ink[:, first:last].any(1))
    top, bottom = (rows[0] / height, (rows[-1] + 1) / height) if len(rows) else (0.0, 1.0)
    confidence = fmean(glyph.confidence for glyph in glyphs)
    return RecognizedWord(text, confidence, first / width, last / width, float(top), float(bottom))


def _edge(columns: Mask, start: int, middle: int, height: int) -> int:
    """Return where a word's ink begins: its first glyph was recognised from `start`, but may begin before.

    From the glyph's `middle`, ink is followed to the left across gaps between letters, but not as far as another word.
    """
    middle = min(max(0, middle), len(columns) - 1)
    farthest = max(0, start - int(_REACH * height))
    seen = np.flatnonzero(columns[farthest : middle + 1]) + farthest
    if not len(seen):
        return min(start, middle)
    edge, widest = int(seen[-1]), _GAP * height
    for column in seen[::-1].tolist():
        if edge - column > widest and column < start:
            break
        edge = column
    return edge
