"""Colours derived from the palette, for light and dark."""

from __future__ import annotations

from enum import Enum

from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QWidget


class Meaning(Enum):
    """Colours with a meaning: (on light, on dark), each at least 4.5:1 against the palette's base."""

    GOOD = ("#1a7f37", "#4ac26b")
    BAD = ("#c62828", "#ff8a80")
    WAIT = ("#8a5a00", "#e3b341")


def is_dark(palette: QPalette) -> bool:
    return palette.color(QPalette.ColorRole.Base).lightness() < 128


def meaning(palette: QPalette, which: Meaning) -> QColor:
    return QColor(which.value[1 if is_dark(palette) else 0])


def accent(palette: QPalette) -> QColor:
    """Return the desktop's accent colour, lighter or darker if needed to be visible on the base."""
    colour = palette.color(QPalette.ColorRole.Accent)
    lightness = max(colour.lightness(), 165) if is_dark(palette) else min(colour.lightness(), 105)
    return QColor.fromHsl(max(colour.hslHue(), 0), colour.hslSaturation(), lightness)


def muted(palette: QPalette) -> QColor:
    """Return the colour of secondary text, still readable (about 6:1)."""
    return mix_of_text(palette, 0.66)


def hairline(palette: QPalette) -> QColor:
    return mix_of_text(palette, 0.14)


def mix_of_text(palette: QPalette, share: float) -> QColor:
    """Mix a share of the text colour into the base."""
    return mix(palette.color(QPalette.ColorRole.Base), palette.color(QPalette.ColorRole.Text), share)


def tint(palette: QPalette, colour: QColor, share: float) -> QColor:
    """Mix a share of `colour` into the base."""
    return mix(palette.color(QPalette.ColorRole.Base), colour, share)


def mix(first: QColor, second: QColor, share: float) -> QColor:
    """Mix `share` of the second colour into the first."""
    return QColor.fromRgbF(
        first.redF() + (second.redF() - first.redF()) * share,
        first.greenF() + (second.greenF() - first.greenF()) * share,
        first.blueF() + (second.blueF() - first.blueF()) * share,
    )


def paint_label(label: QWidget, colour: QColor) -> None:
    """Give a label's text another colour; its owner calls this again when the palette changes."""
    palette = QPalette(label.palette())
    if palette.color(QPalette.ColorRole.WindowText) != colour:
        # on a Base background a label takes Text, elsewhere WindowText
        for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text):
            palette.setColor(role, colour)
        label.setPalette(palette)
