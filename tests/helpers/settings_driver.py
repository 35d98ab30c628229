"""Drives the settings: goes from pane to pane, fills in fields, answers questions."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QListWidget,
    QListWidgetItem,
    QScrollArea,
    QStackedWidget,
    QTableWidget,
)

from tests.helpers.parts import Part

_DATA = Qt.ItemDataRole.UserRole


class SettingsDriver(Part):
    """The settings window. Names of fields are the same in whichever pane they are."""

    def show(self, pane: str) -> None:
        """Go to a pane by its name, such as `watched-folders`."""
        panes = self.find("settings_list", QListWidget)
        panes.setCurrentRow([_name(panes.item(row)) for row in range(panes.count())].index(pane))

    @property
    def shown(self) -> str:
        """The name of the pane that is shown."""
        return _name(self.find("settings_list", QListWidget).currentItem())

    @property
    def pane(self) -> QScrollArea:
        """The pane that is shown."""
        pane = self.find("settings_panes", QStackedWidget).currentWidget()
        assert isinstance(pane, QScrollArea)
        return pane

    # ── lists and tables ─────────────────────────────────────────────────────────────────────────

    def select_server(self, server_id: str) -> None:
        servers = self.find("server_list", QListWidget)
        servers.setCurrentRow([servers.item(row).data(_DATA) for row in range(servers.count())].index(server_id))

    def language(self, name: str, origin: str) -> QListWidgetItem | None:
        """Return a language's entry with this origin (`mirror`, `added`, …), or None."""
        languages = self.find("language_list", QListWidget)
        items = [languages.item(row) for row in range(languages.count())]
        return next((it for it in items if (it.data(_DATA).name, it.data(_DATA).origin) == (name, origin)), None)

    def select_language(self, name: str, origin: str) -> None:
        entry = self.language(name, origin)
        assert entry is not None, f"{name} of {origin} is not listed"
        self.find("language_list", QListWidget).setCurrentItem(entry)

    def tick_language(self, name: str, is_on: bool) -> None:
        """Include a language in new jobs, or leave it out."""
        languages = self.find("new_job_languages", QListWidget)
        items = [languages.item(row) for row in range(languages.count())]
        state = Qt.CheckState.Checked if is_on else Qt.CheckState.Unchecked
        next(item for item in items if item.data(_DATA) == name).setCheckState(state)

    def select_shortcut(self, shortcut_id: str) -> None:
        """Select an action by the id under which its keys are stored."""
        table = self.table("shortcut_table")
        ids = [table.model().index(row, 0).data(_DATA) for row in range(table.rowCount())]
        table.selectRow(ids.index(shortcut_id))

    def table(self, name: str) -> QTableWidget:
        return self.find(name, QTableWidget)

    def cell(self, table: str, row: int, column: int) -> str:
        return str(self.table(table).model().index(row, column).data())


def _name(item: QListWidgetItem) -> str:
    return str(item.data(_DATA))
