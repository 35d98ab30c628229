"""Fetches and caches page images."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QBuffer, QIODevice, QObject, Signal
from PySide6.QtGui import QImage, QImageReader

from ocrdesk.desktop.background.tasks import Lane, Task, Tasks
from ocrdesk.desktop.i18n.error_reason import short_reason
from ocrdesk.desktop.session.session import ConnectionState, Session, SessionState

if TYPE_CHECKING:
    from ocrdesk.client import Client

_AT_A_TIME = 2
_WAIT_S = 60.0


class ImageRequest(NamedTuple):
    """A page image of a width in pixels."""

    number: int
    width: int


class PageImages(QObject):
    """Holds images of one job at a time, up to a number of bytes. Fetches two at a time, only those still wanted.

    `lane` runs the fetching: thumbnails have their own, so that the page that is read never waits for them.
    """

    arrived = Signal(int)
    """The number of a page whose image has arrived."""
    failed = Signal(int, str)

    def __init__(
        self, session: Session, tasks: Tasks, max_bytes: int, parent: QObject | None = None, lane: Lane = Lane.IMAGES
    ) -> None:
        super().__init__(parent)
        self._session, self._tasks, self._max_bytes, self._lane = session, tasks, max_bytes, lane
        self._job_id = ""
        self._task = Task()
        self._images: OrderedDict[ImageRequest, QImage] = OrderedDict()
        self._bytes = 0
        self._wanted: list[ImageRequest] = []
        self._fetching: set[ImageRequest] = set()
        self._failures: dict[int, str] = {}
        session.state_changed.connect(self._on_state)

    def show(self, job_id: str) -> None:
        """Hold images of another job; an empty id for none."""
        if job_id == self._job_id:
            return
        self._task.cancel()
        self._task = Task()
        self._job_id = job_id
        self._images.clear()
        self._bytes = 0
        self._wanted = []
        self._fetching.clear()
        self._failures.clear()

    def image(self, number: int, width: int) -> QImage | None:
        """Return the image of this width, or the one with the nearest width that is here."""
        for wanted in sorted((it for it in self._images if it.number == number), key=lambda it: abs(it.width - width)):
            self._images.move_to_end(wanted)
            return self._images[wanted]
        return None

    def failure(self, number: int) -> str:
        """Return why the page has no image. Empty if it has one, or is still loading."""
        return self._failures.get(number, "")

    def want(self, wanted: Sequence[ImageRequest]) -> None:
        """Fetch these images in this order, and drop all earlier requests."""
        self._wanted = [it for it in wanted if it not in self._images and it.number not in self._failures]
        self._fetch_next()

    def _fetch_next(self) -> None:
        client = self._session.client
        while client is not None and self._job_id and self._wanted and len(self._fetching) < _AT_A_TIME:
            wanted = self._wanted.pop(0)
            if wanted in self._fetching or wanted in self._images:
                continue
            self._fetching.add(wanted)
            self._tasks.run(
                partial(_fetch_image, client, self._job_id, wanted),
                partial(self._on_image, wanted),
                partial(self._on_failed, wanted),
                lane=self._lane,
                task=self._task,
            )

    def _on_image(self, wanted: ImageRequest, image: QImage) -> None:
        self._fetching.discard(wanted)
        self._images[wanted] = image
        self._bytes += image.sizeInBytes()
        while self._bytes > self._max_bytes and len(self._images) > 1:
            _, dropped = self._images.popitem(last=False)
            self._bytes -= dropped.sizeInBytes()
        self.arrived.emit(wanted.number)
        self._fetch_next()

    def _on_failed(self, wanted: ImageRequest, error: Exception) -> None:
        from ocrdesk.client import NotReadyError, ServerUnavailableError

        self._fetching.discard(wanted)
        if not isinstance(error, ServerUnavailableError | NotReadyError):  # these can be fetched later
            self._failures[wanted.number] = short_reason(error)
        self.failed.emit(wanted.number, short_reason(error))
        self._fetch_next()

    def _on_state(self, state: SessionState) -> None:
        if state.connection is ConnectionState.READY:
            self._fetch_next()


def _fetch_image(client: Client, job_id: str, wanted: ImageRequest) -> QImage:
    image = decoded(client.page_image(job_id, wanted.number, width=wanted.width, wait_s=_WAIT_S))
    if image.isNull():
        raise ValueError("The server's picture of this page cannot be shown.")
    return image


def decoded(data: bytes) -> QImage:
    """Decode a picture while Python's other threads go on; a null image if it cannot be decoded.

    `QImage.fromData` keeps Python's lock meanwhile: the window stands still, and for good if it waits for Qt's lock of
    image formats.
    """
    buffer = QBuffer()
    buffer.setData(data)
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    return QImageReader(buffer).read()
