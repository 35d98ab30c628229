"""Fetches pages' pictures as they are looked at, two at a time, and keeps the last ones within a cap of memory."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from ocrdesk.desktop.background.tasks import Lane, Task, Tasks
from ocrdesk.desktop.i18n.error_reason import short_reason
from ocrdesk.desktop.session.session import ConnectionState, Session, SessionState

if TYPE_CHECKING:
    from ocrdesk.client import Client

_AT_A_TIME = 2
_WAIT_S = 60.0


class Wanted(NamedTuple):
    """A page's picture in a width, in pixels."""

    number: int
    width: int


class PagePictures(QObject):
    """Of one job at a time. What was wanted and is not any more, is not fetched."""

    arrived = Signal(int)
    """The number of a page that there is a new picture of."""
    failed = Signal(int, str)

    def __init__(self, session: Session, tasks: Tasks, most_bytes: int, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._tasks, self._most_bytes = session, tasks, most_bytes
        self._job_id = ""
        self._task = Task()
        self._kept: OrderedDict[Wanted, QImage] = OrderedDict()
        self._bytes = 0
        self._wanted: list[Wanted] = []
        self._under_way: set[Wanted] = set()
        self._failures: dict[int, str] = {}
        session.state_changed.connect(self._on_state)

    def show(self, job_id: str) -> None:
        """Another job; empty for none."""
        if job_id == self._job_id:
            return
        self._task.cancel()
        self._task = Task()
        self._job_id = job_id
        self._kept.clear()
        self._bytes = 0
        self._wanted = []
        self._under_way.clear()
        self._failures.clear()

    def picture(self, number: int, width: int) -> QImage | None:
        """In this width, else in the nearest that is here."""
        for wanted in sorted((it for it in self._kept if it.number == number), key=lambda it: abs(it.width - width)):
            self._kept.move_to_end(wanted)
            return self._kept[wanted]
        return None

    def failure(self, number: int) -> str:
        """Why the page has no picture; empty when it has one or it is not known yet."""
        return self._failures.get(number, "")

    def want(self, wanted: Sequence[Wanted]) -> None:
        """Fetches these, first things first, and nothing else that was wanted before."""
        self._wanted = [it for it in wanted if it not in self._kept and it.number not in self._failures]
        self._fetch_some()

    def _fetch_some(self) -> None:
        client = self._session.client
        while client is not None and self._job_id and self._wanted and len(self._under_way) < _AT_A_TIME:
            wanted = self._wanted.pop(0)
            if wanted in self._under_way or wanted in self._kept:
                continue
            self._under_way.add(wanted)
            self._tasks.run(
                partial(_fetched, client, self._job_id, wanted),
                partial(self._on_picture, wanted),
                partial(self._on_failed, wanted),
                lane=Lane.IMAGES,
                task=self._task,
            )

    def _on_picture(self, wanted: Wanted, image: QImage) -> None:
        self._under_way.discard(wanted)
        self._kept[wanted] = image
        self._bytes += image.sizeInBytes()
        while self._bytes > self._most_bytes and len(self._kept) > 1:
            _, dropped = self._kept.popitem(last=False)
            self._bytes -= dropped.sizeInBytes()
        self.arrived.emit(wanted.number)
        self._fetch_some()

    def _on_failed(self, wanted: Wanted, error: Exception) -> None:
        from ocrdesk.client import NotReadyError, ServerUnavailableError

        self._under_way.discard(wanted)
        if not isinstance(error, ServerUnavailableError | NotReadyError):  # these may be had later
            self._failures[wanted.number] = short_reason(error)
        self.failed.emit(wanted.number, short_reason(error))
        self._fetch_some()

    def _on_state(self, state: SessionState) -> None:
        if state.connection is ConnectionState.READY:
            self._fetch_some()


def _fetched(client: Client, job_id: str, wanted: Wanted) -> QImage:
    image = QImage.fromData(client.page_image(job_id, wanted.number, width=wanted.width, wait_s=_WAIT_S))
    if image.isNull():
        raise ValueError("The server's picture of this page cannot be shown.")
    return image
