"""The characters that a set of languages is written in."""

from __future__ import annotations

from ocrdesk_worker.engines.languages.tessdata import TessData
from ocrdesk_worker.engines.languages.unicharset import characters_of


def alphabet_of(data: TessData, languages: tuple[str, ...]) -> frozenset[str]:
    """All characters of all of them."""
    files = data.files()
    versions = data.versions(languages)
    return frozenset().union(*(characters_of(files[name], versions) for name in languages if name in files))
