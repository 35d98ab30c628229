"""Calibrates confidence.

A calibrated confidence is the share of words that are right among those to which the engine gives this confidence. It
was measured on pages of tables, charts, columns and filings and on receipts (tests/bench/accuracy.py). The curves have
few straight lines so that they hold for other pages. Below 0.85 Tesseract's own confidence says almost nothing: its
words there are mostly specks. Between 0.9 and 0.97 small steps mean much.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

from PIL import Image

from ocrdesk.contract.document import Block, Source, Word
from ocrdesk_worker.engines.interface import Engine

DOUBTFUL = 0.9
"""A word of Tesseract's with less confidence of its own is read again."""
NOISE = 0.3
"""With less confidence of its own, Tesseract has read a speck rather than a word."""

Curve = tuple[tuple[float, float], ...]
"""Points of the engine's confidence and the share of right words, both from 0 to 1, joined by straight lines."""

CONFIRMED: dict[str, Curve] = {
    Source.TESSERACT: ((0.0, 0.02), (0.7, 0.08), (0.85, 0.2), (0.9, 0.93), (0.94, 0.965), (0.96, 0.99), (1.0, 0.995)),
    Source.RAPID: (
        (0.0, 0.05),
        (0.5, 0.25),
        (0.8, 0.4),
        (0.9, 0.55),
        (0.95, 0.62),
        (0.98, 0.75),
        (0.99, 0.93),
        (1.0, 0.96),
    ),
}
"""For words that were read again if they were doubtful."""
CONFIRMED[Source.TESSERACT_CLI] = CONFIRMED[Source.TESSERACT]

ALONE: dict[str, Curve] = {
    Source.TESSERACT: ((0.0, 0.05), (0.5, 0.25), (0.8, 0.5), (0.9, 0.88), (0.94, 0.96), (0.96, 0.99), (1.0, 0.995)),
    Source.RAPID: ((0.0, 0.3), (0.8, 0.65), (0.98, 0.7), (0.99, 0.85), (0.997, 0.88), (0.999, 0.96), (1.0, 0.99)),
}
"""For words of one engine that no other engine checked."""
ALONE[Source.TESSERACT_CLI] = ALONE[Source.TESSERACT]


class CalibratedEngine:
    """An engine that works alone, with calibrated confidence."""

    def __init__(self, engine: Engine) -> None:
        self.source = engine.source
        self._engine = engine

    def recognise(self, image: Image.Image, dpi: float, languages: tuple[str, ...]) -> tuple[Block, ...]:
        return calibrate(self._engine.recognise(image, dpi, languages), ALONE)


def calibrate(blocks: tuple[Block, ...], curves: Mapping[str, Curve]) -> tuple[Block, ...]:
    """Return the blocks with each word's confidence calibrated by the curve of its source."""

    def change(word: Word) -> Word:
        curve = curves.get(word.source)
        return word.model_copy(update={"confidence": round(interpolate(word.confidence, curve), 4)}) if curve else word

    return tuple(block.with_words(change) for block in blocks)


def interpolate(confidence: float, curve: Curve) -> float:
    """Return the share of right words at that confidence."""
    for (low, share), (high, next_share) in pairwise(curve):
        if confidence <= high:
            return share + (next_share - share) * (confidence - low) / (high - low)
    return curve[-1][1]
