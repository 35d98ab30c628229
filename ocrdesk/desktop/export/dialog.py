"""The export dialog."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from threading import Event
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
from ocrdesk.desktop.export.pdf_options_box import PdfOptionsBox
from ocrdesk.desktop.export.plan import (
    JOINABLE,
    PDF_FORM,
    Export,
    ExportJob,
    PatternError,
    export_file_name,
    prepare_export,
)
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
    """Stays open while files are written. Escape or Stop then ends the export after the current file."""

    def __init__(
        self,
        client: Client,
        jobs: Sequence[ExportJob],
        tasks: Tasks,
        choices: ExportChoices,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._client, self._jobs, self._tasks, self._choices = client, tuple(jobs), tasks, choices
        self._task: Task | None = None
        self._stopped = Event()
        """Set when the user stops the export; unlike a cancelled task, it still delivers its outcome."""
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        count = len(self._jobs)
        self.setWindowTitle(self.tr("Export") if count == 1 else self.tr("Export {count} files").format(count=count))
        self.setAccessibleName(self.windowTitle())
        self.setMinimumWidth(480)
        self._build()
        PaletteWatcher(self, self._update_colours)
        self._refresh()

    # ── parts ────────────────────────────────────────────────────────────────────────────────────────

    def _build(self) -> None:
        self._make_fields()
        self._make_buttons()
        layout = QVBoxLayout(self)
        layout.addLayout(self._form_layout())
        layout.addWidget(self._progress)
        layout.addWidget(self._result)
        layout.addWidget(self._buttons)
        self._name_parts()
        self._name_for_screen_readers()
        self._form.currentIndexChanged.connect(self._refresh)
        self._pattern.textChanged.connect(self._refresh)
        self._folder.textChanged.connect(self._refresh)

    def _make_fields(self) -> None:
        self._form = QComboBox()
        labels = self._format_labels()
        for form, found in FORMATS.items():
            label = labels.get(str(form), found.label)
            self._form.addItem(f"{label} ({found.suffix})", (str(form), found.suffix))
            if form == self._choices.form:
                self._form.setCurrentIndex(self._form.count() - 1)
        self._folder = QLineEdit(self._choices.folder)
        self._browse = QPushButton(self.tr("Choose…"))
        self._browse.setAutoDefault(False)
        self._browse.clicked.connect(self._ask_folder)
        self._pattern = QLineEdit(self._choices.pattern)
        self._pattern.setToolTip(
            self.tr("{name}: the file's name, {number}: its number in this export, {date}: today's date")
        )
        self._preview = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self._join = _check_box(self.tr("&Join the lines of a paragraph"), self._choices.flag("join_lines"))
        self._omit_headers = _check_box(
            self.tr("&Omit headers, footers and page numbers"), self._choices.omits_headers_footers
        )
        self._pdf = PdfOptionsBox(self._choices.pdf)
        self._replace = _check_box(self.tr("&Replace existing files"), self._choices.flag("replaces"))
        self._progress = QProgressBar(maximum=len(self._jobs))
        self._progress.hide()
        self._result = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self._result.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self._result.hide()

    def _make_buttons(self) -> None:
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self._export = self._buttons.addButton(self.tr("Export"), QDialogButtonBox.ButtonRole.ActionRole)
        self._close = self._buttons.button(QDialogButtonBox.StandardButton.Close)
        self._close_text = self._close.text()
        self._open = self._buttons.addButton(self.tr("Open folder"), QDialogButtonBox.ButtonRole.ActionRole)
        self._open.hide()
        self._export.setDefault(True)
        self._export.clicked.connect(self._start)
        self._open.clicked.connect(lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(self._folder.text())))
        self._buttons.rejected.connect(self.reject)

    def _form_layout(self) -> QFormLayout:
        folder = QHBoxLayout()
        folder.addWidget(self._folder, 1)
        folder.addWidget(self._browse)
        rows = QFormLayout()
        rows.addRow(self.tr("&Format:"), self._form)
        caption = QLabel(self.tr("F&older:"))
        caption.setBuddy(self._folder)
        rows.addRow(caption, folder)
        rows.addRow(self.tr("&Name:"), self._pattern)
        for widget in (self._preview, self._join, self._omit_headers, self._pdf, self._replace):
            rows.addRow("", widget)
        return rows

    def _name_for_screen_readers(self) -> None:
        for widget, name in (
            (self._form, self.tr("Format")),
            (self._folder, self.tr("Folder")),
            (self._browse, self.tr("Choose the folder")),
            (self._pattern, self.tr("Name")),
            (self._preview, self.tr("Preview of the name")),
            (self._progress, self.tr("Progress of the export")),
            (self._result, self.tr("Result")),
            (self._buttons, self.tr("Buttons")),
        ):
            widget.setAccessibleName(name)

    def _name_parts(self) -> None:
        name_objects(
            export_dialog=self,
            export_format=self._form,
            export_folder=self._folder,
            export_folder_button=self._browse,
            export_name=self._pattern,
            export_name_preview=self._preview,
            export_join_lines=self._join,
            export_omit_headers_footers=self._omit_headers,
            export_replace_files=self._replace,
            export_progress=self._progress,
            export_outcome=self._result,
            export_button=self._export,
            export_open_folder_button=self._open,
        )

    def _format_labels(self) -> dict[str, str]:
        """Return the labels of formats that need a translation; others, such as Markdown, are names."""
        return {
            "text": self.tr("Plain text"),
            "tsv": self.tr("Words as TSV"),
            "docx": self.tr("Word document"),
            "odt": self.tr("OpenDocument text"),
            "epub": self.tr("EPUB book"),
            "csv": self.tr("Tables as CSV"),
            "xlsx": self.tr("Tables as an Excel workbook"),
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
        self._omit_headers.setVisible(form in CAN_OMIT_HEADERS_FOOTERS)
        self._pdf.setVisible(form == PDF_FORM)
        try:
            preview = export_file_name(self._chosen(), self._jobs[0].file_name, 1, datetime.now().astimezone().date())
        except PatternError as error:
            preview = self.tr("Unknown field {{{field}}}. Use {{name}}, {{number}} or {{date}}.").format(
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
            omit_headers_footers=self._omit_headers.isChecked(),
            replaces=self._replace.isChecked(),
            pdf=self._pdf.chosen(),
        )
        return prepare_export(chosen, Path(self._folder.text().strip()).expanduser())

    # ── writing ──────────────────────────────────────────────────────────────────────────────────────

    def _start(self) -> None:
        export = self._chosen()
        self._choices.keep(
            form=export.form,
            folder=str(export.folder),
            pattern=export.pattern,
            join_lines=self._join.isChecked(),
            omit_headers_footers=self._omit_headers.isChecked(),
            replaces=export.replaces,
        )
        self._choices.keep_pdf(self._pdf.chosen())
        self._task = task = Task()
        self._stopped = stopped = Event()
        self._close.setText(self.tr("Stop"))
        report = self._tasks.later(task, self._progress.setValue)
        self._progress.setValue(0)
        self._progress.show()
        self._result.hide()
        self._open.hide()
        self._export.setEnabled(False)
        self._tasks.run(
            partial(_write_all, self._client, export, self._jobs, report, stopped),
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
                self.tr("{name} was written.").format(name=done.written[0].name)
                if len(done.written) == 1
                else self.tr("{count} files were written.").format(count=len(done.written))
            )
        if done.left:
            lines.append(
                self.tr("Stopped: 1 file was not written.")
                if done.left == 1
                else self.tr("Stopped: {count} files were not written.").format(count=done.left)
            )
        lines += self._empty_lines(done.empty)
        shown = done.failed[:_MOST_FAILURES_SHOWN]
        lines += [self.tr("Not written: {name}: {reason}").format(name=name, reason=reason) for name, reason in shown]
        if more := len(done.failed) - len(shown):
            lines.append(self.tr("… and {count} more.").format(count=more))
        self._show_result("\n".join(lines), failed=bool(done.failed or done.left or not done.written))
        self._open.setVisible(bool(done.written))

    def _empty_lines(self, names: Sequence[str]) -> list[str]:
        """Return lines about files for which nothing was written because there was nothing to write."""
        shown = names[:_MOST_FAILURES_SHOWN]
        if self._form.currentData()[0] == "csv":
            lines = [self.tr("No table was found in {name}.").format(name=name) for name in shown]
        else:
            lines = [self.tr("No text was found in {name}.").format(name=name) for name in shown]
        more = len(names) - len(shown)
        return [*lines, self.tr("… and {count} more.").format(count=more)] if more else lines

    def _on_failed(self, error: Exception) -> None:
        self._end()
        self._show_result(
            self.tr("Cannot write to the folder: {reason}. Choose another folder.").format(reason=short_reason(error)),
            failed=True,
        )

    def _end(self) -> None:
        self._task = None
        self._close.setText(self._close_text)
        self._close.setEnabled(True)
        self._progress.hide()
        self._refresh()

    def _show_result(self, text: str, *, failed: bool) -> None:
        self._result.setText(text)
        self._result.setProperty("failed", failed)
        self._result.show()
        self._update_colours()

    def reject(self) -> None:
        """Close the dialog, or stop the export: the dialog then stays to say how far it got."""
        if self._task is None:
            super().reject()
        else:
            self._stopped.set()
            self._close.setEnabled(False)

    def done(self, result: int) -> None:
        self._stopped.set()
        if self._task is not None:
            self._task.cancel()
        super().done(result)

    def _update_colours(self) -> None:
        palette = self.palette()
        colours.paint_label(self._preview, colours.muted(palette))
        meaning = Meaning.BAD if self._result.property("failed") else Meaning.GOOD
        colours.paint_label(self._result, colours.meaning(palette, meaning))


def _check_box(text: str, is_checked: bool) -> QCheckBox:
    box = QCheckBox(text)
    box.setChecked(is_checked)
    return box


def _write_all(client: Client, export: Export, jobs: Sequence[ExportJob], report: object, stopped: Event) -> Exported:
    from ocrdesk.desktop.export.writer import write_all  # on the thread that writes

    return write_all(client, export, jobs, report, stopped)  # type: ignore[arg-type]  # the callable that `later` returns
