"""How languages are named, `auto` among them, and the commands that add one where it is missing."""

from __future__ import annotations

import re
from collections.abc import Iterable

AUTO_LANGUAGE = "auto"
"""In a job's languages: each page's are found by themselves, among those that are installed."""

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,39}")
_NOT_LANGUAGES = frozenset({AUTO_LANGUAGE, "osd", "equ", "snum"})


def is_language_name(name: str) -> bool:
    """Whether this can be the name of a language's data, as `eng` or `deu_latf`."""
    return _NAME.fullmatch(name) is not None and name not in _NOT_LANGUAGES


def system_packages(names: Iterable[str]) -> str:
    """The Debian packages of these languages."""
    return " ".join(f"tesseract-ocr-{name.replace('_', '-')}" for name in names)


def how_to_add(names: Iterable[str]) -> str:
    """The commands that add languages to the machine of a worker; empty for names that no language has."""
    fitting = [name for name in names if is_language_name(name)]
    if not fitting:
        return ""
    return f"ocrdesk languages add {' '.join(fitting)} (or: apt-get install {system_packages(fitting)})"
