"""Makes a PDF that was joined from PDF/A files a PDF/A file too."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pikepdf

_LOWEST, _HIGHEST = 2, 3
"""The parts of the standard that a joined file can follow: it has compressed objects, which part 1 does not know."""


def join_pdfa(merged: pikepdf.Pdf, parts: Sequence[tuple[pikepdf.Pdf, str]]) -> str | None:
    """Add the colour profile and the metadata of PDF/A. Return why it is impossible, None if it was possible.

    `parts` are the open files and their names; `merged` has their pages.
    """
    import pikepdf

    levels: list[int] = []
    intent: pikepdf.Object | None = None
    profile: bytes | None = None
    for part, name in parts:
        if (level := _pdfa_level(part)) is None:
            return f"{name} is not PDF/A"
        levels.append(level)
        found = _output_intent(part)
        if found is None:
            continue
        own_profile = _colours(found.DestOutputProfile.read_bytes())
        if profile is not None and own_profile != profile:
            return f"{name} has another colour profile than the files before it"
        if intent is None:
            intent, profile = merged.copy_foreign(found), own_profile
    if max(levels) > _HIGHEST:
        return "one of the files follows a newer part of the standard"
    if intent is not None:
        merged.Root.OutputIntents = pikepdf.Array([intent])
    with merged.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
        metadata["pdfaid:part"] = str(max(_LOWEST, *levels))
        metadata["pdfaid:conformance"] = "B"
    return None


def _pdfa_level(part: pikepdf.Pdf) -> int | None:
    """Return the part of the standard that a file says it follows, None if it does not say so."""
    with part.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
        level = str(metadata.get("pdfaid:part", ""))
    return int(level) if level.isascii() and level.isdigit() else None


def _colours(profile: bytes) -> bytes:
    """Return an ICC profile without the time in its header at which it was made, and without its checksum."""
    return profile[:24] + profile[36:84] + profile[100:]


def _output_intent(part: pikepdf.Pdf) -> pikepdf.Object | None:
    """Return what says which colours PDF/A's device colours are."""
    intents = part.Root.get("/OutputIntents")
    for intent in intents if intents is not None else ():
        if str(intent.get("/S")) == "/GTS_PDFA1" and "/DestOutputProfile" in intent:
            return intent
    return None
