"""Says when the settings file was damaged, or when changes cannot be saved in it."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from PySide6.QtCore import QObject, QSettings, QTimer, Signal

from ocrdesk.contract.file_names import printable_name
from ocrdesk.desktop.system.settings_repair import SettingsDamage, keep_copy

_FIRST_MS, _EVERY_MS = 1_500, 20_000


class SettingsWatch(QObject):
    """Checks from time to time whether Qt could save the settings, and has it try again."""

    problem = Signal(str)
    """A sentence: what happened, and what to do."""

    def __init__(self, settings: QSettings, damage: SettingsDamage | None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._file, self._damage = Path(settings.fileName()), damage
        self._has_failed = False
        self._timer = QTimer(self, interval=_FIRST_MS)
        self._timer.timeout.connect(self._check)
        self._timer.start()

    def _check(self) -> None:
        self._timer.setInterval(_EVERY_MS)
        if self._damage is not None:
            self.problem.emit(self._about_damage(self._damage))
            self._damage = None
        probe = QSettings(str(self._file), QSettings.Format.IniFormat)  # one that has seen no earlier failure
        probe.sync()
        has_failed = probe.status() is QSettings.Status.AccessError
        if has_failed and not self._has_failed:
            self.problem.emit(
                self.tr(
                    "The settings cannot be saved in {file}. Check that there is room on the disk, and that you can "
                    "write to this file and its folder. Until then, changes hold for this window only."
                ).format(file=printable_name(self._file))
            )
        self._has_failed = has_failed
        if not has_failed:
            with suppress(OSError):  # the settings are saved; only their copy is an older one
                keep_copy(self._file)

    def _about_damage(self, damage: SettingsDamage) -> str:
        if damage.aside is None:
            text = self.tr(
                "The settings file {file} is damaged and cannot be moved. Move it away; until then, settings are lost "
                "when you close the window."
            )
        elif damage.is_restored:
            text = self.tr(
                "The settings file was damaged. The settings of an earlier start are used. Check them; the damaged "
                "file is {aside}."
            )
        else:
            text = self.tr(
                "The settings file was damaged, so the settings are as after the installation. Check them; the damaged "
                "file is {aside}."
            )
        return text.format(file=printable_name(damage.file), aside=printable_name(damage.aside or damage.file))
