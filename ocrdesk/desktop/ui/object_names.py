"""Gives widgets and actions their object names, by which tests and scripts find them."""

from __future__ import annotations

from PySide6.QtCore import QObject


def name_objects(**objects: QObject) -> None:
    """Give each object its keyword as object name. Names are unique within a window and never translated."""
    for name, named in objects.items():
        named.setObjectName(name)
