"""Export and copy actions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QKeySequence

from ocrdesk.desktop.export.saved_choices import ExportChoices
from ocrdesk.desktop.jobs.row import JobRow
from ocrdesk.desktop.ui.object_names import name_objects

if TYPE_CHECKING:
    from ocrdesk.desktop.export.plan import ExportJob


class ExportActions(QObject):
    """The window decides which rows to export."""

    export_wanted = Signal()

    def __init__(self, choices: ExportChoices, parent: QObject) -> None:
        super().__init__(parent)
        self._choices = choices
        self.export = QAction(self.tr("E&xport…"), self)
        self.export.setShortcut(QKeySequence("Ctrl+E"))
        self.export.setToolTip(self.tr("Write the selected results to files (Ctrl+E)"))
        self.export.triggered.connect(lambda _checked=False: self.export_wanted.emit())
        self.join_lines = QAction(self.tr("&Join lines when copying"), self, checkable=True)
        self.join_lines.setChecked(choices.joins_copied_lines)
        self.join_lines.toggled.connect(self._on_joins)
        name_objects(action_export=self.export, action_join_lines=self.join_lines)

    def enable_for(self, rows: Iterable[JobRow]) -> None:
        self.export.setEnabled(any(row.has_result for row in rows))

    def _on_joins(self, joins: bool) -> None:
        self._choices.joins_copied_lines = joins


def join_paragraph_lines(text: str) -> str:
    """Join the lines of each paragraph. Empty lines separate paragraphs."""
    from ocrdesk.layout.line_joining import join_lines

    parts: list[list[str]] = [[]]
    for line in text.splitlines():
        if line.strip():
            parts[-1].append(line)
        elif parts[-1]:
            parts.append([])
    return "\n\n".join(join_lines(part) for part in parts if part)


def jobs_with_result(rows: Sequence[JobRow]) -> list[ExportJob]:
    """Return the jobs of the rows that have a result."""
    from ocrdesk.desktop.export.plan import ExportJob  # loaded with the first export

    return [ExportJob(row.job_id, row.file_name) for row in rows if row.has_result and row.job_id is not None]
