"""Checks every widget in every place: each has a name, and Tab reaches each that accepts the focus, in reading order.

The places are in tests/desktop/screens.py. A widget class of ours that is in none of them fails the last tests.
"""

from __future__ import annotations

import ast
import importlib
import pkgutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QApplication,
    QComboBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QMainWindow,
    QMenu,
    QMenuBar,
    QRadioButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

import ocrdesk.desktop
from ocrdesk.desktop.library.library_view import LibraryView
from ocrdesk.desktop.review.widgets.find_bar import FindBar
from tests.desktop.conftest import OpenDesktop
from tests.desktop.screens import PLACES, ScreenGuide

_MADE_BY_QT = ("QScrollBar", "QSplitterHandle", "QToolBarSeparator", "QRubberBand", "QDialogButtonBox")
_MOST_TABS = 200
_SLACK_PX = 4
"""How far neighbours may overlap because of frames and margins."""
_QTS_DIALOGS = ("QMessageBox", "QInputDialog", "QFileDialog", "QDialog", "QWizard", "QProgressDialog", "QErrorMessage")
_QTS_DIALOGS_ARE_MADE_BY = {
    "library.purge_menu.confirm": "library question",
    "library.purge_menu._ask_days": "library age",
    "settings.confirm.ask": "settings question",
    "intake.file_dialogs._dialog": "choosing files is Qt's own, or the system's",
    "export.dialog._ask_folder": "the same",
    "settings.panes.languages_pane._on_add_file": "the same",
    "window.language_hint._on_again": "the same",
    "review.controllers.orphaned_corrections._ask_path": "the same",
}
"""The place of each widget class, or why it needs none."""


@dataclass
class Found:
    """The problems of a place, a line each, and our widget classes in it."""

    nameless: list[str] = field(default_factory=list)
    wordless: list[str] = field(default_factory=list)
    deaf: list[str] = field(default_factory=list)
    unmet: list[str] = field(default_factory=list)
    backwards: list[str] = field(default_factory=list)
    closes: bool = True
    seen: set[type] = field(default_factory=set)


_found: dict[str, Found] = {}
"""The results by place, so that each place is opened only once."""


def found_at(name: str, request: pytest.FixtureRequest) -> Found:
    if name not in _found:
        place = PLACES[name](ScreenGuide(request))
        place.activateWindow()
        qtbot: QtBot = request.getfixturevalue("qtbot")
        qtbot.waitExposed(place)
        QApplication.processEvents()
        _found[name] = look_over(place, qtbot)
    return _found[name]


@pytest.fixture(params=PLACES)
def found(request: pytest.FixtureRequest) -> Found:
    return found_at(request.param, request)


def test_every_widget_has_a_name(found: Found) -> None:
    assert not found.nameless


def test_every_action_has_words(found: Found) -> None:
    assert not found.wordless


def test_every_action_has_a_unique_object_name(open_desktop: OpenDesktop) -> None:
    names = [shortcut.action.objectName() for shortcut in open_desktop(start=False).window.shortcuts.all()]
    assert not [name for name in names if not name.startswith("action_")]
    assert len(names) == len(set(names)) > 40


def test_every_button_and_field_takes_the_focus(found: Found) -> None:
    assert not found.deaf


def test_every_widget_that_takes_the_focus_is_met_by_tab(found: Found) -> None:
    assert not found.unmet


def test_tab_goes_down_and_to_the_right(found: Found) -> None:
    assert not found.backwards


def test_escape_closes_dialogs_over_the_window(found: Found) -> None:
    assert found.closes


def test_escape_closes_views_within_the_window(request: pytest.FixtureRequest, qtbot: QtBot) -> None:
    for name, part in (("review with find bar", FindBar), ("library", LibraryView)):
        for number in range(len(_fields(PLACES[name](ScreenGuide(request)), part))):
            opened = PLACES[name](ScreenGuide(request)).findChild(part)
            qtbot.keyClick(_fields(opened.window(), part)[number], Qt.Key.Key_Escape)
            assert not opened.isVisible(), (name, number)


def _fields(window: QWidget, part: type[QWidget]) -> list[QWidget]:
    return [widget for widget in window.findChild(part).findChildren(QWidget) if takes_focus(widget)]


def test_every_widget_of_ours_is_in_some_place(request: pytest.FixtureRequest) -> None:
    modules = [
        importlib.import_module(found.name)
        for found in pkgutil.walk_packages(ocrdesk.desktop.__path__, "ocrdesk.desktop.")
    ]
    ours = {
        each
        for module in modules
        for each in vars(module).values()
        if isinstance(each, type) and issubclass(each, QWidget) and each.__module__ == module.__name__
    }
    seen = set().union(*(found_at(name, request).seen for name in PLACES))
    assert not {each.__name__ for each in ours if not any(issubclass(other, each) for other in seen)}


def test_every_dialog_of_qts_is_in_some_place() -> None:
    folder = Path(ocrdesk.desktop.__path__[0])
    made_by = set()
    for file in folder.rglob("*.py"):
        module = ".".join(file.relative_to(folder).with_suffix("").parts)
        for function in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(function, ast.FunctionDef) and any(map(_makes_dialog, ast.walk(function))):
                made_by.add(f"{module}.{function.name}")
    assert made_by == set(_QTS_DIALOGS_ARE_MADE_BY)


