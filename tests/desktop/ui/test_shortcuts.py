"""Shortcuts are stored under their ids, given to one action at a time, and restored."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QSettings
from PySide6.QtGui import QAction, QKeySequence

from ocrdesk.desktop.ui.shortcut_ids import SHORTCUT_IDS
from ocrdesk.desktop.ui.shortcuts import Shortcuts


class Owner(QObject):
    """Owns two of the window's actions."""

    def __init__(self) -> None:
        super().__init__()
        self.undo = self._action("action_undo", "Ctrl+Z")
        self.quit = self._action("action_quit", "Ctrl+Q")

    def _action(self, name: str, keys: str) -> QAction:
        action = QAction("A&ction…", self)
        action.setObjectName(name)
        action.setShortcut(QKeySequence(keys))
        return action


@pytest.fixture
def store(qapp: object, tmp_path: Path) -> QSettings:
    return QSettings(str(tmp_path / "desktop.ini"), QSettings.Format.IniFormat)


def test_changed_keys_are_stored_under_the_id_and_used_by_the_next_window(store: QSettings) -> None:
    first = Shortcuts(store)
    first.adopt(owner := Owner())
    first.give("review.undo", QKeySequence("Ctrl+U"))
    assert owner.undo.shortcut() == QKeySequence("Ctrl+U")
    assert store.value("shortcuts/review.undo") == "Ctrl+U"
    Shortcuts(store).adopt(again := Owner())
    assert again.undo.shortcut() == QKeySequence("Ctrl+U")


def test_keys_of_another_action_are_taken_from_it(store: QSettings) -> None:
    shortcuts = Shortcuts(store)
    shortcuts.adopt(owner := Owner())
    owner_of_keys = shortcuts.owner_of(QKeySequence("Ctrl+Q"), "review.undo")
    assert owner_of_keys is not None
    assert owner_of_keys.shortcut_id == "window.quit"
    shortcuts.give("review.undo", QKeySequence("Ctrl+Q"))
    assert owner.undo.shortcut() == QKeySequence("Ctrl+Q")
    assert owner.quit.shortcut().isEmpty()


def test_default_keys_need_no_entry(store: QSettings) -> None:
    shortcuts, owner = Shortcuts(store), Owner()
    shortcuts.adopt(owner)
    shortcuts.give("review.undo", QKeySequence("Ctrl+U"))
    shortcuts.give("review.undo", QKeySequence("Ctrl+Z"))
    assert owner.undo.shortcut() == QKeySequence("Ctrl+Z")
    assert not store.contains("shortcuts/review.undo")


def test_restoring_gives_all_default_keys(store: QSettings) -> None:
    shortcuts = Shortcuts(store)
    shortcuts.adopt(owner := Owner())
    shortcuts.give("review.undo", QKeySequence())
    shortcuts.restore_all()
    assert owner.undo.shortcut() == QKeySequence("Ctrl+Z")
    assert not [key for key in store.allKeys() if key.startswith("shortcuts/")]


def test_action_without_an_id_is_an_error(store: QSettings) -> None:
    owner = Owner()
    owner.undo.setObjectName("action_unknown")
    with pytest.raises(KeyError, match="action_unknown"):
        Shortcuts(store).adopt(owner)


def test_ids_are_unique_and_name_their_area() -> None:
    ids = list(SHORTCUT_IDS.values())
    assert len(set(ids)) == len(ids)
    assert {shortcut_id.partition(".")[0] for shortcut_id in ids} == {
        "export",
        "files",
        "jobs",
        "library",
        "review",
        "settings",
        "text",
        "window",
    }
