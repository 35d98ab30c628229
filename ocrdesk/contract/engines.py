"""Engine names: those that ocrdesk includes, what a name may look like, and which are installed here."""

from __future__ import annotations

import re
from typing import Final

ENGINE_GROUP = "ocrdesk.engines"
"""The entry point group in which a package announces its engines."""

ENGINE_NAME_PATTERN = r"^[a-z][a-z0-9_-]{0,39}$"
"""What an engine's name may look like, and so a word's source: safe in URLs, file names, logs and metrics."""


class EngineName:
    """The names of the included engines. Other packages may add engines, so a name is a plain string.

    `auto` is no engine of its own: it is Tesseract, with `rapid` for uncertain or missing words, as far as they are
    installed.
    """

    AUTO: Final = "auto"
    TESSERACT: Final = "tesseract"
    TESSERACT_CLI: Final = "tesseract-cli"
    RAPID: Final = "rapid"


INCLUDED_ENGINES: tuple[str, ...] = (EngineName.TESSERACT, EngineName.TESSERACT_CLI, EngineName.RAPID)
"""The engines of ocrdesk itself, in order of preference."""

RESERVED_NAMES = frozenset({EngineName.AUTO, "none", "text-layer", "corrected"})
"""Names that mean something else: in a request, in the metrics, or as the source of a word."""


def engine_name_problem(name: str) -> str | None:
    """Return why an engine cannot have this name, or None if it can."""
    if not re.match(ENGINE_NAME_PATTERN, name) or name.endswith("\n"):
        return (
            "The name of an engine has up to 40 lower-case letters, digits, hyphens and underscores, and starts with a "
            "letter."
        )
    return f"The name {name} is reserved." if name in RESERVED_NAMES else None


def installed_engine_names() -> tuple[str, ...]:
    """Return what a job may ask for on this machine: `auto`, the included engines, and those of other packages.

    Reads package metadata only. No engine is imported, so an engine in the list may still lack something.
    """
    from importlib.metadata import entry_points  # slow to import

    announced = {point.name for point in entry_points(group=ENGINE_GROUP)}
    others = sorted(name for name in announced - set(INCLUDED_ENGINES) if engine_name_problem(name) is None)
    return (EngineName.AUTO, *INCLUDED_ENGINES, *others)
