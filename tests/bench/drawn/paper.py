"""A page that Qt draws as a PDF, and what it says: its headings, items, tables and paragraphs in reading order."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import QMarginsF, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPageSize, QPainter, QPdfWriter, QPen

from drawn.sheet import WORDS

_UNITS = 10
"""Units of drawing in a point."""
WIDTH, HEIGHT = 595.0, 842.0
LEFT, RIGHT = 70.0, 525.0
SERIF, SANS, FIXED = "Liberation Serif", "Liberation Sans", "Liberation Mono"
BLACK = "#141414"


@dataclass(frozen=True, slots=True)
class Said:
    """A part of a page. `role` is that of its block; `level` is a heading's or an item's, `rows` are a table's."""

    role: str
    text: str
    level: int | None = None
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass
class Paper:
    """A page that is being drawn. Lengths are in points, from the left upper corner; texts stand on their baseline.

    `said` has its parts in reading order. `unsaid` has words of figures, which are no paragraphs.
    """

    path: Path
    rng: random.Random
    family: str = SERIF
    size: float = 11.0
    said: list[Said] = field(default_factory=list)
    unsaid: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._device = QPdfWriter(str(self.path))
        self._device.setResolution(72 * _UNITS)
        self._device.setPageSize(QPageSize(QSizeF(WIDTH, HEIGHT), QPageSize.Unit.Point))
        self._device.setPageMargins(QMarginsF(0, 0, 0, 0))
        self._painter = QPainter(self._device)
        self.y = 80.0

    def end(self) -> None:
        self._painter.end()

    def font(self, size: float = 0, *, bold: bool = False, italic: bool = False, family: str = "") -> QFont:
        font = QFont(family or self.family)
        font.setPixelSize(round((size or self.size) * _UNITS))
        font.setBold(bold)
        font.setItalic(italic)
        return font

    def length(self, text: str, font: QFont) -> float:
        return float(QFontMetricsF(font, self._device).horizontalAdvance(text)) / _UNITS

    def put(
        self, text: str, x: float, y: float, font: QFont | None = None, *, anchor: str = "l", ink: str = BLACK
    ) -> float:
        """Draw a text at x, which is its left edge (l), right edge (r) or middle (m). Return its right edge."""
        font = font or self.font()
        width = self.length(text, font)
        x -= {"l": 0.0, "r": width, "m": width / 2}[anchor]
        self._painter.setFont(font)
        self._painter.setPen(QColor(ink))
        self._painter.drawText(QPointF(x * _UNITS, y * _UNITS), text)
        return x + width

    def put_upright(self, text: str, x: float, y: float, font: QFont) -> None:
        """Draw a text that is read from the bottom to the top; x is its baseline, y its begin."""
        self._painter.save()
        self._painter.translate(x * _UNITS, y * _UNITS)
        self._painter.rotate(-90)
        self._painter.setFont(font)
        self._painter.setPen(QColor(BLACK))
        self._painter.drawText(QPointF(0, 0), text)
        self._painter.restore()

    def line(self, x0: float, y0: float, x1: float, y1: float, width: float = 0.8, ink: str = BLACK) -> None:
        self._painter.setPen(QPen(QColor(ink), width * _UNITS))
        self._painter.drawLine(QPointF(x0 * _UNITS, y0 * _UNITS), QPointF(x1 * _UNITS, y1 * _UNITS))

    def box(self, x0: float, y0: float, x1: float, y1: float, *, fill: str = "", edge: float = 0.0) -> None:
        """Draw a rectangle that is filled, has edges of that width, or both."""
        self._painter.setPen(QPen(QColor(BLACK), edge * _UNITS) if edge else Qt.PenStyle.NoPen)
        self._painter.setBrush(QColor(fill) if fill else Qt.BrushStyle.NoBrush)
        self._painter.drawRect(QRectF(x0 * _UNITS, y0 * _UNITS, (x1 - x0) * _UNITS, (y1 - y0) * _UNITS))

    def curve(self, points: Sequence[tuple[float, float]], width: float = 1.2, ink: str = BLACK) -> None:
        self._painter.setPen(QPen(QColor(ink), width * _UNITS))
        self._painter.drawPolyline([QPointF(x * _UNITS, y * _UNITS) for x, y in points])

    def lines_of(self, text: str, width: float, font: QFont) -> list[str]:
        """Return the text in lines of that width."""
        lines = [""]
        for word in text.split():
            longer = f"{lines[-1]} {word}".strip()
            if lines[-1] and self.length(longer, font) > width:
                lines.append(word)
            else:
                lines[-1] = longer
        return lines

    def flow(
        self,
        text: str,
        left: float = LEFT,
        right: float = RIGHT,
        font: QFont | None = None,
        *,
        y: float | None = None,
        leading: float = 1.25,
        ink: str = BLACK,
    ) -> float:
        """Draw a text in lines from y, or where the last one ended, to there. Return where the next line stands."""
        font = font or self.font()
        at = self.y if y is None else y
        for line in self.lines_of(text, right - left, font):
            self.put(line, left, at, font, ink=ink)
            at += leading * font.pixelSize() / _UNITS
        if y is None:
            self.y = at
        return at

    def say(self, role: str, text: str, level: int | None = None, rows: Sequence[Sequence[str]] = ()) -> None:
        self.said.append(Said(role, text, level, tuple(map(tuple, rows))))

    def paragraph(self, text: str = "", left: float = LEFT, right: float = RIGHT, *, gap: float = 7.0) -> None:
        """Draw a paragraph and say it; without a text, one of two to four sentences."""
        text = text or self.prose()
        self.flow(text, left, right)
        self.y += gap
        self.say("paragraph", text)

    def heading(self, text: str, level: int, size: float, *, bold: bool = True, left: float = LEFT) -> None:
        self.y += 0.7 * size
        self.put(text, left, self.y, self.font(size, bold=bold))
        self.y += 1.35 * size
        self.say("heading", text, level)

    def item(self, marker: str, text: str, level: int = 1, *, left: float = LEFT, indent: float = 20.0) -> None:
        """Draw an item: its marker, and its text in lines of one left edge."""
        left += (level - 1) * indent
        self.put(marker, left, self.y)
        self.flow(text, left + max(indent, self.length(marker + " ", self.font())))
        self.y += 2
        self.say("list_item", f"{marker} {text}", level)

    def prose(self, sentences: int = 0) -> str:
        """Return sentences of random words of offices and newspapers."""
        return " ".join(self.sentence() for _ in range(sentences or self.rng.randint(2, 4)))

    def sentence(self) -> str:
        words = self.rng.choices(WORDS, k=self.rng.randint(8, 16))
        words[len(words) // 2] += self.rng.choice((",", "", "", ";"))
        return " ".join(words).capitalize() + "."

    def label(self, words: int = 2) -> str:
        return " ".join(self.rng.choices(WORDS, k=words)).capitalize()
