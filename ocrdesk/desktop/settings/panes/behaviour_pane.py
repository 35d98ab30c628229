"""Settings for tray, notifications, closing and interface language."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QCheckBox, QComboBox, QWidget

from ocrdesk.desktop.i18n import interface_language
from ocrdesk.desktop.settings.pane import Notice, Pane, add_field, form
from ocrdesk.desktop.system.background_settings import BackgroundSettings
from ocrdesk.desktop.system.tray import Tray
from ocrdesk.desktop.ui.object_names import name_objects


class BehaviourPane(Pane):
    """Changes apply immediately; a new language applies after the next start."""

    def __init__(self, settings: BackgroundSettings, apply: Callable[[], None], parent: QWidget | None = None) -> None:
        """Call `apply` after each change of the switches."""
        super().__init__(self.tr("Behaviour"), parent)
        self._settings, self._apply = settings, apply
        self.tray = QCheckBox(self.tr("Show an &icon in the system tray"))
        self.stay = QCheckBox(self.tr("&Stay in the tray when the window is closed"))
        self.tell = QCheckBox(self.tr("Show a &message when all files are read and the window is not in front"))
        self.language = QComboBox()
        self.language.addItem(self.tr("Same as the system"), "")
        for name in interface_language.available():
            self.language.addItem(QLocale(name).nativeLanguageName().capitalize(), name)
        self._restart = Notice(self.widget())
        name_objects(
            behaviour_tray=self.tray,
            behaviour_stay_in_tray=self.stay,
            behaviour_messages=self.tell,
            behaviour_language=self.language,
            behaviour_notice=self._restart,
        )
        self._load()
        for box in (self.tray, self.stay, self.tell):
            box.setAccessibleName(box.text().replace("&", ""))
            box.toggled.connect(self._store)
            self.body.addWidget(box)
            if box is self.tray and not Tray.is_possible():
                self.add_note(self.tr("This desktop has no tray, so no icon is shown.")).setIndent(24)
        fields = form()
        add_field(fields, self.tr("Language of the window"), self.language)
        self.body.addSpacing(8)
        self.body.addLayout(fields)
        self.body.addWidget(self._restart)
        self.body.addStretch()
        self.language.currentIndexChanged.connect(self._store_language)

    def _load(self) -> None:
        self.tray.setChecked(self._settings.has_tray)
        self.stay.setChecked(self._settings.closes_to_tray)
        self.stay.setEnabled(self._settings.has_tray)
        self.tell.setChecked(self._settings.notifies)
        self.language.setCurrentIndex(max(0, self.language.findData(self._settings.language)))

    def _store(self) -> None:
        self._settings.has_tray = self.tray.isChecked()
        self._settings.closes_to_tray = self.stay.isChecked()
        self._settings.notifies = self.tell.isChecked()
        self.stay.setEnabled(self.tray.isChecked())
        self._apply()

    def _store_language(self) -> None:
        self._settings.language = self.language.currentData()
        self._restart.say(self.tr("The new language applies after the next start."))
