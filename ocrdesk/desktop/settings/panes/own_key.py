"""The user's own key: what is known of it, and buttons to replace and revoke it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, Signal
from PySide6.QtWidgets import QComboBox, QGroupBox, QLabel, QVBoxLayout

from ocrdesk.desktop.settings.dates import format_time
from ocrdesk.desktop.settings.pane import beside, button, form
from ocrdesk.desktop.settings.panes.new_key_display import masked
from ocrdesk.desktop.settings.panes.usage_chart import Day, UsageChart
from ocrdesk.desktop.ui.object_names import name_objects

if TYPE_CHECKING:
    from ocrdesk.contract.api_keys import KeyStats

_HOUR_S, _DAY_S = 3_600, 86_400


class OwnKey(QGroupBox):
    """Shows the key's facts and usage, and emits what the user wants to do with it."""

    replace_wanted = Signal(int, str)
    """For how many seconds the old key stays valid, and that time in words."""
    revoke_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setTitle(self.tr("Your key"))
        self.setAccessibleName(self.title())
        self._facts = form()
        self._fact_labels: dict[str, QLabel] = {}
        self._add_facts()
        self._chart = UsageChart()
        self._overlap = self._make_overlap()
        self._replace, self._revoke = button(self.tr("Replace key…")), button(self.tr("Revoke key…"))
        caption = QLabel(self.tr("The old key expires"))
        caption.setBuddy(self._overlap)
        name_objects(
            own_key=self,
            own_key_usage=self._chart,
            own_key_overlap=self._overlap,
            own_key_replace=self._replace,
            own_key_revoke=self._revoke,
        )
        layout = QVBoxLayout(self)
        layout.setSpacing(8)
        layout.addLayout(self._facts)
        layout.addWidget(self._chart)
        layout.addLayout(beside(self._replace, caption, self._overlap))
        layout.addLayout(beside(self._revoke))
        self._replace.clicked.connect(self._on_replace)
        self._revoke.clicked.connect(self.revoke_wanted)

    def show_stats(self, stats: KeyStats) -> None:
        labels = self._fact_labels
        labels["key"].setText(masked(stats.prefix) if stats.prefix else self.tr("Set by the operator"))
        labels["name"].setText(", ".join(part for part in (stats.name, stats.email) if part) or self.tr("None"))
        labels["may"].setText(", ".join(self._scope_text(scope.value) for scope in stats.scopes))
        labels["made"].setText(format_time(stats.created_at) if stats.created_at else self.tr("Unknown"))
        ends = format_time(stats.expires_at) if stats.expires_at else self.tr("Never")
        if stats.overlap_until:
            ends += self.tr("; the previous key expires on {when}").format(when=format_time(stats.overlap_until))
        labels["ends"].setText(ends)
        labels["last_used"].setText(format_time(stats.last_used_at) if stats.last_used_at else self.tr("Never"))
        amount = QLocale().formattedDataSize(stats.byte_count, 1, QLocale.DataSizeFormat.DataSizeTraditionalFormat)
        labels["used"].setText(
            self.tr("{requests} requests, {pages} pages, {amount}").format(
                requests=stats.request_count, pages=stats.page_count, amount=amount
            )
        )
        self._chart.show_days([Day(day.date, day.requests, day.pages) for day in stats.daily])
        for part in (self._replace, self._overlap, self._revoke):
            part.setEnabled(stats.key_id is not None)

    def _add_facts(self) -> None:
        for name, caption in (
            ("key", self.tr("Key")),
            ("name", self.tr("Name")),
            ("may", self.tr("Permissions")),
            ("made", self.tr("Created")),
            ("ends", self.tr("Expires")),
            ("last_used", self.tr("Last used")),
            ("used", self.tr("Used for")),
        ):
            label = QLabel(wordWrap=True)
            label.setAccessibleName(caption)
            label.setObjectName(f"own_key_{name}")
            self._fact_labels[name] = label
            self._facts.addRow(caption, label)

    def _make_overlap(self) -> QComboBox:
        overlap = QComboBox()
        for text, seconds in (
            (self.tr("immediately"), 0),
            (self.tr("after 1 hour"), _HOUR_S),
            (self.tr("after 1 day"), _DAY_S),
            (self.tr("after 7 days"), 7 * _DAY_S),
        ):
            overlap.addItem(text, seconds)
        overlap.setCurrentIndex(1)
        overlap.setAccessibleName(self.tr("The old key expires"))
        overlap.setMinimumHeight(32)
        return overlap

    def _scope_text(self, scope: str) -> str:
        texts = {
            "submit": self.tr("send files"),
            "read": self.tr("read results"),
            "admin": self.tr("manage all keys"),
        }
        return texts.get(scope, scope)

    def _on_replace(self) -> None:
        self.replace_wanted.emit(int(self._overlap.currentData()), self._overlap.currentText())
