"""Reads small digits: raised ones as in m², lowered ones as in H₂O, and both parts of a fraction."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ocrdesk.contract.box import Box
from ocrdesk_worker.engines.rapid.recognizer import Glyph
from ocrdesk_worker.preprocess.pixels import Mask, Pixels, np

ReadImages = Callable[[Sequence[Pixels], frozenset[str]], Sequence[Sequence[Glyph] | None]]
"""Reads line images with these characters alone."""

_CHARACTERS = frozenset("0123456789") | frozenset(
    "oOaAbBcCdDeEfFhnNrRsSTtuzZ*?!'\"%/+-=.,:;()\N{DEGREE SIGN}\N{REGISTERED SIGN}"
)
"""What small print may be, so that a small letter is not read as a digit."""
_MARGIN = 0.35
"""In heights of the print: the paper around it."""
SURE = 0.99
"""A small digit is read with more confidence; quotation marks, rings and pieces of letters with less."""
_PAPER = 95
"""Per cent of a part's pixels are darker than its paper, at most."""


def read_small(parts: Sequence[Pixels], read: ReadImages) -> list[str]:
    """Return the digits that the ink in each part is; an empty text if it is anything else, or not beyond doubt."""
    texts = []
    for glyphs in read(parts, _CHARACTERS) if parts else ():
        text = "".join(glyph.text for glyph in glyphs or () if glyph.text != " ")
        is_sure = text.isdecimal() and min(glyph.confidence for glyph in glyphs or ()) >= SURE
        texts.append(text if is_sure else "")
    return texts


def cut_out(image: Pixels, boxes: Sequence[Box]) -> Pixels:
    """Return these areas of the page alone, with paper around them."""
    around = Box.around(boxes)
    part = image[around.top : around.bottom, around.left : around.right]
    shown = np.zeros(part.shape, bool)
    for box in boxes:
        at = np.s_[box.top - around.top : box.bottom - around.top, box.left - around.left : box.right - around.left]
        shown[at] = True
    return with_paper(part, shown)


def with_paper(part: Pixels, shown: Mask) -> Pixels:
    """Return a part of the page with paper around it, and in place of all pixels that are not to be shown."""
    paper = int(np.percentile(part, _PAPER))
    margin = max(2, round(_MARGIN * part.shape[0]))
    return np.pad(np.where(shown, part, np.uint8(paper)), margin, constant_values=paper)
