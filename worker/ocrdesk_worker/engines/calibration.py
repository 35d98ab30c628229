"""What a reader's own confidence is worth: the share of words that are right among those that it gives it.

Measured on pages of tables, charts, columns and filings and on receipts (tests/bench/accuracy.py), and drawn with a few
straight lines so that it holds elsewhere. Tesseract's figure says almost nothing below 0.85, where its words are
mostly specks; between 0.9 and 0.97 small steps mean much.
"""

from __future__ import annotations

from itertools import pairwise

from ocrdesk.contract.document import Block, Source, Word

DOUBTFUL = 0.9
"""Tesseract's own confidence below which a word is read again."""
NOISE = 0.3
"""Its confidence below which it has read a speck rather than a word."""

Curve = tuple[tuple[float, float], ...]
"""Points of confidence given and share right, from 0 to 1, between which lines are drawn."""

CONFIRMED: dict[Source, Curve] = {
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
"""For words that a second opinion looked at where they were doubtful."""
CONFIRMED[Source.TESSERACT_CLI] = CONFIRMED[Source.TESSERACT]

ALONE: Curve = ((0.0, 0.05), (0.5, 0.25), (0.8, 0.5), (0.9, 0.88), (0.94, 0.96), (0.96, 0.99), (1.0, 0.995))
"""For words of Tesseract's that nobody else looked at."""


def calibrated(blocks: tuple[Block, ...], *, confirmed: bool) -> tuple[Block, ...]:
    """The blocks with confidences that are probabilities."""
    return tuple(block.with_words(lambda word: _calibrated(word, confirmed)) for block in blocks)


def _calibrated(word: Word, confirmed: bool) -> Word:
    curve = CONFIRMED.get(word.source) if confirmed else ALONE
    return word.model_copy(update={"confidence": round(on_curve(word.confidence, curve), 4)}) if curve else word


def on_curve(confidence: float, curve: Curve) -> float:
    for (low, share), (high, next_share) in pairwise(curve):
        if confidence <= high:
            return share + (next_share - share) * (confidence - low) / (high - low)
    return curve[-1][1]
