"""The window's last line: how the server is, in plain words, with the way out when it is not well."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from ocrdesk.desktop.i18n.error_messages import translate_error
from ocrdesk.desktop.session.session import ConnectionState, SessionState
from ocrdesk.desktop.ui import colours
from ocrdesk.desktop.ui.colours import Meaning
from ocrdesk.desktop.ui.object_names import name_objects
from ocrdesk.desktop.ui.palette_watcher import PaletteWatcher

_NOTE_MS = 8_000
_NOTE_MS_A_LETTER = 80
"""A long sentence stays for as long as it takes to read it."""
_DOT_PX, _BUTTON_PX = 8, 32


class StatusBar(QWidget):
    """Says what the session's state is; for some seconds also what came of the last thing asked for."""

    retry_wanted = Signal()
    settings_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Status"))
        self._state: SessionState | None = None
        self._title = QLabel()
        self._reason = QLabel(wordWrap=True)
        self._reason.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self._reason.setAccessibleName(self.tr("Reason"))
        self._note = QLabel(alignment=Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, wordWrap=True)
        self._note.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._note.setAccessibleName(self.tr("Last message"))
        self._retry = QPushButton(self.tr("Try again"))
        self._retry.setMinimumHeight(_BUTTON_PX)
        self._retry.setAccessibleName(self._retry.text())
        self._retry.clicked.connect(self.retry_wanted)
        self._way_out = QPushButton()
        self._way_out.setMinimumHeight(_BUTTON_PX)
        self._way_out.setAccessibleName(self.tr("Mend it"))
        self._way_out.hide()
        self._way_out.clicked.connect(self._on_way_out)
        self._then: Callable[[], object] | None = None
        self._settings = QPushButton(self.tr("Settings…"))
        self._settings.setMinimumHeight(_BUTTON_PX)
        self._settings.setAccessibleName(self._settings.text())
        self._settings.clicked.connect(self.settings_wanted)
        self._forget_note = QTimer(self, singleShot=True)
        self._forget_note.timeout.connect(self._note.clear)

        self._name_parts()
        words = QVBoxLayout()
        words.setSpacing(4)
        words.addWidget(self._title)
        words.addWidget(self._reason)
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(16)
        self._buttons.addStretch()
        for button in (self._way_out, self._settings, self._retry):
            self._buttons.addWidget(button)
        self._layout = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._layout.setContentsMargins(16 + _DOT_PX + 8, 8, 16, 8)
        self._layout.setSpacing(8)
        self._layout.addLayout(words, 3)
        self._layout.addWidget(self._note, 4)
        self._layout.addLayout(self._buttons)
        PaletteWatcher(self, self._dress)

    def _name_parts(self) -> None:
        name_objects(
            status_title=self._title,
            status_reason=self._reason,
            status_note=self._note,
            status_retry_button=self._retry,
            status_fix_button=self._way_out,
            status_settings_button=self._settings,
        )

    def add_widget(self, widget: QWidget) -> None:
        """Puts something that belongs to the server at the right end."""
        self._buttons.addWidget(widget)

    def show_state(self, state: SessionState) -> None:
        self._state = state
        title = self._words(state)
        failed = state.connection is ConnectionState.FAILED
        way = QBoxLayout.Direction.TopToBottom if failed else QBoxLayout.Direction.LeftToRight
        self._layout.setDirection(way)  # what is wrong takes its room
        detail = translate_error(state.detail).removeprefix(f"{title}: ")
        detail = "" if title.startswith(detail) else detail[0].upper() + detail[1:]
        self._title.setText(title)
        self._title.setAccessibleName(title)
        self._reason.setText(detail)
        self._reason.setVisible(bool(detail) and state.connection is not ConnectionState.READY)
        self._note.setVisible(not failed)
        self._settings.setVisible(failed or (state.connection is ConnectionState.UNREACHABLE and not state.is_local))
        self._retry.setVisible(failed or state.connection is ConnectionState.STOPPED)
        self._retry.setText(
            self.tr("Try again") if failed else self.tr("Start") if state.is_local else self.tr("Connect")
        )
        self._retry.setAccessibleName(self._retry.text())
        font = QFont(self.font())
        font.setWeight(QFont.Weight.DemiBold if failed else QFont.Weight.Normal)
        self._title.setFont(font)
        self._dress()

    def show_note(self, text: str) -> None:
        """A sentence that goes away by itself."""
        self._note.setText(text)
        self._note.setToolTip(text)
        self._forget_note.start(max(_NOTE_MS, len(text) * _NOTE_MS_A_LETTER))

    def offer(self, label: str, then: Callable[[], object]) -> None:
        """A button that stays until it is pressed, or another one is offered."""
        self._then = then
        self._way_out.setText(label)
        self._way_out.setAccessibleName(label)
        self._way_out.show()

    def _on_way_out(self) -> None:
        self._way_out.hide()
        if self._then is not None:
            self._then()

    def _words(self, state: SessionState) -> str:
        match state.connection:
            case ConnectionState.STARTING:
                return self.tr("Starting the local engine…") if state.is_local else self.tr("Connecting to the server…")
            case ConnectionState.READY:
                return self.tr("Ready") if state.is_local else self.tr("Connected")
            case ConnectionState.UNREACHABLE:
                return self.tr("The connection was lost; trying again…")
            case ConnectionState.STOPPED:
                return self.tr("The local engine is stopped") if state.is_local else self.tr("Not connected")
            case ConnectionState.FAILED:
                if state.is_local:
                    return self.tr("The local engine could not start")
                return self.tr("The server cannot be used")

    # ── looks ────────────────────────────────────────────────────────────────────────────────────

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette = self.palette()
        if self._state and self._state.connection is ConnectionState.FAILED:
            painter.fillRect(self.rect(), colours.tint(palette, colours.meaning(palette, Meaning.BAD), 0.12))
        else:
            painter.fillRect(self.rect(), palette.color(QPalette.ColorRole.Base))
        painter.fillRect(0, 0, self.width(), 1, colours.hairline(palette))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._dot())
        middle = self._title.geometry().center().y() + 0.5
        painter.drawEllipse(QRectF(16, middle - _DOT_PX / 2, _DOT_PX, _DOT_PX))
        painter.end()

    def _dot(self) -> QColor:
        what = {ConnectionState.READY: Meaning.GOOD, ConnectionState.FAILED: Meaning.BAD}
        connection = self._state.connection if self._state else ConnectionState.STARTING
        return colours.meaning(self.palette(), what.get(connection, Meaning.WAIT))

    def _dress(self) -> None:
        muted = colours.muted(self.palette())
        colours.paint_label(self._note, muted)
        failed = self._state is not None and self._state.connection is ConnectionState.FAILED
        colours.paint_label(self._reason, self.palette().color(QPalette.ColorRole.Text) if failed else muted)
        self.update()
