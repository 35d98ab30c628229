"""Signs that a text layer may differ from what the page shows.

A sign alone says little: names, codes and tables have them too. So the page's own text is compared with the page before
it is replaced (`pipeline/own_text_check`). Text without a sign is trusted.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ocrdesk.layout.positioned_word import PositionedWord

_MIN_WORDS = 8
"""Less text says nothing about its quality."""
_SHARE = 0.03
"""Share of words with a sign from which a page is doubtful, and at least two words."""
_MIN_COMMON = 0.15
"""In running text, one word in three is among the commonest; with less than this share it may be misread."""

_DIGIT_INSIDE = re.compile(
    r"[a-zß-ÿ][0-9]+[a-zß-ÿ]|^[A-Z][0-9][a-zß-ÿ]{2,}$|^[0-9]+[a-zß-ÿ]{3,}$|^[A-Z]?[a-z]{2,}[0-9]$"
)
"""A digit among small letters: l0wer, 1etter, wi11. Codes have capitals."""
_TRIPLE = re.compile(r"([^\W\d_])\1\1", re.IGNORECASE)
_ROMAN = re.compile(r"[ivxlcdm]+\.?", re.IGNORECASE)
_WEB = re.compile(r"^www\.", re.IGNORECASE)
_STRANGE_PAIR = re.compile(r"vv|^tl[ie]|^wl|[a-z][A-Z]{1,2}[a-z]|[a-z][|\\{}<>~^¬][a-z]")
_NO_VOWEL = re.compile(r"[b-df-hj-np-tv-xz]{3,}", re.IGNORECASE)
_MOJIBAKE = re.compile(
    "[\u00c2\u00c3][\u0080-\u00bf\u0152-\u0192\u02c6\u02dc\u2013-\u20ac]|\u00e2\u20ac|\u00ef\u00bf\u00bd"
)
"""UTF-8 that was read as Windows' encoding."""
_CODES_AS_TEXT = re.compile(
    "[\u2020-\u2022\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2030\u2039\u203a]"
)
"""What the codes 128 to 159 are in Windows' encoding: in a word that is no plain word they were something else."""

_COMMONEST = frozenset(
    word
    for language in (
        "the of and to in is that for it as with on by at from be are was this not or an a",  # English
        "der die das und in den von zu mit sich des auf ist im dem nicht ein eine als auch es an",  # German
        "de la le les et des en un une du que est pour dans qui par au sur il ne pas",  # French
        "el los las y del se con no una su por lo al como más o",  # Spanish
        "di il che e per non si da i un della sono con gli",  # Italian
        "o os as do da em um uma para com não dos",  # Portuguese
        "het een van en dat op te voor zijn met niet aan er",  # Dutch
        "och att det som på är av för den till med i",  # Swedish
        "og at på for af til er med ikke i",  # Danish, Norwegian
        "w i na z się do nie że jest o a po",  # Polish
        "a v na se je že do s z k o",  # Czech
        "ve bir bu da de için ile ne",  # Turkish
        "si în la cu pe nu este din",  # Romanian
    )
    for word in language.split()
)
"""The commonest words of languages in Latin letters."""
_PUNCTUATION = ".,;:!?()[]\"'\u201c\u201d\u201e\u201a\u2018\u2019\u00bb\u00ab-\u2013\u2014"
_LATIN_WORD = re.compile(r"[A-Za-zÀ-ɏ]+")


def doubtful_words(words: Sequence[PositionedWord], hidden: frozenset[int]) -> frozenset[int]:
    """Return the numbers of the words to compare with the page first; empty if the text is trusted.

    `hidden` are the numbers of words that are not visible: another program recognised them, so they are doubted sooner.
    """
    if len(words) < _MIN_WORDS:
        return frozenset()
    strange = frozenset(word.first for word in words if _is_garbled(word.text))
    were_recognised = len(hidden) * 2 > len(words)
    if were_recognised:
        strange |= frozenset(word.first for word in words if _is_misread(word.text))
    if len(strange) >= max(2, _SHARE * len(words)):
        return strange
    if were_recognised and _has_few_common_words(words):
        return frozenset(word.first for word in words)
    return frozenset()


def _is_garbled(text: str) -> bool:
    """Return whether the encoding of a word may be lost."""
    if text.isascii():
        return False
    if _MOJIBAKE.search(text):
        return True
    return bool(_CODES_AS_TEXT.search(text)) and len(text) > 1 and not _LATIN_WORD.fullmatch(text)


def _is_misread(text: str) -> bool:
    """Return whether a word looks like a poor recognition."""
    bare = text.strip(_PUNCTUATION)
    if not bare or _WEB.match(bare):
        return False
    if _DIGIT_INSIDE.search(bare) or _STRANGE_PAIR.search(bare):
        return True
    if _TRIPLE.search(bare) and not _ROMAN.fullmatch(bare):
        return True
    return bool(bare.islower() and _NO_VOWEL.fullmatch(bare))


def _has_few_common_words(words: Sequence[PositionedWord]) -> bool:
    """Return whether text in Latin letters has fewer of the commonest words than running text has."""
    latin = [
        found for word in words if (found := word.text.strip(".,;:!?()\"'“”„").lower()) and _LATIN_WORD.fullmatch(found)
    ]
    return len(latin) >= _MIN_WORDS and sum(word in _COMMONEST for word in latin) < _MIN_COMMON * len(latin)
