"""The characters of a language, as its trained data lists them."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from ocrdesk_worker.engines.languages.traineddata import Part, part_of


def names_in(file: Path) -> list[str]:
    """What a .traineddata file's model can answer, each at its number: mostly single characters. Raises OSError."""
    listed = part_of(file, Part.CHARACTERS)
    # the first line is a count, then each begins with a name
    return [line.split(b" ", 1)[0].decode("utf-8", "replace") for line in listed.splitlines()[1:]]


@lru_cache(maxsize=64)
def characters_of(file: Path, version: object) -> frozenset[str]:  # noqa: ARG001  # a changed file is read anew
    """The single characters that the model can answer; none when it lists none. Raises OSError."""
    return frozenset(name for name in names_in(file) if len(name) == 1)
