"""The script of single letters, by their names in Unicode, and of the languages of a page.

Japanese is written with Chinese characters, so that both are one script here. Fraktur has Latin letters.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from ocrdesk_worker.engines.languages.scripts import script_of

LATIN = "Latin"
_SAME = {"Fraktur": LATIN, "Japanese": "Han"}
_BY_NAME = {
    "ARABIC": "Arabic",
    "ARMENIAN": "Armenian",
    "BENGALI": "Bengali",
    "BOPOMOFO": "Han",
    "CANADIAN": "Canadian_Aboriginal",
    "CHEROKEE": "Cherokee",
    "CJK": "Han",
    "CYRILLIC": "Cyrillic",
    "DEVANAGARI": "Devanagari",
    "ETHIOPIC": "Ethiopic",
    "FULLWIDTH": LATIN,
    "GEORGIAN": "Georgian",
    "GREEK": "Greek",
    "GUJARATI": "Gujarati",
    "GURMUKHI": "Gurmukhi",
    "HALFWIDTH": "Han",
    "HANGUL": "Korean",
    "HEBREW": "Hebrew",
    "HIRAGANA": "Han",
    "IDEOGRAPHIC": "Han",
    "KANNADA": "Kannada",
    "KATAKANA": "Han",
    "KATAKANA-HIRAGANA": "Han",
    "KHMER": "Khmer",
    "LAO": "Lao",
    "LATIN": LATIN,
    "MALAYALAM": "Malayalam",
    "MYANMAR": "Myanmar",
    "ORIYA": "Oriya",
    "SINHALA": "Sinhala",
    "SYRIAC": "Syriac",
    "TAMIL": "Tamil",
    "TELUGU": "Telugu",
    "THAANA": "Thaana",
    "THAI": "Thai",
    "TIBETAN": "Tibetan",
}
_LOOK_LIKE_OTHERS = frozenset("ABCEHIKMNOPTXYZaceiopuvxyn")
"""Latin letters that Cyrillic and Greek have too, or nearly: a word of them alone is in no script for certain."""


def languages_by_script(languages: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return the languages of each script, in their order."""
    found: dict[str, tuple[str, ...]] = {}
    for language in languages:
        script = group_of(language)
        found[script] = (*found.get(script, ()), language)
    return found


def group_of(language: str) -> str:
    """Return the script whose letters a language has."""
    return group_of_script(script_of(language))


def group_of_script(script: str) -> str:
    """Return the script itself, or the one with the same letters."""
    return _SAME.get(script, script)


@lru_cache(maxsize=4096)
def script_of_letter(character: str) -> str | None:
    """Return the script of a letter; None for digits, signs, and letters of scripts without language data."""
    if not character.isalpha():
        return None
    return _BY_NAME.get(unicodedata.name(character, "").split(" ", 1)[0])


def look_like_others(word: str) -> bool:
    """Return whether a Latin word may as well be one in Cyrillic or Greek."""
    return all(character in _LOOK_LIKE_OTHERS for character in word if character.isalpha())
