"""Asks how to export one or many jobs, writes the files, and says what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ocrdesk.desktop.background.tasks import Lane, Task, Tasks
from ocrdesk.desktop.export.plan import JOINABLE, Export, PatternError, Wanted, completed, name_of
from ocrdesk.desktop.export.saved_choices import ExportChoices
from ocrdesk.desktop.i18n.error_reason import short_reason
from ocrdesk.desktop.ui import colours
from ocrdesk.desktop.ui.colours import Meaning
from ocrdesk.desktop.ui.object_names import name_objects
from ocrdesk.desktop.ui.palette_watcher import PaletteWatcher
from ocrdesk.export.formats import CAN_OMIT_HEADERS_FOOTERS, FORMATS

if TYPE_CHECKING:
    from ocrdesk.client import Client
    from ocrdesk.desktop.export.writer import Exported

_MOST_FAILURES_SHOWN = 6


class ExportDialog(QDialog):
    """Open while files are written; closing it stops after the file at hand."""

    def __init__(
        self,
        client: Client,
        wanted: Sequence[Wanted],
        tasks: Tasks,
        memory: ExportChoices,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._client, self._wanted, self._tasks, self._memory = client, tuple(wanted), tasks, memory
        self._task: Task | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        count = len(self._wanted)
        self.setWindowTitle(self.tr("Export") if count == 1 else self.tr("Export {count} files").format(count=count))
        self.setAccessibleName(self.windowTitle())
        self.setMinimumWidth(480)
        self._build()
        PaletteWatcher(self, self._dress)
        self._refresh()

    # ── parts ────────────────────────────────────────────────────────────────────────────────────────

    def _build(self) -> None:
        self._form = QComboBox()
        words = self._format_words()
        for form, found in FORMATS.items():
            label = words.get(str(form), found.label)
            self._form.addItem(f"{label} ({found.suffix})", (str(form), found.suffix))
            if form == self._memory.form:
                self._form.setCurrentIndex(self._form.count() - 1)
        self._folder = QLineEdit(self._memory.folder)
        self._browse = QPushButton(self.tr("Choose…"))
        self._browse.setAutoDefault(False)
        self._browse.clicked.connect(self._ask_folder)
        self._pattern = QLineEdit(self._memory.pattern)
        self._pattern.setToolTip(self.tr("{name}: the file's name, {number}: its place in this export, {date}: today"))
        self._preview = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self._join = QCheckBox(self.tr("&Join the lines of a paragraph"))
        self._join.setChecked(self._memory.flag("join_lines"))
        self._bare = QCheckBox(self.tr("&Leave out headers, footers and page numbers"))
        self._bare.setChecked(self._memory.omits_headers_footers)
        self._replace = QCheckBox(self.tr("&Replace files that are there"))
        self._replace.setChecked(self._memory.flag("replaces"))
        self._progress = QProgressBar(maximum=len(self._wanted))
        self._progress.hide()
        self._said = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self._said.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self._said.hide()
        folder = QHBoxLayout()
        folder.addWidget(self._folder, 1)
        folder.addWidget(self._browse)
        rows = QFormLayout()
        rows.addRow(self.tr("&Format:"), self._form)
        caption = QLabel(self.tr("F&older:"))
        caption.setBuddy(self._folder)
        rows.addRow(caption, folder)
        rows.addRow(self.tr("&Name:"), self._pattern)
        rows.addRow("", self._preview)
        rows.addRow("", self._join)
        rows.addRow("", self._bare)
        rows.addRow("", self._replace)
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self._export = self._buttons.addButton(self.tr("Export"), QDialogButtonBox.ButtonRole.ActionRole)
        self._open = self._buttons.addButton(self.tr("Open folder"), QDialogButtonBox.ButtonRole.ActionRole)
        self._open.hide()
        self._export.setDefault(True)
        self._export.clicked.connect(self._start)
        self._open.clicked.connect(lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(self._folder.text())))
        self._buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addLayout(rows)
        layout.addWidget(self._progress)
        layout.addWidget(self._said)
        layout.addWidget(self._buttons)
        self._name_parts()
        for widget, name in (
            (self._form, self.tr("Format")),
            (self._folder, self.tr("Folder")),
            (self._browse, self.tr("Choose the folder")),
            (self._pattern, self.tr("Name")),
            (self._preview, self.tr("Preview of the name")),
            (self._progress, self.tr("Progress of the export")),
            (self._said, self.tr("Outcome")),
            (self._buttons, self.tr("Buttons")),
        ):
            widget.setAccessibleName(name)
        self._form.currentIndexChanged.connect(self._refresh)
        self._pattern.textChanged.connect(self._refresh)
        self._folder.textChanged.connect(self._refresh)

    def _name_parts(self) -> None:
        name_objects(
            export_dialog=self,
            export_format=self._form,
            export_folder=self._folder,
            export_folder_button=self._browse,
            export_name=self._pattern,
            export_name_preview=self._preview,
            export_join_lines=self._join,
            export_omit_headers_footers=self._bare,
            export_replace_files=self._replace,
            export_progress=self._progress,
            export_outcome=self._said,
            export_button=self._export,
            export_open_folder_button=self._open,
        )

    def _format_words(self) -> dict[str, str]:
        """Of the formats that are not called by a name, as Markdown is, which is the same in every language."""
        return {
            "text": self.tr("Plain text"),
            "tsv": self.tr("Words as TSV"),
            "docx": self.tr("Word document"),
            "csv": self.tr("Tables as CSV"),
            "pdf": self.tr("Searchable PDF"),
        }

    def _ask_folder(self) -> None:
        dialog = QFileDialog(self, self.tr("Export to"), self._folder.text())
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(self._folder.setText)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _refresh(self) -> None:
        form, _ = self._form.currentData()
        self._join.setVisible(form in JOINABLE)
        self._bare.setVisible(form in CAN_OMIT_HEADERS_FOOTERS)
        try:
            preview = name_of(self._chosen(), self._wanted[0].file_name, 1, datetime.now().astimezone().date())
        except PatternError as error:
            preview = self.tr("There is no {{{field}}}: use {{name}}, {{number}} or {{date}}.").format(
                field=error.field
            )
            self._export.setEnabled(False)
        else:
            self._export.setEnabled(bool(self._folder.text().strip()) and self._task is None)
        self._preview.setText(preview)

    def _chosen(self) -> Export:
        form, suffix = self._form.currentData()
        chosen = Export(
            form=form,
            suffix=suffix,
            folder=Path(),
            pattern=self._pattern.text(),
            join_lines=self._join.isChecked(),
            omit_headers_footers=self._bare.isChecked(),
            replaces=self._replace.isChecked(),
        )
        return completed(chosen, Path(self._folder.text().strip()).expanduser())

    # ── writing ──────────────────────────────────────────────────────────────────────────────────────

    def _start(self) -> None:
        export = self._chosen()
        self._memory.keep(
            form=export.form,
            folder=str(export.folder),
            pattern=export.pattern,
            join_lines=self._join.isChecked(),
            omit_headers_footers=self._bare.isChecked(),
            replaces=export.replaces,
        )
        self._task = task = Task()
        report = self._tasks.later(task, self._progress.setValue)
        self._progress.setValue(0)
        self._progress.show()
        self._said.hide()
        self._open.hide()
        self._export.setEnabled(False)
        self._tasks.run(
            partial(_write_all, self._client, export, self._wanted, report, task),
            self._on_written,
            self._on_failed,
            lane=Lane.EXPORTS,
            task=task,
        )

    def _on_written(self, done: Exported) -> None:
        self._end()
        lines = []
        if done.written:
            lines.append(
                self.tr("{name} is written.").format(name=done.written[0].name)
                if len(done.written) == 1
                else self.tr("{count} files are written.").format(count=len(done.written))
            )
        shown = done.failed[:_MOST_FAILURES_SHOWN]
        lines += [self.tr("Not written: {name}: {reason}").format(name=name, reason=reason) for name, reason in shown]
        if more := len(done.failed) - len(shown):
            lines.append(self.tr("… and {count} more.").format(count=more))
        self._say("\n".join(lines), failed=bool(done.failed))
        self._open.setVisible(bool(done.written))

    def _on_failed(self, error: Exception) -> None:
        self._end()
        self._say(
            self.tr("The folder cannot be written to: {reason}. Choose another.").format(reason=short_reason(error)),
            failed=True,
        )

    def _end(self) -> None:
        self._task = None
        self._progress.hide()
        self._refresh()

    def _say(self, text: str, *, failed: bool) -> None:
        self._said.setText(text)
        self._said.setProperty("failed", failed)
        self._said.show()
        self._dress()

    def done(self, result: int) -> None:
        if self._task is not None:
            self._task.cancel()
        super().done(result)

    def _dress(self) -> None:
        palette = self.palette()
        colours.paint_label(self._preview, colours.muted(palette))
        what = Meaning.BAD if self._said.property("failed") else Meaning.GOOD
        colours.paint_label(self._said, colours.meaning(palette, what))


def _write_all(client: Client, export: Export, wanted: Sequence[Wanted], report: object, task: Task) -> Exported:
    from ocrdesk.desktop.export.writer import write_all  # on the thread that writes

    return write_all(client, export, wanted, report, task.stopped)  # type: ignore[arg-type]  # what `later` answers
