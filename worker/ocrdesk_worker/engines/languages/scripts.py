"""The script of a language.

Scripts have the names that Tesseract's script detection uses.
"""

from __future__ import annotations

from collections.abc import Iterable

_LANGUAGES = {
    "Arabic": "ara fas kur_ara pus snd uig urd",
    "Armenian": "hye",
    "Bengali": "asm ben",
    "Canadian_Aboriginal": "iku",
    "Cherokee": "chr",
    "Cyrillic": "aze_cyrl bel bul kaz kir mkd mon rus srp tat tgk ukr uzb_cyrl",
    "Devanagari": "hin mar nep san",
    "Ethiopic": "amh tir",
    "Fraktur": "dan_frak deu_frak deu_latf frk slk_frak",
    "Georgian": "kat kat_old",
    "Greek": "ell grc",
    "Gujarati": "guj",
    "Gurmukhi": "pan",
    "Han": "chi_sim chi_sim_vert chi_tra chi_tra_vert",
    "Hebrew": "heb yid",
    "Japanese": "jpn jpn_vert",
    "Kannada": "kan",
    "Khmer": "khm",
    "Korean": "kor kor_vert",
    "Lao": "lao",
    "Malayalam": "mal",
    "Myanmar": "mya",
    "Oriya": "ori",
    "Sinhala": "sin",
    "Syriac": "syr",
    "Tamil": "tam",
    "Telugu": "tel",
    "Thaana": "div",
    "Thai": "tha",
    "Tibetan": "bod dzo",
}
_SCRIPTS = {language: script for script, languages in _LANGUAGES.items() for language in languages.split()}

COMMON = tuple(
    "eng deu fra spa ita por nld pol rus ukr chi_sim jpn kor chi_tra ara hin tur ces swe dan nor fin hun ron ell "  # noqa: SIM905
    "heb tha vie ind bul srp hrv slk slv cat lit lav est fas".split()
)
"""The languages of many documents, in the order in which they are tried if not all can be."""


def script_of(language: str) -> str:
    """Return the script's name; Latin for unknown languages."""
    return _SCRIPTS.get(language, "Latin")


def are_vertical(languages: Iterable[str]) -> bool:
    """Return whether the languages are those of upright lines alone, such as `jpn_vert`."""
    return all(language.endswith("_vert") for language in languages)
