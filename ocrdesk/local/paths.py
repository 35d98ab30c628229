"""The data folder and the run folder."""

from __future__ import annotations

import errno
import getpass
import hashlib
import os
import shutil
import stat
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

from platformdirs import user_data_path

from ocrdesk.contract.error_messages import error_message, is_disk_full, os_reason
from ocrdesk.local.errors import LocalServerError

_MIN_FREE_BYTES = 1_000_000
_MAX_SOCKET_PATH = 100
"""Unix limits socket paths to 107 bytes on Linux and 103 on macOS."""
_SOCKET_NAME_LENGTH = len("/window-12345678.sock")
_WRITABLE_BY_OTHERS = stat.S_IWGRP | stat.S_IWOTH
_PRIVATE = 0o700


def default_data_dir() -> Path:
    """Return OCRDESK_DATA_DIR, or the platform's folder for user data."""
    if named := os.environ.get("OCRDESK_DATA_DIR"):
        return Path(named)
    return user_data_path("ocrdesk", appauthor=False)


def create_private(folder: Path) -> None:
    """Create a folder and those above it that are missing, each for this user only. Raises OSError.

    `Path.mkdir` would create the folders above with the mode that the user's umask allows.
    """
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    for path in reversed(missing):
        path.mkdir(mode=0o700, exist_ok=True)
    if not folder.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(folder))


def make_private(folder: Path) -> Path:
    """Create the folder if necessary, for this user only. Raises LocalServerError.

    A folder that exists keeps its mode: it may be meant for others too, and the files of ocrdesk in it are private
    anyway. It is refused if others could replace these files.
    """
    try:
        create_private(folder)
        if sys.platform == "win32":  # a user's profile is private there
            return folder
        found = folder.stat()
    except OSError as error:
        raise LocalServerError(error_message("folder_unusable", folder=str(folder), cause=os_reason(error))) from error
    if found.st_uid != os.getuid():
        raise LocalServerError(error_message("folder_of_other_user", folder=str(folder)))
    if stat.S_IMODE(found.st_mode) & _WRITABLE_BY_OTHERS:
        raise LocalServerError(error_message("folder_writable_by_others", folder=str(folder)))
    return folder


def unusable(folder: Path, error: OSError) -> LocalServerError:
    """Return the error that says what is wrong with the folder, or with one of its files, and what to do."""
    if is_disk_full(error):
        free = f"{shutil.disk_usage(folder).free / 1e6:.1f}"
        return LocalServerError(error_message("folder_disk_full", folder=str(folder), free=free))
    if error.filename is None or error.errno == errno.EROFS or not os.access(folder, os.W_OK):
        return LocalServerError(error_message("folder_unusable", folder=str(folder), cause=os_reason(error)))
    return LocalServerError(error_message("file_unusable", file=str(error.filename), cause=os_reason(error)))


def require_room(folder: Path) -> None:
    """Raise LocalServerError if there is not even room for the local server's log."""
    free = shutil.disk_usage(folder).free
    if free < _MIN_FREE_BYTES:
        raise LocalServerError(error_message("folder_disk_full", folder=str(folder), free=f"{free / 1e6:.1f}"))


def run_dir(data_dir: Path) -> Path:
    """Return a private folder for sockets, one per data folder, with a path short enough for them.

    It is in the folder for such files, else in the data folder: in a folder that everyone can write to, another user
    may have taken its name. Raises LocalServerError.
    """
    data_dir = data_dir.resolve()
    name = f"ocrdesk-{_user()}-{hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:12]}"
    refusal: LocalServerError | None = None
    for folder in (*(base / name for base in _bases()), data_dir / "run"):
        if len(os.fsencode(folder)) > _MAX_SOCKET_PATH - _SOCKET_NAME_LENGTH:
            continue
        try:
            return _own_folder(folder)
        except OSError as error:
            problem = error_message("folder_unusable", folder=str(folder), cause=os_reason(error))
            refusal = refusal or LocalServerError(problem)
        except LocalServerError as error:
            refusal = refusal or error
    raise refusal or LocalServerError(error_message("folder_path_too_long", folder=str(data_dir)))


def _bases() -> list[Path]:
    """Return the folders that can hold a run folder, best first."""
    named = [Path(os.environ.get("XDG_RUNTIME_DIR") or ""), Path(tempfile.gettempdir()), Path("/tmp")]  # noqa: S108
    return [base for base in dict.fromkeys(named) if base.is_absolute() and _keeps_names(base)]


def _keeps_names(base: Path) -> bool:
    """Return whether we can write to a folder, and others cannot rename what we have in it."""
    if sys.platform == "win32":
        return base.is_dir()
    try:
        found = base.stat()
    except OSError:
        return False
    is_safe = not found.st_mode & _WRITABLE_BY_OTHERS or bool(found.st_mode & stat.S_ISVTX)
    return is_safe and found.st_uid in (0, os.getuid()) and os.access(base, os.W_OK)


def _own_folder(folder: Path) -> Path:
    """Create the run folder, or check the one that exists. Raises OSError, LocalServerError.

    What is checked is what was opened: no other user can exchange it for something else in between.
    """
    create_private(folder.parent)
    with suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    if sys.platform == "win32":
        return folder
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:
        if folder.is_symlink():
            raise LocalServerError(error_message("folder_is_link", folder=str(folder))) from None
        raise
    try:
        found = os.fstat(descriptor)
        if found.st_uid != os.getuid() or stat.S_IMODE(found.st_mode) & _WRITABLE_BY_OTHERS:
            raise LocalServerError(error_message("run_folder_of_others", folder=str(folder)))
        if stat.S_IMODE(found.st_mode) != _PRIVATE:
            os.fchmod(descriptor, _PRIVATE)
    finally:
        os.close(descriptor)
    return folder


def _user() -> str:
    if sys.platform == "win32":
        return getpass.getuser()
    return str(os.getuid())
