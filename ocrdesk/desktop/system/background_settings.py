"""The switches for how the desktop behaves: tray, messages, closing, and the language of its own words."""

from __future__ import annotations

from PySide6.QtCore import QSettings

_TRAY, _STAY, _TELL, _LANGUAGE = "manners/tray", "manners/stay_in_tray", "manners/tell", "manners/language"


class BackgroundSettings:
    def __init__(self, settings: QSettings) -> None:
        self._settings = settings

    @property
    def has_tray(self) -> bool:
        """An icon in the tray, where there is one."""
        return bool(self._settings.value(_TRAY, True, type=bool))

    @has_tray.setter
    def has_tray(self, wanted: bool) -> None:
        self._settings.setValue(_TRAY, wanted)

    @property
    def stays_in_tray(self) -> bool:
        """Closing the window leaves the program in the tray."""
        return bool(self._settings.value(_STAY, False, type=bool))

    @stays_in_tray.setter
    def stays_in_tray(self, wanted: bool) -> None:
        self._settings.setValue(_STAY, wanted)

    @property
    def tells(self) -> bool:
        """A message when everything is read and the window is not in front."""
        return bool(self._settings.value(_TELL, True, type=bool))

    @tells.setter
    def tells(self, wanted: bool) -> None:
        self._settings.setValue(_TELL, wanted)

    @property
    def language(self) -> str:
        """As `de`; empty: the system's."""
        return str(self._settings.value(_LANGUAGE, ""))

    @language.setter
    def language(self, language: str) -> None:
        self._settings.setValue(_LANGUAGE, language)
