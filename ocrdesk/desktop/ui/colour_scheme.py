"""Light, dark or system, stored in the settings."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QGuiApplication

_SCHEME = "appearance/scheme"


class Scheme(StrEnum):
    """The choices."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


_QT = {
    Scheme.SYSTEM: Qt.ColorScheme.Unknown,
    Scheme.LIGHT: Qt.ColorScheme.Light,
    Scheme.DARK: Qt.ColorScheme.Dark,
}


def read_scheme(store: QSettings) -> Scheme:
    value = str(store.value(_SCHEME, Scheme.SYSTEM.value))
    return Scheme(value) if value in list(Scheme) else Scheme.SYSTEM


def write_scheme(store: QSettings, scheme: Scheme) -> None:
    store.setValue(_SCHEME, scheme.value)


def apply_scheme(scheme: Scheme) -> None:
    hints = QGuiApplication.styleHints()
    if hasattr(hints, "setColorScheme"):  # since Qt 6.8
        hints.setColorScheme(_QT[scheme])
