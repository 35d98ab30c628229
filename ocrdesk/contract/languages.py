"""Language names, and the commands that install a missing language."""

from __future__ import annotations

import re
from collections.abc import Iterable

AUTO_LANGUAGE = "auto"
"""As a job's language: detect the languages of each page among those installed."""

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,39}")
_NOT_LANGUAGES = frozenset({AUTO_LANGUAGE, "osd", "equ", "snum"})


def is_language_name(name: str) -> bool:
    """Return whether this can be the name of a language's data, such as `eng` or `deu_latf`."""
    return _NAME.fullmatch(name) is not None and name not in _NOT_LANGUAGES


def system_packages(names: Iterable[str]) -> str:
    """Return the Debian packages of these languages."""
    return " ".join(f"tesseract-ocr-{name.replace('_', '-')}" for name in names)


def how_to_add(names: Iterable[str]) -> str:
    """Return the commands that add languages to a worker's machine; empty for names that no language has."""
    fitting = [name for name in names if is_language_name(name)]
    if not fitting:
        return ""
    return f"ocrdesk languages add {' '.join(fitting)} (or: apt-get install {system_packages(fitting)})"