def _makes_dialog(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and ast.unparse(node.func).partition(".")[0] in _QTS_DIALOGS


# ── examining a place ────────────────────────────────────────────────────────────────────────────


def look_over(place: QWidget, qtbot: QtBot) -> Found:
    """Record all problems, then close everything except the main window."""
    widgets = widgets_of(place)
    found = Found(seen={type(widget) for widget in [place, *widgets, *place.findChildren(QMenu)] if _is_seen(widget)})
    if not (place.accessibleName() or place.windowTitle()):
        found.nameless.append(describe(place))
    found.nameless += [describe(widget) for widget in widgets if not is_named(widget)]
    found.wordless = [
        f"in {menu.title()}"
        for menu in place.findChildren(QMenu)
        for action in menu.actions()
        if not (action.text() or action.isSeparator())
    ]
    found.deaf = [describe(widget) for widget in widgets if is_deaf(widget)]
    met = walk(place, qtbot)
    found.unmet = [describe(widget) for widget in widgets if takes_focus(widget) and widget not in met]
    back = [f"{describe(a)} → {describe(b)}" for a, b in pairwise([*met, met[0]]) if met and not goes_on(a, b)]
    found.backwards = back if len(back) > 1 else []  # after one round it is back at the start
    if not isinstance(place, QMainWindow):
        qtbot.keyClick(place.focusWidget() or place, Qt.Key.Key_Escape)
        found.closes = not place.isVisible()
        place.close()
    return found


def _is_seen(widget: QWidget) -> bool:
    return widget.isVisible() or isinstance(widget, QMenu)


def widgets_of(place: QWidget) -> list[QWidget]:
    """Return the place's own widgets, without those of a dialog over it."""
    return [widget for widget in place.findChildren(QWidget) if widget.window() is place and not is_inside_qt(widget)]


def is_inside_qt(widget: QWidget) -> bool:
    """Return whether Qt created it inside one of its widgets: a menu's extension button, a scroll bar, a list."""
    is_in_field = isinstance(widget.parent(), QLineEdit)  # the button that clears it, which has a keyboard equivalent
    return is_in_field or widget.objectName().startswith("qt_") or type(widget).__name__ in _MADE_BY_QT


def is_named(widget: QWidget) -> bool:
    """Return whether it has a name, a text or a label. A label that is not shown may be empty."""
    if isinstance(widget, QAbstractButton | QLabel) and (widget.text() or not widget.isVisible()):
        return True
    labels = widget.parentWidget().findChildren(QLabel)
    return bool(widget.accessibleName()) or any(label.buddy() is widget for label in labels)


def is_deaf(widget: QWidget) -> bool:
    """Return whether a control cannot get the focus by Tab. Table headings are read with the cells."""
    if is_unchosen(widget) or isinstance(widget, QHeaderView):
        return False
    kinds = QAbstractButton | QComboBox | QAbstractScrollArea
    return isinstance(widget, kinds) and widget.isEnabled() and not widget.focusPolicy() & Qt.FocusPolicy.TabFocus


def is_unchosen(widget: QWidget) -> bool:
    """Return whether it is an unchecked radio button: Tab reaches the checked one, arrow keys the others."""
    return isinstance(widget, QRadioButton) and not widget.isChecked()


def takes_focus(widget: QWidget) -> bool:
    """Return whether Tab reaches it now. Alt reaches a menu bar; mouse and screen reader reach a label's text."""
    return (
        widget.isVisible()
        and widget.isEnabled()
        and bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
        and widget.focusProxy() is None
        and not is_unchosen(widget)
        and not isinstance(widget, QMenuBar)
    )


def walk(place: QWidget, qtbot: QtBot) -> list[QWidget]:
    """Return the widgets that get the focus one after the other while Tab is pressed, for one round."""
    met: list[QWidget] = []
    for _ in range(_MOST_TABS):
        here = place.focusWidget()
        if here in met:
            return met[met.index(here) :]
        if here is not None:
            met.append(here)
        qtbot.keyClick(here or place, Qt.Key.Key_Tab)
    raise AssertionError("Tab goes nowhere: " + ", ".join(describe(widget) for widget in met[-4:]))


def goes_on(a: QWidget, b: QWidget) -> bool:
    """Return whether `b` is below `a` or to its right, by the positions of the containers that separate them."""
    above, beside = _lineage(a), _lineage(b)
    depth = next((n for n, (x, y) in enumerate(zip(above, beside, strict=False)) if x is not y), None)
    if depth is None:  # one of them contains the other
        return len(above) <= len(beside)
    first, second = above[depth].geometry(), beside[depth].geometry()
    is_below = second.top() >= first.bottom() - _SLACK_PX
    is_right = second.left() >= first.right() - _SLACK_PX and second.top() <= first.bottom()
    return is_below or is_right


def _lineage(widget: QWidget) -> Sequence[QWidget]:
    """Return the path from the window down to the widget."""
    line = [widget]
    while not line[-1].isWindow():
        line.append(line[-1].parentWidget())
    return line[::-1]


def describe(widget: QWidget) -> str:
    parent = type(widget.parent()).__name__
    words = widget.text() if isinstance(widget, QAbstractButton) else ""
    return f"{type(widget).__name__} {widget.objectName() or widget.accessibleName() or words!r} in {parent}"
