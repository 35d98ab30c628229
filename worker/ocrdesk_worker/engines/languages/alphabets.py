"""The characters of several languages."""

from __future__ import annotations

from ocrdesk_worker.engines.languages.tessdata import TessData
from ocrdesk_worker.engines.languages.unicharset import characters_of


def alphabet_of(data: TessData, languages: tuple[str, ...]) -> frozenset[str]:
    """Return all characters of all these languages."""
    files = data.files()
    versions = data.versions(languages)
    return frozenset().union(*(characters_of(files[name], versions) for name in languages if name in files))
