"""Walks over every widget of the window and its dialogs: each has a name, and each that takes the focus is met by Tab.

A new window or dialog is one line in PLACES: a name, and how it is opened.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QComboBox,
    QDialog,
    QLabel,
    QLineEdit,
    QMenu,
    QMenuBar,
    QWidget,
)

from ocrdesk.contract.states import JobState
from ocrdesk.desktop.review.lost_corrections import LostDialog
from tests.desktop.conftest import Desktop
from tests.desktop.staged_server import StagedServer, make_job, make_page


def opened(dialog: QDialog) -> QDialog:
    dialog.open()
    return dialog


PLACES: dict[str, Callable[[Desktop], QWidget]] = {
    "window": lambda desktop: desktop.window,
    "watched folders": lambda desktop: desktop.ways_in.show_watched_folders(),
    "behaviour": lambda desktop: desktop.ways_in.show_manners(),
    "lost corrections": lambda desktop: opened(LostDialog("a.pdf", desktop.window)),
}
_MADE_BY_QT = ("QScrollBar", "QSplitterHandle", "QToolBarSeparator", "QRubberBand")
_MOST_TABS = 200


@pytest.fixture(params=PLACES)
def place(staged: Desktop, stage: StagedServer, request: pytest.FixtureRequest) -> QWidget:
    """One of the places, with a job in the list so that everything in the window is there."""
    stage.put(make_job("1", "a.pdf", JobState.FINISHED, page_count=1, pages_done=1), [make_page(1, "words")])
    stage.tell("1")
    staged.wait(lambda: staged.shown_text == "words")
    opened = PLACES[request.param](staged)
    opened.activateWindow()
    staged.qtbot.waitExposed(opened)
    return opened


def test_every_widget_has_a_name(place: QWidget) -> None:
    assert place.accessibleName() or place.windowTitle()
    nameless = [describe(widget) for widget in widgets_of(place) if not is_named(widget)]
    assert not nameless


def test_every_action_has_words(place: QWidget) -> None:
    for menu in place.findChildren(QMenu):
        for action in menu.actions():
            assert action.text() or action.isSeparator(), menu.title()


def test_every_widget_that_takes_the_focus_is_met_by_tab(place: QWidget, staged: Desktop) -> None:
    wanted = {widget for widget in widgets_of(place) if takes_focus(widget)}
    met = walk(place, staged)
    assert not [describe(widget) for widget in wanted - met]


def test_every_button_and_field_takes_the_focus(place: QWidget) -> None:
    kinds = QAbstractButton | QComboBox | QAbstractScrollArea
    deaf = [
        describe(widget)
        for widget in widgets_of(place)
        if isinstance(widget, kinds)
        and widget.isEnabled()
        and not widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and not is_inside_qt(widget)
    ]
    assert not deaf


def test_escape_closes_a_dialog(place: QWidget, staged: Desktop) -> None:
    if not isinstance(place, QDialog):
        pytest.skip("this is no dialog")
    with staged.qtbot.waitSignal(place.rejected):
        staged.qtbot.keyClick(place, Qt.Key.Key_Escape)


def widgets_of(place: QWidget) -> list[QWidget]:
    """All of the place's own widgets; what belongs to a dialog over it is the dialog's."""
    return [widget for widget in place.findChildren(QWidget) if widget.window() is place and not is_inside_qt(widget)]


def is_inside_qt(widget: QWidget) -> bool:
    """Made by Qt within a widget of its own: menus' extension buttons, scroll bars, a field's list and the like."""
    is_in_field = isinstance(widget.parent(), QLineEdit)  # the button that empties it, for which there are keys
    return is_in_field or widget.objectName().startswith("qt_") or type(widget).__name__ in _MADE_BY_QT


def is_named(widget: QWidget) -> bool:
    return bool(widget.accessibleName() or (isinstance(widget, QAbstractButton | QLabel) and widget.text()))


def takes_focus(widget: QWidget) -> bool:
    """By Tab, as it is now. A menu bar is reached by Alt, and a label's text by the mouse or a screen reader."""
    return (
        widget.isVisible()
        and widget.isEnabled()
        and bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
        and widget.focusProxy() is None
        and not isinstance(widget, QMenuBar)
    )


def walk(place: QWidget, desktop: Desktop) -> set[QWidget]:
    """The widgets that have the focus one after the other as Tab is pressed, from the first one round to it again."""
    met: list[QWidget] = []
    for _ in range(_MOST_TABS):
        here = place.focusWidget()
        if here is not None:
            if met.count(here) > 1:
                return set(met)
            met.append(here)
        desktop.qtbot.keyClick(here or place, Qt.Key.Key_Tab)
    raise AssertionError("Tab goes nowhere: " + ", ".join(describe(widget) for widget in met[-4:]))


def describe(widget: QWidget) -> str:
    parent = type(widget.parent()).__name__
    return f"{type(widget).__name__} {widget.objectName() or widget.accessibleName()!r} in {parent}"
