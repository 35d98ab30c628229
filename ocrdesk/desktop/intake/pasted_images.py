"""Keeps pictures that came without a file, from the clipboard or the screen, as PNG files in a folder of ours."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial
from itertools import count
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QObject
from PySide6.QtGui import QImage, QImageWriter

from ocrdesk.desktop.background.tasks import Lane, Tasks
from ocrdesk.desktop.i18n.error_reason import short_reason
from ocrdesk.desktop.servers.data_folders import servers_folder

FOLDER = "pictures"
"""In the data folder."""


class PastedImages(QObject):
    """Writes off the main thread: a screen's picture takes a third of a second to pack."""

    def __init__(self, folder: Path, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._folder = folder
        self._tasks = tasks

    def keep(self, picture: QImage, kind: str, kept: Callable[[Path], None], failed: Callable[[str], None]) -> None:
        """Writes the picture to a file named by its kind, date and time; then `kept` with its path, or `failed`."""
        work = partial(save_png, QImage(picture), self._folder, _name(kind))
        self._tasks.run(work, kept, lambda error: failed(self._said(error)), lane=Lane.FILES)

    def copy(self, file: Path, kind: str, kept: Callable[[Path], None], failed: Callable[[str], None]) -> None:
        """The same for a picture in a file that belongs to somebody else, who may write over it."""
        work = partial(_copied, file, self._folder, _name(kind))
        self._tasks.run(work, kept, lambda error: failed(self._said(error)), lane=Lane.FILES)

    def tidy(self, in_lists: Iterable[str]) -> None:
        """Deletes old ones but those with these file names, and those that wait to be sent anywhere."""
        work = partial(_tidied, self._folder, servers_folder(), frozenset(in_lists))
        self._tasks.run(work, lambda _: None, lambda _: None, lane=Lane.FILES)  # else it is tried another time

    def _said(self, error: Exception) -> str:
        reason = short_reason(error)
        return self.tr("The picture could not be kept in {folder}: {reason}.").format(
            folder=self._folder, reason=reason
        )


def _name(kind: str) -> str:
    return f"{kind} {datetime.now():%Y-%m-%d %H.%M.%S}"


def _copied(file: Path, folder: Path, name: str) -> Path:
    return _write_new(file.read_bytes(), folder, name, file.suffix)


def save_png(picture: QImage, folder: Path, name: str) -> Path:
    """The new file's path; one that is there already is never written over. Raises OSError."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    if not QImageWriter(buffer, QByteArray(b"png")).write(picture):
        raise OSError("the picture is damaged or too large")
    return _write_new(bytes(buffer.data().data()), folder, name, ".png")


def _write_new(data: bytes, folder: Path, name: str, suffix: str) -> Path:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for number in count(1):
        path = folder / (f"{name}{suffix}" if number == 1 else f"{name} ({number}){suffix}")
        try:
            with path.open("xb") as file:
                file.write(data)
        except FileExistsError:
            continue
        return path
    raise AssertionError("count does not end")


def _tidied(folder: Path, servers: Path, in_lists: Iterable[str]) -> None:
    from ocrdesk.desktop.intake.image_cleanup import delete_unused_images  # on the thread that does it

    delete_unused_images(folder, servers, in_lists)
