"""Acts on many rows lot by lot, a lot each turn of the event loop: all at once, thousands would hold the window up."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QTimer

Act = Callable[[Sequence[str]], object]

_LOT = 200


class ChunkedWork(QObject):
    """What was asked for first is done first, whatever is asked for meanwhile."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._left: deque[tuple[Act, Sequence[str]]] = deque()
        self._turn = QTimer(self, interval=0)
        self._turn.timeout.connect(self._act_on_one)

    @property
    def is_busy(self) -> bool:
        return bool(self._left)

    def act(self, act: Act, keys: Sequence[str]) -> None:
        """Calls `act` with the rows' keys, in their order; with the first lot at once, unless others come before."""
        self._left.extend((act, keys[start : start + _LOT]) for start in range(0, len(keys), _LOT))
        if self._left and not self._turn.isActive():
            self._act_on_one()

    def finish(self) -> None:
        """Does all that is left."""
        while self._left:
            self._act_on_one()

    def _act_on_one(self) -> None:
        act, keys = self._left.popleft()
        if self._left:
            self._turn.start()
        else:
            self._turn.stop()
        act(keys)
