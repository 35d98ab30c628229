"""Light, dark or system, stored in the settings."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from ocrdesk.desktop.ui.palettes import make_palette

_SCHEME = "appearance/scheme"
_STYLE = "fusion"
_DESKTOP_STYLE = "ocrdesk_desktop_style"
"""The property of the application that remembers the desktop's style."""


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
    """Show all windows in this scheme, on any desktop.

    Few desktops can show one program lighter or darker than the rest. So a chosen scheme gets a palette of our own, and
    a style that paints with any palette; the system's scheme gets the desktop's palette and style.
    """
    hints = QGuiApplication.styleHints()
    if hasattr(hints, "setColorScheme"):  # since Qt 6.8
        hints.setColorScheme(_QT[scheme])  # title bars and the desktop's own dialogs
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        return
    if scheme is Scheme.SYSTEM:
        _use_style(app, str(app.property(_DESKTOP_STYLE) or app.style().objectName()))
        app.setPalette(QPalette())
    else:
        if not app.property(_DESKTOP_STYLE):
            app.setProperty(_DESKTOP_STYLE, app.style().objectName())
        _use_style(app, _STYLE)
        app.setPalette(make_palette(is_dark=scheme is Scheme.DARK))


def _use_style(app: QApplication, name: str) -> None:
    if app.style().objectName().casefold() != name.casefold():
        app.setStyle(name)
