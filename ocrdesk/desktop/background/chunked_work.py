"""Processes many rows in chunks, one per event-loop turn, so that thousands do not block the window."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QTimer

Act = Callable[[Sequence[str]], object]

_CHUNK = 200


class ChunkedWork(QObject):
    """Processes calls in the order in which they were made."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._left: deque[tuple[Act, Sequence[str]]] = deque()
        self._turn = QTimer(self, interval=0)
        self._turn.timeout.connect(self._act_on_one)

    @property
    def is_busy(self) -> bool:
        return bool(self._left)

    def act(self, act: Act, keys: Sequence[str]) -> None:
        """Call `act` with the rows' keys, in order; with the first chunk at once, unless earlier work is left."""
        self._left.extend((act, keys[start : start + _CHUNK]) for start in range(0, len(keys), _CHUNK))
        if self._left and not self._turn.isActive():
            self._act_on_one()

    def finish(self) -> None:
        """Process everything that is left."""
        while self._left:
            self._act_on_one()

    def _act_on_one(self) -> None:
        act, keys = self._left.popleft()
        if self._left:
            self._turn.start()
        else:
            self._turn.stop()
        act(keys)
