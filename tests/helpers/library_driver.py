"""Drives the library: searches it, reads what it found, and deletes."""

from __future__ import annotations

from PySide6.QtWidgets import QLineEdit, QListView, QMenu, QPushButton

from ocrdesk.desktop.library.hits import HIT
from ocrdesk.desktop.library.stored_text import StoredText
from tests.helpers.parts import Part


class LibraryDriver(Part):
    """The library's page of the window."""

    @property
    def search_field(self) -> QLineEdit:
        return self.find("library_search", QLineEdit)

    def search(self, typed: str) -> None:
        self.fill("library_search", typed)

    @property
    def hits(self) -> QListView:
        return self.find("library_hits", QListView)

    @property
    def found(self) -> list[tuple[str, int]]:
        """The file name and the page of every hit, from the top down."""
        model = self.hits.model()
        hits = [model.index(row, 0).data(HIT) for row in range(model.rowCount())]
        return [(hit.document.name, hit.page) for hit in hits]

    @property
    def stored_text(self) -> StoredText:
        """The text of the chosen document, with the hits marked in it."""
        return self.find("library_text", StoredText)

    @property
    def menu(self) -> QMenu:
        """The menu of the button for the library's settings."""
        return self.find("library_menu_button", QPushButton).menu()
