"""The selected job's text, with its name and state and a button to copy the text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QFont, QGuiApplication, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from ocrdesk.desktop.export.actions import join_paragraph_lines
from ocrdesk.desktop.jobs import row_text
from ocrdesk.desktop.jobs.row import JobRow, RowState
from ocrdesk.desktop.review.opener import ReviewOpener
from ocrdesk.desktop.text.password_form import PasswordForm
from ocrdesk.desktop.text.text_view import TextView
from ocrdesk.desktop.ui import colours, tab_order
from ocrdesk.desktop.ui.elided_label import ElidedLabel
from ocrdesk.desktop.ui.icons import Icon, icon
from ocrdesk.desktop.ui.object_names import name_objects
from ocrdesk.desktop.ui.palette_watcher import PaletteWatcher

if TYPE_CHECKING:
    from ocrdesk.desktop.text.page_text import PageText

_COPIED_MS = 1_500


class TextPane(QWidget):
    """Shows one row: `show_row` changes it, `start` and `add_pages` its text."""

    text_changed = Signal()
    """There is text to copy now, or no longer."""
    text_finished = Signal(object, str)
    """A finished JobRow and its whole text, once it is all here."""
    password_entered = Signal(str, str)
    """A row's key, and the password for its PDF."""

    def __init__(self, review: ReviewOpener, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Selected job"))
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self.setAutoFillBackground(True)
        self._review = review
        self._row: JobRow | None = None
        self._complete = False
        self._failure = ""
        self._unread = 0
        """Areas of the shown pages that look like text, but of which no word was read."""
        self._reported_job: str | None = None
        self.joins_lines = False
        """Whether copied text has each paragraph on one line."""
        self._name, self._details = ElidedLabel(), ElidedLabel()
        self._name.setFont(_bold(self._name.font(), scale=1.25))
        self._copy = QPushButton(self.tr("Copy text"))
        self._copy.setAccessibleName(self._copy.text())
        self._copy.setMinimumSize(112, 36)
        self._copy.clicked.connect(self.copy)
        self._last_in_head: QWidget = self._copy
        self._reset_copy_button = QTimer(self, singleShot=True, interval=_COPIED_MS)
        self._reset_copy_button.timeout.connect(self._update_colours)
        self._head_layout = QHBoxLayout()
        self._head = self._make_head(self._head_layout)
        self._text = TextView()
        self._text.settled.connect(self._refresh)
        self._headline = QLabel(alignment=Qt.AlignmentFlag.AlignCenter, wordWrap=True)
        self._headline.setFont(_bold(self._headline.font()))
        self._message = QLabel(alignment=Qt.AlignmentFlag.AlignCenter, wordWrap=True)
        self._message.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self._password = PasswordForm()
        self._password.entered.connect(self._on_password)
        self._body = QStackedWidget()
        self._body.setAccessibleName(self.tr("Text"))
        self._body.addWidget(self._make_message_page())
        self._body.addWidget(self._text)
        self._name_parts()
        review.created.connect(self._add_review)
        review.text_changed.connect(self._on_corrected)
        review.actions.plain_text.toggled.connect(self._refresh)
        self._layout = layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._head)
        layout.addWidget(self._body, 1)
        PaletteWatcher(self, self._update_colours)
        self.show_row(None)

    def _make_head(self, layout: QHBoxLayout) -> QWidget:
        """Build the row above the text: file name and details, and the buttons."""
        labels = QVBoxLayout()
        labels.setSpacing(4)
        labels.addWidget(self._name)
        labels.addWidget(self._details)
        head = QWidget()
        head.setAccessibleName(self.tr("File"))
        head.setLayout(layout)
        layout.setContentsMargins(24, 16, 16, 16)
        layout.setSpacing(16)
        layout.addLayout(labels, 1)
        layout.addWidget(self._copy)
        return head

    def _make_message_page(self) -> QWidget:
        """Build what is shown while there is no text."""
        page = QWidget()
        page.setAccessibleName(self.tr("Message"))
        layout = QVBoxLayout(page)
        layout.setContentsMargins(48, 24, 48, 48)
        layout.setSpacing(8)
        layout.addStretch()
        layout.addWidget(self._headline)
        layout.addWidget(self._message)
        layout.addSpacing(8)
        layout.addWidget(self._password)
        layout.addStretch()
        return page

    def _name_parts(self) -> None:
        name_objects(
            text_pane_name=self._name,
            text_pane_details=self._details,
            copy_text_button=self._copy,
            text_pane_body=self._body,
            text_pane_headline=self._headline,
            text_pane_message=self._message,
            plain_text=self._text,
        )

    def add_to_head(self, widget: QWidget) -> None:
        """Add a widget beside the copy button."""
        self._head_layout.addWidget(widget)
        QWidget.setTabOrder(self._copy, widget)
        self._last_in_head = widget

    def add_notice(self, widget: QWidget) -> None:
        """Add a notice between the file's name and its text."""
        self._layout.insertWidget(1, widget)
        tab_order.set_tab_order_after(self._last_in_head, widget)

    # ── from the loader ──────────────────────────────────────────────────────────────────────────────

    def show_row(self, row: JobRow | None) -> None:
        """Show the row as it is now; its text stays."""
        if row is None or self._row is None or row.key != self._row.key:
            self._password.forget()
        self._row = row
        self._head.setVisible(row is not None)
        if row is not None:
            self._name.setText(row.file_name)
            self._details.setText(row_text.details(row))
        self._refresh()

    def start(self) -> None:
        """Clear the text: another row's text follows."""
        self._complete, self._failure, self._reported_job = False, "", None
        self._unread = 0
        self._text.start()
        self._refresh()

    def add_pages(self, pages: Sequence[PageText]) -> None:
        if not self._text.has_pages():  # the number of pages is known by now
            self._text.set_headings(self._row is None or self._row.page_count != 1)
        self._unread += sum(page.unread for page in pages)
        self._text.add_pages(pages)
        self._refresh()

    def complete(self) -> None:
        self._complete = True
        self._refresh()

    def fail(self, reason: str) -> None:
        self._failure = reason
        self._refresh()

    def can_copy(self) -> bool:
        return self._text.has_text()

    def copy(self) -> None:
        """Copy the selected text, or all of it if nothing is selected."""
        selected = self._review.open().selected_text() if self._is_reviewed() else self._text.selected_text()
        text = selected or self._text.whole_text()
        if text:
            QGuiApplication.clipboard().setText(join_paragraph_lines(text) if self.joins_lines else text)
            self._copy.setText(self.tr("Copied"))
            self._copy.setIcon(icon(Icon.CHECK, self.palette()))
            self._reset_copy_button.start()

    # ── display ──────────────────────────────────────────────────────────────────────────────────────

    def _refresh(self) -> None:
        if self._copy.isEnabled() != self._text.has_text():
            self._copy.setEnabled(self._text.has_text())
            self.text_changed.emit()
        headline, message = self._headline_text(), self._message_text()
        self._headline.setText(headline)
        self._headline.setAccessibleName(headline or self.tr("Message"))
        self._headline.setVisible(bool(headline))
        self._message.setText(message)
        self._message.setAccessibleName(message or self.tr("Message"))
        is_reviewed = self._is_reviewed() and not (message and (self._complete or self._failure))
        self._password.setVisible(bool(message) and self._row is not None and self._row.needs_password)
        self._report_finished_text()
        self._review.show_job(*self._reviewed_job() if is_reviewed else ("", ""))
        self._body.setCurrentIndex(2 if is_reviewed else 0 if message else 1)

    def _report_finished_text(self) -> None:
        row = self._row
        if row is None or row.job_id is None or row.state is not RowState.FINISHED or row.job_id == self._reported_job:
            return
        if self._text.has_text() and (self._complete or self._text.page_count() >= (row.page_count or 1)):
            self._reported_job = row.job_id
            self.text_finished.emit(row, self._text.whole_text())

    def _on_password(self, password: str) -> None:
        if self._row is not None:
            self.password_entered.emit(self._row.key, password)

    def _add_review(self, review: QWidget) -> None:
        self._body.addWidget(review)
        tab_order.set_tab_order_after(self._text, review)

    def _is_reviewed(self) -> bool:
        """Whether the review shows the row: it is finished, and plain text is not chosen."""
        is_finished = self._row is not None and self._row.state is RowState.FINISHED and self._row.job_id is not None
        return is_finished and not self._review.actions.plain_text.isChecked()

    def _reviewed_job(self) -> tuple[str, str]:
        return (self._row.job_id or "", self._row.file_name) if self._row is not None else ("", "")

    def _on_corrected(self, number: int) -> None:
        from ocrdesk.desktop.text.page_text import PageText

        text = self._review.open().page_text(number)
        if text is not None:
            self._text.correct_page(PageText(number, text))

    def _headline_text(self) -> str:
        match self._row.state if self._row else None:
            case RowState.REFUSED:
                return self.tr("This file was not accepted")
            case RowState.FAILED:
                return self.tr("This file could not be read")
        return ""

    def _message_text(self) -> str:
        """Return the message shown instead of the text; empty if there is text."""
        row = self._row
        if row is None:
            return self.tr("Select a file to read its text.")
        wholly_empty = row.state is RowState.FINISHED and not self._text.has_text() and not row.pages_failed
        if self._text.has_pages() and not wholly_empty:
            return ""
        match row.state:
            case RowState.REFUSED | RowState.FAILED:
                return row_text.state_line(row)
            case RowState.CANCELLED:
                return self.tr("Cancelled before any page was read.")
            case RowState.FINISHED:
                return self._failure or (self._no_text_message() if self._complete else self.tr("Loading…"))
            case RowState.STARTED:
                return self.tr("The text appears here, page by page.")
            case _:
                return row_text.state_line(row)

    def _no_text_message(self) -> str:
        """Return the message about a job without text; empty if the review shows areas of it that were not read."""
        if not self._unread:
            return self.tr("No text was found.")
        if self._is_reviewed():
            return ""
        return self.tr("No text was found, but there are areas that look like text. The review shows them.")

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._head.isVisible():
            painter = QPainter(self)
            painter.fillRect(0, self._head.geometry().bottom(), self.width(), 1, colours.hairline(self.palette()))
            painter.end()

    def _update_colours(self) -> None:
        self._copy.setText(self.tr("Copy text"))
        self._copy.setIcon(icon(Icon.COPY, self.palette()))
        for label in (self._details, self._message):
            colours.paint_label(label, colours.muted(self.palette()))


def _bold(font: QFont, scale: float = 1.0) -> QFont:
    bold = QFont(font)
    bold.setPointSizeF(bold.pointSizeF() * scale)
    bold.setWeight(QFont.Weight.DemiBold)
    return bold
