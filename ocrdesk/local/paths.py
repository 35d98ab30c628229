"""The data folder and the run folder."""

from __future__ import annotations

import getpass
import hashlib
import os
import shutil
import stat
import sys
import tempfile
from pathlib import Path

from platformdirs import user_data_path

from ocrdesk.contract.error_messages import error_message, os_reason
from ocrdesk.local.errors import LocalServerError

_MIN_FREE_BYTES = 1_000_000
_MAX_SOCKET_PATH = 100
"""Unix limits socket paths to 107 bytes on Linux and 103 on macOS."""


def default_data_dir() -> Path:
    """Return OCRDESK_DATA_DIR, or the platform's folder for user data."""
    if named := os.environ.get("OCRDESK_DATA_DIR"):
        return Path(named)
    return user_data_path("ocrdesk", appauthor=False)


def make_private(folder: Path) -> Path:
    """Create the folder if necessary and let only this user enter it. Raises LocalServerError."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if sys.platform == "win32":  # a user's profile is private there
            return folder
        found = folder.stat()
        if found.st_uid != os.getuid():
            raise LocalServerError(error_message("folder_of_other_user", folder=str(folder)))
        if stat.S_IMODE(found.st_mode) & 0o077:
            folder.chmod(0o700)
    except OSError as error:
        raise LocalServerError(error_message("folder_unusable", folder=str(folder), cause=os_reason(error))) from error
    return folder


def require_room(folder: Path) -> None:
    """Raise LocalServerError if there is not even room for the local server's log."""
    free = shutil.disk_usage(folder).free
    if free < _MIN_FREE_BYTES:
        raise LocalServerError(error_message("folder_disk_full", folder=str(folder), free=f"{free / 1e6:.1f}"))


def run_dir(data_dir: Path) -> Path:
    """Return a private folder for sockets, one per data folder, with a path short enough for them."""
    name = hashlib.sha256(os.fsencode(data_dir.resolve())).hexdigest()[:12]
    base = Path(os.environ.get("XDG_RUNTIME_DIR") or "")
    if not base.is_absolute() or not os.access(base, os.W_OK) or len(str(base)) > _MAX_SOCKET_PATH - 40:
        base = Path(tempfile.gettempdir())
        if len(str(base)) > _MAX_SOCKET_PATH - 40:
            base = Path("/tmp")  # noqa: S108  # the folder in it is private and checked
    folder = base / f"ocrdesk-{_user()}-{name}"
    if folder.is_symlink():  # in a folder that everyone can write to, it may point anywhere
        raise LocalServerError(error_message("folder_is_link", folder=str(folder)))
    return make_private(folder)


def _user() -> str:
    if sys.platform == "win32":
        return getpass.getuser()
    return str(os.getuid())
