"""Colours with a meaning are readable on light and on dark."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QColor, QPalette

from ocrdesk.desktop.ui import colours
from ocrdesk.desktop.ui.colours import Meaning


def _palette(base: str, text: str) -> QPalette:
    palette = QPalette()
    palette.setColor(QPalette.ColorRole.Base, QColor(base))
    palette.setColor(QPalette.ColorRole.Text, QColor(text))
    return palette


LIGHT, DARK = ("#ffffff", "#000000"), ("#1e1e1e", "#ffffff")


def _luminance(colour: QColor) -> float:
    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(part) for part in (colour.redF(), colour.greenF(), colour.blueF()))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: QColor, other: QColor) -> float:
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("scheme", [LIGHT, DARK])
def test_meanings_and_secondary_text_are_readable(qapp: object, scheme: tuple[str, str]) -> None:
    palette = _palette(*scheme)
    base = palette.color(QPalette.ColorRole.Base)
    for meaning in Meaning:
        assert _contrast(colours.meaning(palette, meaning), base) >= 4.5
    assert _contrast(colours.muted(palette), base) >= 4.5


def test_dark_mode_is_detected_by_the_base_colour(qapp: object) -> None:
    assert colours.is_dark(_palette(*DARK))
    assert not colours.is_dark(_palette(*LIGHT))


def test_mix_lies_between_both_colours() -> None:
    assert colours.mix(QColor("#000000"), QColor("#ffffff"), 0.5).lightness() in (127, 128)
    assert colours.mix(QColor("#123456"), QColor("#ffffff"), 0.0) == QColor.fromRgbF(*QColor("#123456").getRgbF()[:3])
