"""The light and the dark palette."""

from __future__ import annotations

from PySide6.QtGui import QColor, QPalette

_Role, _Group = QPalette.ColorRole, QPalette.ColorGroup

_LIGHT = {
    _Role.Window: "#f3f3f3",
    _Role.WindowText: "#1b1b1b",
    _Role.Base: "#ffffff",
    _Role.AlternateBase: "#f7f7f7",
    _Role.Text: "#1b1b1b",
    _Role.PlaceholderText: "#6b6b6b",
    _Role.Button: "#f0f0f0",
    _Role.ButtonText: "#1b1b1b",
    _Role.BrightText: "#ffffff",
    _Role.ToolTipBase: "#fdfdf2",
    _Role.ToolTipText: "#1b1b1b",
    _Role.Highlight: "#2f6fd0",
    _Role.HighlightedText: "#ffffff",
    _Role.Accent: "#2f6fd0",
    _Role.Link: "#1d5fbf",
    _Role.LinkVisited: "#6a3fa0",
    _Role.Light: "#ffffff",
    _Role.Midlight: "#e6e6e6",
    _Role.Mid: "#b8b8b8",
    _Role.Dark: "#9a9a9a",
    _Role.Shadow: "#6e6e6e",
}
_DARK = {
    _Role.Window: "#323232",
    _Role.WindowText: "#ececec",
    _Role.Base: "#1e1e1e",
    _Role.AlternateBase: "#262626",
    _Role.Text: "#ececec",
    _Role.PlaceholderText: "#9a9a9a",
    _Role.Button: "#404040",
    _Role.ButtonText: "#ececec",
    _Role.BrightText: "#ffffff",
    _Role.ToolTipBase: "#3a3a3a",
    _Role.ToolTipText: "#ececec",
    _Role.Highlight: "#3b6fc4",
    _Role.HighlightedText: "#ffffff",
    _Role.Accent: "#6ea3f2",
    _Role.Link: "#8ab4f8",
    _Role.LinkVisited: "#c58af9",
    _Role.Light: "#4d4d4d",
    _Role.Midlight: "#424242",
    _Role.Mid: "#1a1a1a",
    _Role.Dark: "#141414",
    _Role.Shadow: "#000000",
}
_TEXTS = (_Role.WindowText, _Role.Text, _Role.ButtonText, _Role.HighlightedText)
_DISABLED_TEXT = {False: "#9b9b9b", True: "#7d7d7d"}
_DISABLED_HIGHLIGHT = {False: "#c8c8c8", True: "#4a4a4a"}


def make_palette(*, is_dark: bool) -> QPalette:
    """Return the whole palette; nothing in it depends on the desktop."""
    palette = QPalette()
    for role, colour in (_DARK if is_dark else _LIGHT).items():
        palette.setColor(role, QColor(colour))
    for role in _TEXTS:
        palette.setColor(_Group.Disabled, role, QColor(_DISABLED_TEXT[is_dark]))
    for role in (_Role.Highlight, _Role.Accent):
        palette.setColor(_Group.Disabled, role, QColor(_DISABLED_HIGHLIGHT[is_dark]))
    return palette
