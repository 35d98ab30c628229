"""Settings for tray, closing and notifications."""

from __future__ import annotations

from PySide6.QtCore import QSettings

_TRAY, _CLOSE_TO_TRAY, _NOTIFY = "background/tray", "background/close_to_tray", "background/notify"
_LANGUAGE = "interface/language"


class BackgroundSettings:
    """What the window does in the background, and its language."""

    def __init__(self, settings: QSettings) -> None:
        self._settings = settings

    @property
    def has_tray(self) -> bool:
        """Whether an icon is shown in the tray, on desktops that have one."""
        return bool(self._settings.value(_TRAY, True, type=bool))

    @has_tray.setter
    def has_tray(self, wanted: bool) -> None:
        self._settings.setValue(_TRAY, wanted)

    @property
    def closes_to_tray(self) -> bool:
        """Whether the program continues in the tray when its window is closed."""
        return bool(self._settings.value(_CLOSE_TO_TRAY, False, type=bool))

    @closes_to_tray.setter
    def closes_to_tray(self, wanted: bool) -> None:
        self._settings.setValue(_CLOSE_TO_TRAY, wanted)

    @property
    def notifies(self) -> bool:
        """Whether a notification is shown when all files are read and the window is not in front."""
        return bool(self._settings.value(_NOTIFY, True, type=bool))

    @notifies.setter
    def notifies(self, wanted: bool) -> None:
        self._settings.setValue(_NOTIFY, wanted)

    @property
    def language(self) -> str:
        """The interface language, as `de`; empty for the system's."""
        return str(self._settings.value(_LANGUAGE, ""))

    @language.setter
    def language(self, language: str) -> None:
        self._settings.setValue(_LANGUAGE, language)
