"""Watched folders."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QFileDialog, QListWidget, QListWidgetItem, QWidget

from ocrdesk.contract.file_names import printable_name
from ocrdesk.desktop.intake import file_dialogs
from ocrdesk.desktop.settings.pane import Notice, Pane, add_frame, beside, button
from ocrdesk.desktop.ui.colours import Meaning
from ocrdesk.desktop.ui.object_names import name_objects
from ocrdesk.desktop.watch.watched_folders import WatchedFolders

_LIST_PX = 200
_MOST_PROBLEMS_SHOWN = 3


class WatchedFoldersPane(Pane):
    """Adds and removes watched folders, switches them on and off, and shows their problems."""

    def __init__(self, watched: WatchedFolders, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Watched folders"), parent)
        self._watched = watched
        self.switch = QCheckBox(self.tr("&Watch these folders, and recognise new files in them"))
        self.with_present = QCheckBox(self.tr("When adding a folder, &also recognise files already in it"))
        for box in (self.switch, self.with_present):
            box.setAccessibleName(box.text().replace("&", ""))
        self.list = QListWidget()
        self.list.setAccessibleName(self.title)
        self.list.setTabKeyNavigation(False)
        self.list.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.list.setFixedHeight(_LIST_PX)
        add_frame(self.list)
        self.add, self.remove = button(self.tr("A&dd…")), button(self.tr("&Remove"))
        self.add.setAccessibleName(self.tr("Add a folder"))
        self.remove.setAccessibleName(self.tr("Remove the selected folder"))
        self.resume = button(self.tr("R&esume"))
        self.resume.setAccessibleName(self.tr("Resume watching"))
        self._paused, self._problem = Notice(self.widget()), Notice(self.widget())
        name_objects(
            watch_switch=self.switch,
            watch_with_present_files=self.with_present,
            watch_folders=self.list,
            watch_add=self.add,
            watch_remove=self.remove,
            watch_resume=self.resume,
            watch_paused=self._paused,
            watch_problem=self._problem,
        )
        self.body.addWidget(self.switch)
        self.body.addWidget(self._paused)
        self.body.addLayout(beside(self.resume))
        self.body.addWidget(self.list)
        self.body.addWidget(self._problem)
        self.body.addLayout(beside(self.add, self.remove))
        self.body.addWidget(self.with_present)
        self.body.addStretch()
        self._connect()
        self._load()

    def add_folder(self, folder: Path) -> None:
        self._watched.add(folder, with_present_files=self.with_present.isChecked())

    def _connect(self) -> None:
        self.switch.toggled.connect(self._watched.switch)
        self.resume.clicked.connect(lambda: self._watched.pause(False))
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
            self._watched.remove(Path(os.fsdecode(bytes(item.data(Qt.ItemDataRole.UserRole)))))

    def _load(self) -> None:
        watch, problems = self._watched.watch, self._watched.problems
        self.switch.setChecked(watch.is_enabled)
        self.list.clear()
        for folder in watch.folders:
            item = QListWidgetItem(printable_name(folder))
            item.setData(Qt.ItemDataRole.UserRole, os.fsencode(folder))  # text would lose bytes that are not UTF-8
            item.setToolTip(printable_name(folder))
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        self.remove.setEnabled(bool(self.list.selectedItems()))
        is_paused = self._watched.is_paused
        self._paused.say(self.tr("Paused: no new files are read until you resume.") if is_paused else "")
        self.resume.setVisible(is_paused)
        lines = [
            self.tr("{path} cannot be read: {reason}. ocrdesk tries again automatically.").format(
                path=printable_name(path), reason=reason
            )
            for path, reason in problems.items()
        ]
        self._problem.say("\n".join(lines[:_MOST_PROBLEMS_SHOWN]), Meaning.BAD)
