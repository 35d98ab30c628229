"""Drives the export dialog."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QComboBox

from ocrdesk.desktop.export.dialog import ExportDialog
from tests.helpers.parts import Part


class ExportDriver(Part):
    """The dialog is `dialog`; it stays open until the test closes it."""

    def __init__(self, dialog: ExportDialog) -> None:
        super().__init__(dialog)
        self.dialog = dialog

    def choose_format(self, name: str) -> None:
        choices = self.find("export_format", QComboBox)
        names = [choices.itemData(place)[0] for place in range(choices.count())]
        choices.setCurrentIndex(names.index(name))

    @property
    def format(self) -> str:
        """The name of the chosen format."""
        return str(self.find("export_format", QComboBox).currentData()[0])

    def set_up(self, format_name: str, folder: Path, pattern: str = "{name}") -> None:
        """Choose the format, the folder and the names of the files."""
        self.choose_format(format_name)
        self.fill("export_folder", str(folder))
        self.fill("export_name", pattern)

    def start(self) -> None:
        self.press("export_button")

    @property
    def is_over(self) -> bool:
        """Whether the export has ended; then the dialog shows the outcome."""
        return self.is_shown("export_outcome") and not self.is_shown("export_progress")

    @property
    def outcome(self) -> str:
        return self.text("export_outcome")
