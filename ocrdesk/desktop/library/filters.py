"""The search field and filters."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from ocrdesk.desktop.ui.object_names import name_objects
from ocrdesk.desktop.ui.search_field import SearchField

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ocrdesk.desktop.library.records import Wanted

_TYPING_MS = 120
_FIELD_PX = 32


class LibraryFilters(QWidget):
    """Emits `changed` while the user types or chooses; `wanted` returns the search."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Search"))
        self.text = SearchField(self.tr("Search all recognised text"))
        self.text.setToolTip(self.tr('All words must be on the page. Put "words in a row" between quotation marks.'))
        font = QFont(self.text.font())
        font.setPointSizeF(font.pointSizeF() * 1.1)
        self.text.setFont(font)
        self._name = SearchField(self.tr("File name"))
        self._time = QComboBox()
        self._time.setAccessibleName(self.tr("Time"))
        for label, days in (
            (self.tr("Any time"), None),
            (self.tr("Last 24 hours"), 1),
            (self.tr("Last 7 days"), 7),
            (self.tr("Last 30 days"), 30),
            (self.tr("Last 365 days"), 365),
        ):
            self._time.addItem(label, days)
        self._server = QComboBox()
        self._server.setAccessibleName(self.tr("Server"))
        self._server.addItem(self.tr("All servers"), None)
        name_objects(
            library_search=self.text,
            library_name_filter=self._name,
            library_time_filter=self._time,
            library_server_filter=self._server,
        )
        self._typing = QTimer(self, singleShot=True, interval=_TYPING_MS)
        self._typing.timeout.connect(self.changed)
        for field in (self.text, self._name):
            field.textChanged.connect(lambda _: self._typing.start())
        for box in (self._time, self._server):
            box.currentIndexChanged.connect(lambda _: self.changed.emit())

        filters = QHBoxLayout()
        filters.setSpacing(8)
        filters.addWidget(self._name, 1)
        filters.addWidget(self._time)
        filters.addWidget(self._server)
        for widget in (self.text, self._name, self._time, self._server):
            widget.setMinimumHeight(_FIELD_PX)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 12, 8)
        layout.setSpacing(8)
        layout.addWidget(self.text)
        layout.addLayout(filters)

    def wanted(self) -> Wanted:
        """Return the search as it is set now."""
        from ocrdesk.desktop.library.records import Wanted

        days = self._time.currentData()
        since = datetime.now().astimezone() - timedelta(days=days) if days else None
        return Wanted(self.text.text(), self._name.text(), self._server.currentData(), since)

    def offer_servers(self, servers: Sequence[str]) -> None:
        """Offer these servers as a filter, which is hidden when there is only one."""
        known = [self._server.itemData(index) for index in range(1, self._server.count())]
        if list(servers) != known:
            chosen = self._server.currentData()
            self._server.blockSignals(True)
            while self._server.count() > 1:
                self._server.removeItem(1)
            for server in servers:
                self._server.addItem(self.tr("This computer") if server == "local" else server, server)
            self._server.setCurrentIndex(max(0, self._server.findData(chosen)))
            self._server.blockSignals(False)
        self._server.setVisible(len(servers) > 1)

    def begin(self) -> None:
        """Put the cursor into the search field."""
        self.text.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.text.selectAll()
