"""Every state is painted, light and dark, small and at twice the size."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QImage, QPainter, QPalette
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem

from ocrdesk.contract.states import JobState
from ocrdesk.desktop.job_list.delegate import JobDelegate
from ocrdesk.desktop.jobs.model import JobsModel
from ocrdesk.desktop.ui import colours
from ocrdesk.desktop.ui.colours import Meaning
from tests.helpers.fake_server import make_job


def make_palette(*, dark: bool) -> QPalette:
    palette = QPalette(QColor("#323232" if dark else "#efefef"))
    palette.setColor(QPalette.ColorRole.Base, QColor("#242424" if dark else "#ffffff"))
    palette.setColor(QPalette.ColorRole.Text, QColor("#f0f0f0" if dark else "#000000"))
    return palette


@pytest.fixture
def model(qapp: object) -> JobsModel:
    jobs = JobsModel()
    jobs.merge(make_job(state, f"{state} {'with a very long name ' * 9}.pdf", state) for state in JobState)
    jobs.merge([make_job("running", "a.pdf", JobState.STARTED, page_count=12, pages_done=3)])
    jobs.merge([make_job("partly", "b.pdf", JobState.FINISHED, page_count=3, pages_done=2, pages_failed=1)])
    waiting, sending, refused = jobs.add_files([Path("c.pdf"), Path("d.pdf"), Path("e.txt")])
    jobs.mark_sending(sending, 10, 100)
    jobs.mark_refused(refused, "Not a type that is taken.")
    assert jobs.row(waiting) is not None
    return jobs


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("scale", [1, 2])
@pytest.mark.parametrize("width", [40, 360])
def test_every_state_is_painted(model: JobsModel, dark: bool, scale: int, width: int) -> None:
    delegate = JobDelegate()
    for number in range(model.rowCount()):
        option = QStyleOptionViewItem()
        option.palette = make_palette(dark=dark)
        option.rect = QRect(0, 0, width, delegate.sizeHint(option, model.index(number)).height())
        option.state |= QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_HasFocus
        image = QImage(option.rect.size() * scale, QImage.Format.Format_ARGB32)
        image.setDevicePixelRatio(scale)
        base = option.palette.color(QPalette.ColorRole.Base)
        image.fill(base)
        painter = QPainter(image)
        delegate.paint(painter, option, model.index(number))
        painter.end()
        colours_seen = {image.pixel(x, y) for x in range(0, image.width(), 2) for y in range(0, image.height(), 2)}
        assert len(colours_seen) > 3


def luminance(colour: QColor) -> float:
    def linear(value: float) -> float:
        return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4

    return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF()) + 0.0722 * linear(colour.blueF())


def contrast(first: QColor, second: QColor) -> float:
    lighter, darker = sorted((luminance(first), luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_words_can_be_read_on_every_ground(qapp: object, dark: bool) -> None:
    """4.5:1 for text, 3:1 for everything else (WCAG AA), also on a selected row."""
    palette = make_palette(dark=dark)
    base = palette.color(QPalette.ColorRole.Base)
    selected = colours.tint(palette, colours.accent(palette), 0.16)
    for ground in (base, selected):
        for words in (colours.muted(palette), colours.meaning(palette, Meaning.BAD)):
            assert contrast(words, ground) >= 4.5
        for mark in (colours.accent(palette), *(colours.meaning(palette, what) for what in Meaning)):
            assert contrast(mark, ground) >= 3
