"""Compares two recordings, and checks their differences against a list of intended ones.

The list is a TOML file with an entry for each intended difference:

    [[change]]
    files = "help/*.txt"          # which files, as a pattern of fnmatch
    reason = "The option has a new name."
    old = '--without-furniture'   # a regular expression (re.MULTILINE): in these files, on A's side,
    new = '--omit-headers-footers'  # it is replaced by this, as re.sub does, before the files are compared

    [[whole]]
    files = "help/ocrdesk-doctor.txt"
    reason = "Rewritten in plain English; checked by reading."
    old_sha256 = "…"              # of the file in A, empty where there is none
    new_sha256 = "…"              # of the file in B, empty where there is none

A `change` is a replacement, and the rest of the file has to be the same. A `whole` says that exactly this content
replaces exactly that one. An entry that matches nothing is an error, so that the list has no outdated entries.
"""

from __future__ import annotations

import difflib
import fnmatch
import hashlib
import re
import sys
import tarfile
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class _Entry:
    """An intended difference; `used` after it has matched a difference."""

    files: str
    reason: str
    used: bool = field(default=False, init=False)

    def is_about(self, name: str) -> bool:
        return fnmatch.fnmatchcase(name, self.files)


@dataclass
class _Change(_Entry):
    """A replacement that turns A's text into B's."""

    old: str
    new: str

    def applied(self, text: str) -> str:
        changed = re.sub(self.old, self.new, text, flags=re.MULTILINE)
        self.used |= changed != text
        return changed


@dataclass
class _Whole(_Entry):
    """A file whose whole content differs."""

    old_sha256: str
    new_sha256: str

    def explains(self, old: str | None, new: str | None) -> bool:
        fits = (self.old_sha256, self.new_sha256) == (_sha256(old), _sha256(new))
        self.used |= fits
        return fits


def compare(a: Path, b: Path, intended: Path | None, parts: Sequence[str]) -> int:
    """Print what differs in these parts of two recordings.

    Return 1 if some of it is not intended, or an intended difference did not occur.
    """
    changes, wholes = _read_intended(intended)
    old_files, new_files = _read_recording(a), _read_recording(b)
    names = [name for name in sorted(old_files | new_files) if name.partition("/")[0] in parts]
    differing = 0
    for name in names:
        old, new = old_files.get(name), new_files.get(name)
        if old == new or any(whole.is_about(name) and whole.explains(old, new) for whole in wholes):
            continue
        if old is not None:
            for change in changes:
                if change.is_about(name):
                    old = change.applied(old)
        if old != new:
            differing += 1
            sys.stdout.write(_diff(name, old, new))
    is_all = len(names) == len(old_files | new_files)
    unused = [
        entry for entry in (*changes, *wholes) if not entry.used and (is_all or entry.files.partition("/")[0] in parts)
    ]
    for entry in unused:
        sys.stdout.write(f"Intended but not found: {entry.files} ({entry.reason})\n")
    sys.stdout.write(f"{len(names)} files, {differing} differ beyond what is intended\n")
    return 1 if differing or unused else 0


def _read_intended(file: Path | None) -> tuple[list[_Change], list[_Whole]]:
    if file is None:
        return [], []
    entries = tomllib.loads(file.read_text(encoding="utf-8"))
    return [_Change(**entry) for entry in entries.get("change", [])], [
        _Whole(**entry) for entry in entries.get("whole", [])
    ]


def _read_recording(path: Path) -> dict[str, str]:
    """Return the texts of a recording by their names."""
    if path.is_dir():
        return {
            str(file.relative_to(path)): file.read_bytes().decode()
            for file in path.rglob("*")
            if file.is_file() and not file.name.startswith(".")
        }
    found = {}
    with tarfile.open(path) as archive:
        for entry in archive:
            if (data := archive.extractfile(entry)) is not None:
                found[entry.name] = data.read().decode()
    if not found:
        raise ValueError(f"{path} holds no recording")
    return found


def _diff(name: str, old: str | None, new: str | None) -> str:
    if old is None or new is None:
        return f"==== {name}: only in {'A' if new is None else 'B'}, sha-256 {_sha256(old if new is None else new)}\n"
    hashes = f"==== {name}\n     sha-256 {_sha256(old)} became {_sha256(new)}\n"
    lines = difflib.unified_diff(old.split("\n"), new.split("\n"), f"a/{name}", f"b/{name}", lineterm="")
    return hashes + "\n".join(lines) + "\n"


def _sha256(text: str | None) -> str:
    return "" if text is None else hashlib.sha256(text.encode()).hexdigest()
