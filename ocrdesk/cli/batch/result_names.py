"""Names the results in an output folder: the tree of the inputs, no two alike, none too long for the file system."""

from __future__ import annotations

import hashlib
import os
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path, PurePath

from ocrdesk.cli.batch.inputs import Input
from ocrdesk.contract.file_names import shortened_name

_USUAL_LIMIT = 255
_HASH_DIGITS = 8


def result_paths(inputs: Sequence[Input], folder: Path, suffix: str) -> list[Path]:
    """Return a path in the folder for the result of each input.

    It is the input's place with the format's suffix: `one/page.png.txt`. Inputs of one place, such as `a/page.png` and
    `b/page.png` given by name, keep the folders in which they differ.
    """
    limit = _name_limit(folder)
    taken: set[Path] = set()
    paths = []
    for place in _distinct_places(inputs):
        path, number = folder / place.parent / _name(place.name, suffix, limit), 1
        while path in taken:
            number += 1
            path = folder / place.parent / _name(place.name, f"-{number}{suffix}", limit)
        taken.add(path)
        paths.append(path)
    return paths


def _distinct_places(inputs: Sequence[Input]) -> list[PurePath]:
    places = [file.place for file in inputs]
    by_place = defaultdict(list)
    for index, place in enumerate(places):
        by_place[place].append(index)
    for indexes in by_place.values():
        paths = [inputs[index].path for index in indexes]
        if len(paths) > 1 and None not in paths:
            for index, place in zip(indexes, _below_common_folder([path for path in paths if path]), strict=True):
                places[index] = place
    return places


def _below_common_folder(paths: list[Path]) -> list[PurePath]:
    """Return the paths relative to the folder that all of them are in."""
    absolute = [os.path.abspath(path) for path in paths]  # noqa: PTH100  # links stay
    try:
        common = os.path.commonpath([os.path.dirname(path) for path in absolute])  # noqa: PTH120
    except ValueError:  # on several drives of Windows
        return [PurePath(path.name) for path in paths]
    return [PurePath(os.path.relpath(path, common)) for path in absolute]


def _name(name: str, suffix: str, limit: int) -> str:
    """Return the name with the suffix. A long one is shortened and gets a hash, by which it differs from its like."""
    if len(os.fsencode(name + suffix)) <= limit:
        return name + suffix
    end = f"~{hashlib.sha256(os.fsencode(name)).hexdigest()[:_HASH_DIGITS]}{suffix}"
    return shortened_name(name, limit - len(os.fsencode(end))) + end


def _name_limit(folder: Path) -> int:
    """Return how many bytes a name in the folder, which may not exist yet, can have."""
    existing = next((path for path in (folder, *folder.parents) if path.exists()), None)
    if existing is None or not hasattr(os, "pathconf"):
        return _USUAL_LIMIT
    try:
        return min(_USUAL_LIMIT, int(os.pathconf(existing, "PC_NAME_MAX")))
    except (OSError, ValueError):
        return _USUAL_LIMIT
