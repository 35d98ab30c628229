"""The stored document beside the hits: its name, and its text or a message."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from ocrdesk.desktop.library.stored_text import StoredText
from ocrdesk.desktop.ui import colours
from ocrdesk.desktop.ui.elided_label import ElidedLabel
from ocrdesk.desktop.ui.object_names import name_objects
from ocrdesk.desktop.ui.palette_watcher import PaletteWatcher

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ocrdesk.desktop.library.records import StoredPage


class DocumentView(QWidget):
    show_job_wanted = Signal()
    """The user wants to see the document's job in the list."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(self.tr("Stored document"))
        self.setMinimumWidth(320)
        self.text = StoredText()
        self._message = QLabel(alignment=Qt.AlignmentFlag.AlignCenter, wordWrap=True)
        self._message.setContentsMargins(32, 0, 32, 48)
        self._name = ElidedLabel()
        font = QFont(self._name.font())
        font.setPointSizeF(font.pointSizeF() * 1.25)
        font.setWeight(QFont.Weight.DemiBold)
        self._name.setFont(font)
        self._show_job = QPushButton(self.tr("Show in the list"))
        self._show_job.setAccessibleName(self._show_job.text())
        self._show_job.setMinimumHeight(32)
        self._show_job.clicked.connect(self.show_job_wanted)
        self._body = QStackedWidget()
        self._body.setAccessibleName(self.tr("Text"))
        self._body.addWidget(self._message)
        self._body.addWidget(self.text)
        name_objects(
            library_message=self._message,
            library_show_job_button=self._show_job,
            library_document_name=self._name,
            library_text=self.text,
        )
        self._lay_out()
        PaletteWatcher(self, lambda: colours.paint_label(self._message, colours.muted(self.palette())))

    def show_name(self, name: str, *, has_job: bool) -> None:
        """Show the document's name, and the button to its job if the server still has it."""
        self._name.setText(name)
        self._show_job.setVisible(has_job)

    def show_document(self, pages: Sequence[StoredPage]) -> None:
        self.show_text()
        self.text.show_document(pages)

    def show_text(self) -> None:
        """Show the text that is loaded already."""
        self._body.setCurrentWidget(self.text)

    def show_message(self, sentence: str) -> None:
        """Show a sentence instead of the text."""
        self._message.setText(sentence)
        self._message.setAccessibleName(sentence)
        self._body.setCurrentWidget(self._message)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(24, 12, 12, 8)
        head.setSpacing(8)
        head.addWidget(self._name, 1)
        head.addWidget(self._show_job)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addWidget(self._body, 1)
