"""Library settings."""

from __future__ import annotations

from datetime import UTC, datetime

from PySide6.QtCore import QObject, QSettings, Signal

ENABLED, _SINCE, _DISABLED_BEFORE = "library/enabled", "library/since", "library/disabled_before"


class LibrarySettings(QObject):
    """The switch of the library, which is on by default. It is read each time, because other windows change it too."""

    changed = Signal(bool)

    def __init__(self, settings: QSettings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settings = settings

    @property
    def is_enabled(self) -> bool:
        is_enabled = str(self._settings.value(ENABLED, True)).casefold() not in ("false", "0")
        if not is_enabled:
            self._settings.setValue(_DISABLED_BEFORE, True)
        elif str(self._settings.value(_DISABLED_BEFORE, False)).casefold() == "true":
            self._settings.setValue(_DISABLED_BEFORE, False)
            self._settings.setValue(_SINCE, datetime.now(UTC).isoformat())
        return is_enabled

    @property
    def since(self) -> datetime | None:
        """When it was last switched on: text recognised while it was off is not added later."""
        since = str(self._settings.value(_SINCE, "")) if self.is_enabled else ""
        try:
            return datetime.fromisoformat(since).astimezone(UTC) if since else None
        except (ValueError, OverflowError):  # the file was damaged
            return None

    def set_enabled(self, is_enabled: bool) -> None:
        if is_enabled != self.is_enabled:
            self._settings.setValue(ENABLED, is_enabled)
            self.is_enabled  # noqa: B018  # notes the change
            self.changed.emit(is_enabled)
