"""The pane for watched folders: which they are, whether they are watched, and what is wrong with any of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ocrdesk.desktop import colours, file_dialogs
from ocrdesk.desktop.colours import Meaning
from ocrdesk.desktop.palette_watch import PaletteWatch
from ocrdesk.desktop.watched_folders import WatchedFolders


class WatchPane(QWidget):
    """For a dialog of its own, or a place in a settings window."""

    def __init__(self, watched: WatchedFolders, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._watched = watched
        self.setWindowTitle(self.tr("Watched folders"))
        self.setAccessibleName(self.windowTitle())
        self.setMinimumSize(520, 320)
        self.switch = QCheckBox(self.tr("&Watch these folders, and read what is put into them"))
        self.switch.setAccessibleName(self.switch.text().replace("&", ""))
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Watched folders"))
        self.list.setTabKeyNavigation(False)
        self.list.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.with_present = QCheckBox(self.tr("When adding, &also read the files that are there already"))
        self.with_present.setAccessibleName(self.with_present.text().replace("&", ""))
        self.add = QPushButton(self.tr("A&dd…"))
        self.add.setAccessibleName(self.tr("Add a folder"))
        self.remove = QPushButton(self.tr("&Remove"))
        self.remove.setAccessibleName(self.tr("Remove the selected folder"))
        self._problem = QLabel(wordWrap=True)
        self._problem.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)

        buttons = QVBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.add)
        buttons.addWidget(self.remove)
        buttons.addStretch()
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self.list, 1)
        row.addLayout(buttons)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addWidget(self.switch)
        layout.addLayout(row, 1)
        layout.addWidget(self.with_present)
        layout.addWidget(self._problem)
        self._connect()
        self._load()
        PaletteWatch(self, self._dress)

    def add_folder(self, folder: Path) -> None:
        self._watched.add(folder, with_present_files=self.with_present.isChecked())

    def _connect(self) -> None:
        self.switch.toggled.connect(self._watched.switch)
        self.add.clicked.connect(self._ask_folder)
        self.remove.clicked.connect(self._remove)
        self.list.itemSelectionChanged.connect(lambda: self.remove.setEnabled(bool(self.list.selectedItems())))
        self._watched.changed.connect(self._load)

    def _ask_folder(self) -> QFileDialog:
        return file_dialogs.ask_folder(self, "", self._add_all)

    def _add_all(self, folders: Sequence[Path]) -> None:
        for folder in folders:
            self.add_folder(folder)

    def _remove(self) -> None:
        for item in self.list.selectedItems():
            self._watched.remove(Path(item.data(Qt.ItemDataRole.UserRole)))

    def _load(self) -> None:
        watch, problems = self._watched.watch, self._watched.problems
        self.switch.setChecked(watch.is_on)
        self.list.clear()
        for folder in watch.folders:
            item = QListWidgetItem(str(folder))
            item.setData(Qt.ItemDataRole.UserRole, str(folder))
            item.setToolTip(str(folder))
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        self.remove.setEnabled(bool(self.list.selectedItems()))
        lines = [
            self.tr("{path} cannot be read: {reason}. It is tried again by itself.").format(path=path, reason=reason)
            for path, reason in problems.items()
        ]
        self._problem.setText("\n".join(lines[:3]))
        self._problem.setAccessibleName(self._problem.text() or self.tr("Problems"))
        self._problem.setVisible(bool(lines))

    def _dress(self) -> None:
        colours.paint_label(self._problem, colours.meaning(self.palette(), Meaning.BAD))
