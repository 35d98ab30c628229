"""A language's characters.

Its trained data lists them.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from ocrdesk_worker.engines.languages.traineddata import Part, part_of


def outputs_of(file: Path) -> list[str]:
    """Return what a .traineddata file's model can output, by number: mostly single characters. Raises OSError."""
    listed = part_of(file, Part.CHARACTERS)
    # the first line is a count; every other line begins with an output
    return [line.split(b" ", 1)[0].decode("utf-8", "replace") for line in listed.splitlines()[1:]]


@lru_cache(maxsize=64)
def characters_of(file: Path, version: object) -> frozenset[str]:  # noqa: ARG001  # a changed file is read again
    """Return the single characters that the model can output. Raises OSError."""
    return frozenset(output for output in outputs_of(file) if len(output) == 1)
