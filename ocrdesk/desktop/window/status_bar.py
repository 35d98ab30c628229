"""The status bar: server state and messages, and a button when something needs the user."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from ocrdesk.desktop.session.session import ConnectionState, SessionState
from ocrdesk.desktop.ui import colours
from ocrdesk.desktop.ui.colours import Meaning
from ocrdesk.desktop.ui.object_names import name_objects
from ocrdesk.desktop.ui.palette_watcher import PaletteWatcher

_NOTE_MS = 8_000
_NOTE_MS_PER_LETTER = 80
"""A long sentence stays as long as it takes to read it."""
_PROBLEM_MS = 60_000
_DOT_PX, _BUTTON_PX = 8, 32


class StatusBar(QWidget):
    """Shows the session's state, and for some seconds the last message."""

    retry_wanted = Signal()
    settings_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Status"))
        self._state: SessionState | None = None
        self._has_failed = False
        self._note_text = ""
        self._problems: list[str] = []
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
        self._fix = QPushButton()
        self._fix.setMinimumHeight(_BUTTON_PX)
        self._fix.setAccessibleName(self.tr("Fix it"))
        self._fix.hide()
        self._fix.clicked.connect(self._on_fix)
        self._fix_action: Callable[[], object] | None = None
        self._settings = QPushButton(self.tr("Settings…"))
        self._settings.setMinimumHeight(_BUTTON_PX)
        self._settings.setAccessibleName(self._settings.text())
        self._settings.clicked.connect(self.settings_wanted)
        self._forget_note = QTimer(self, singleShot=True)
        self._forget_note.timeout.connect(self._clear_note)

        self._name_parts()
        texts = QVBoxLayout()
        texts.setSpacing(4)
        texts.addWidget(self._title)
        texts.addWidget(self._reason)
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(16)
        self._buttons.addStretch()
        for button in (self._fix, self._settings, self._retry):
            self._buttons.addWidget(button)
        self._layout = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._layout.setContentsMargins(16 + _DOT_PX + 8, 8, 16, 8)
        self._layout.setSpacing(8)
        self._layout.addLayout(texts, 3)
        self._layout.addWidget(self._note, 4)
        self._layout.addLayout(self._buttons)
        PaletteWatcher(self, self._update_colours)

    def _name_parts(self) -> None:
        name_objects(
            status_title=self._title,
            status_reason=self._reason,
            status_note=self._note,
            status_retry_button=self._retry,
            status_fix_button=self._fix,
            status_settings_button=self._settings,
        )

    def add_widget(self, widget: QWidget) -> None:
        """Add a widget that belongs to the server at the right end."""
        self._buttons.addWidget(widget)

    def show_state(self, state: SessionState) -> None:
        self._state = state
        title = self._state_text(state)
        failed = state.connection is ConnectionState.FAILED
        direction = QBoxLayout.Direction.TopToBottom if failed else QBoxLayout.Direction.LeftToRight
        self._layout.setDirection(direction)  # a problem needs the room
        detail = state.detail.removeprefix(f"{title}: ")
        detail = "" if title.startswith(detail) else detail[0].upper() + detail[1:]
        self._title.setText(title)
        self._title.setAccessibleName(title)
        self._reason.setText(detail)
        self._reason.setVisible(bool(detail) and state.connection is not ConnectionState.READY)
        self._has_failed = failed
        self._note.setVisible(not failed or bool(self._note.text()))  # a problem needs the room, unless there are two
        self._settings.setVisible(failed or (state.connection is ConnectionState.UNREACHABLE and not state.is_local))
        self._retry.setVisible(failed or state.connection is ConnectionState.STOPPED)
        self._retry.setText(
            self.tr("Try again") if failed else self.tr("Start") if state.is_local else self.tr("Connect")
        )
        self._retry.setAccessibleName(self._retry.text())
        font = QFont(self.font())
        font.setWeight(QFont.Weight.DemiBold if failed else QFont.Weight.Normal)
        self._title.setFont(font)
        self._update_colours()

    def show_note(self, text: str, duration_ms: int = 0) -> None:
        """Show a sentence that disappears after some seconds, or after this time if that is longer."""
        self._note_text = text
        self._update_note()
        self._forget_note.start(max(_NOTE_MS, len(text) * _NOTE_MS_PER_LETTER, duration_ms))

    def show_problem(self, text: str) -> None:
        """Show a sentence for a minute, above the notes that come meanwhile."""
        self._problems.append(text)
        self._update_note()
        QTimer.singleShot(_PROBLEM_MS, self, self._clear_problem)

    def _clear_problem(self) -> None:
        self._problems.pop(0)
        self._update_note()

    def _clear_note(self) -> None:
        self._note_text = ""
        self._update_note()

    def _update_note(self) -> None:
        text = "\n".join([*self._problems, *([self._note_text] if self._note_text else [])])
        self._note.setText(text)
        self._note.setToolTip(text)
        self._note.setVisible(not self._has_failed or bool(text))

    def offer(self, label: str, action: Callable[[], object]) -> None:
        """Show a button that stays until it is pressed, or another one is offered."""
        self._fix_action = action
        self._fix.setText(label)
        self._fix.setAccessibleName(label)
        self._fix.show()

    def withdraw(self, action: Callable[[], object]) -> None:
        """Hide the button if it still offers this action."""
        if self._fix_action == action:
            self._fix_action = None
            self._fix.hide()

    def _on_fix(self) -> None:
        self._fix.hide()
        if self._fix_action is not None:
            self._fix_action()

    def _state_text(self, state: SessionState) -> str:
        match state.connection:
            case ConnectionState.STARTING:
                return self.tr("Starting the local server…") if state.is_local else self.tr("Connecting to the server…")
            case ConnectionState.READY:
                return self.tr("Ready") if state.is_local else self.tr("Connected")
            case ConnectionState.UNREACHABLE:
                return self.tr("The connection was lost; trying again…")
            case ConnectionState.STOPPED:
                return self.tr("The local server is stopped") if state.is_local else self.tr("Not connected")
            case ConnectionState.FAILED:
                if state.is_local:
                    return self.tr("The local server could not start")
                return self.tr("The server cannot be used")

    # ── painting ─────────────────────────────────────────────────────────────────────────────────────

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
        painter.setBrush(self._dot_colour())
        middle = self._title.geometry().center().y() + 0.5
        painter.drawEllipse(QRectF(16, middle - _DOT_PX / 2, _DOT_PX, _DOT_PX))
        painter.end()

    def _dot_colour(self) -> QColor:
        meanings = {ConnectionState.READY: Meaning.GOOD, ConnectionState.FAILED: Meaning.BAD}
        connection = self._state.connection if self._state else ConnectionState.STARTING
        return colours.meaning(self.palette(), meanings.get(connection, Meaning.WAIT))

    def _update_colours(self) -> None:
        muted = colours.muted(self.palette())
        colours.paint_label(self._note, muted)
        failed = self._state is not None and self._state.connection is ConnectionState.FAILED
        colours.paint_label(self._reason, self.palette().color(QPalette.ColorRole.Text) if failed else muted)
        self.update()
