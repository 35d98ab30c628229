"""The pane with the switches for tray, messages, closing, and the language of the desktop's words."""

from __future__ import annotations

from PySide6.QtCore import QLocale, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from ocrdesk.desktop import interface_language
from ocrdesk.desktop.manners_settings import MannersSettings
from ocrdesk.desktop.tray import Tray


class MannersPane(QWidget):
    """Changes hold at once; only the language waits for the next start."""

    changed = Signal()

    def __init__(self, settings: MannersSettings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self.setWindowTitle(self.tr("Behaviour"))
        self.setAccessibleName(self.windowTitle())
        self.tray = QCheckBox(self.tr("Show an &icon in the system tray"))
        self.stay = QCheckBox(self.tr("&Stay in the tray when the window is closed"))
        self.tell = QCheckBox(self.tr("Show a &message when all files are read and the window is not in front"))
        self.language = QComboBox()
        self.language.setAccessibleName(self.tr("Language of the window"))
        self.language.addItem(self.tr("As the system"), "")
        for name in interface_language.available():
            self.language.addItem(QLocale(name).nativeLanguageName().capitalize(), name)
        caption = QLabel(self.tr("&Language of the window:"))
        caption.setBuddy(self.language)
        self._restart = QLabel(self.tr("The window has the new language after its next start."))
        self._restart.hide()
        self._load()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        for box in (self.tray, self.stay, self.tell):
            box.setAccessibleName(box.text().replace("&", ""))
            box.toggled.connect(self._store)
            layout.addWidget(box)
        if not Tray.is_possible():
            missing = QLabel(self.tr("This desktop has no tray, so there is no icon now."))
            missing.setIndent(24)
            layout.insertWidget(1, missing)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(caption)
        row.addWidget(self.language)
        row.addStretch()
        layout.addSpacing(8)
        layout.addLayout(row)
        layout.addWidget(self._restart)
        layout.addStretch()
        self.language.currentIndexChanged.connect(self._store_language)

    def _load(self) -> None:
        self.tray.setChecked(self._settings.has_tray)
        self.stay.setChecked(self._settings.stays_in_tray)
        self.stay.setEnabled(self._settings.has_tray)
        self.tell.setChecked(self._settings.tells)
        self.language.setCurrentIndex(max(0, self.language.findData(self._settings.language)))

    def _store(self) -> None:
        self._settings.has_tray = self.tray.isChecked()
        self._settings.stays_in_tray = self.stay.isChecked()
        self._settings.tells = self.tell.isChecked()
        self.stay.setEnabled(self.tray.isChecked())
        self.changed.emit()

    def _store_language(self) -> None:
        self._settings.language = self.language.currentData()
        self._restart.show()
