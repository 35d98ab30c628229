"""Saves pasted and captured images as PNG files."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial
from itertools import count
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QObject
from PySide6.QtGui import QImage, QImageWriter

from ocrdesk.contract.file_names import printable_name
from ocrdesk.desktop.background.tasks import Lane, Tasks
from ocrdesk.desktop.i18n.error_reason import short_reason
from ocrdesk.desktop.servers.data_folders import servers_folder
from ocrdesk.local.paths import create_private

FOLDER = "pictures"
"""In the data folder."""


class PastedImages(QObject):
    """Writes off the main thread: compressing a screenshot takes a third of a second."""

    def __init__(self, folder: Path, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._folder = folder
        self._tasks = tasks

    def save(self, image: QImage, kind: str, saved: Callable[[Path], None], failed: Callable[[str], None]) -> None:
        """Write the image to a file named by its kind, date and time; then call `saved` with its path, or `failed`."""
        work = partial(save_png, QImage(image), self._folder, _name(kind))
        self._tasks.run(work, saved, lambda error: failed(self._failure(error)), lane=Lane.FILES)

    def copy(self, file: Path, kind: str, saved: Callable[[Path], None], failed: Callable[[str], None]) -> None:
        """Copy an image file of another program, which may overwrite it later."""
        work = partial(_copied, file, self._folder, _name(kind))
        self._tasks.run(work, saved, lambda error: failed(self._failure(error)), lane=Lane.FILES)

    def delete_unused(self, in_lists: Iterable[str]) -> None:
        """Delete old images, except those with these file names and those that wait to be sent to a server."""
        work = partial(_delete_unused, self._folder, servers_folder(), frozenset(in_lists))
        self._tasks.run(
            work, lambda _: None, lambda _: None, lane=Lane.FILES
        )  # after a failure the next call tries again

    def _failure(self, error: Exception) -> str:
        reason = short_reason(error)
        return self.tr("The image could not be saved in {folder}: {reason}.").format(
            folder=printable_name(self._folder), reason=reason
        )


def _name(kind: str) -> str:
    return f"{kind} {datetime.now():%Y-%m-%d %H.%M.%S}"


def _copied(file: Path, folder: Path, name: str) -> Path:
    return _write_new(file.read_bytes(), folder, name, file.suffix)


def save_png(image: QImage, folder: Path, name: str) -> Path:
    """Write a new file, never over an existing one, and return its path. Raises OSError."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    if not QImageWriter(buffer, QByteArray(b"png")).write(image):
        raise OSError("the image is damaged or too large")
    return _write_new(bytes(buffer.data().data()), folder, name, ".png")


def _write_new(data: bytes, folder: Path, name: str, suffix: str) -> Path:
    create_private(folder)
    for number in count(1):
        path = folder / (f"{name}{suffix}" if number == 1 else f"{name} ({number}){suffix}")
        try:
            with path.open("xb") as file:
                file.write(data)
        except FileExistsError:
            continue
        return path
    raise AssertionError("count does not end")


def _delete_unused(folder: Path, servers: Path, in_lists: Iterable[str]) -> None:
    from ocrdesk.desktop.intake.image_cleanup import delete_unused_images  # imported on the thread that does it

    delete_unused_images(folder, servers, in_lists)
