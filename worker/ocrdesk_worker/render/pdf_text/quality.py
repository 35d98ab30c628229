"""Whether a text layer is good enough.

It is not if it is empty or garbage, or if shapes on the page may be letters; in doubt it is not either. Images are the
subject of `unread_images`.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence

from ocrdesk.layout.positioned_word import PositionedWord
from ocrdesk_worker.render.pdf_text.page_objects import PageObjects

_MAX_BAD = 0.05
"""Share of characters that have no meaning, or that the file does not map to Unicode."""
_MAX_CLASHES = 0.1
"""Share of words that cover other words."""

# ── shapes ───────────────────────────────────────────────────────────────────────────────────────
_FEW_WORDS = 20
_MANY_STROKES = 1500
"""Letters drawn as outlines have about 20 strokes each: a page with few words and so many strokes may have such."""

# ── gibberish ────────────────────────────────────────────────────────────────────────────────────
_COMMONEST = frozenset("eainrtso")
"""In every language in Latin letters these eight are half of a text: 0.63 of English, 0.51 of Polish."""
_MIN_COMMON = 0.42
_MIN_COMMON_SHORT = 0.25
_LONG_TEXT, _SHORT_TEXT = 60, 12
_MAX_SYMBOLS = 0.45
_MAX_LATIN_1 = 0.35
_MAX_MIXED = 0.15
_MIN_USUAL = 0.85
_LEADERS = re.compile(r"[.\-_=*·•…|/:,]+")
_HAN, _HANGUL = re.compile("[\u4e00-\u9fff]"), re.compile("[\uac00-\ud7a3]")
_LATIN, _OTHER_ALPHABET = re.compile("[A-Za-z\u00c0-\u024f]"), re.compile("[\u0370-\u03ff\u0400-\u052f]")
_BAD_CATEGORIES = frozenset({"Cc", "Cn", "Co", "Cs"})


def text_quality_problem(words: Sequence[PositionedWord], clashes: int) -> str | None:
    """Return what is wrong with the words themselves; None if nothing is."""
    if not any(unicodedata.category(character)[0] in "LNS" for word in words for character in word.text):
        return "the page has no text of its own"
    unmapped = sum(not word.is_mapped for word in words)
    characters = Counter("".join(word.text for word in words))
    bad = sum(count for character, count in characters.items() if _is_bad(character))
    if bad > _MAX_BAD * characters.total() or unmapped > max(_MAX_BAD * len(words), 1):
        return "the page's own text has characters without a meaning"
    if clashes > _MAX_CLASHES * len(words) and clashes > 2:
        return "the page's own text lies over itself"
    if _is_gibberish(characters, words):
        return "the page's own text is not readable"
    return None


def _is_bad(character: str) -> bool:
    if character == "\ufffd":
        return True
    return not " " <= character <= "~" and unicodedata.category(character) in _BAD_CATEGORIES


def _is_gibberish(characters: Counter[str], words: Sequence[PositionedWord]) -> bool:
    return (
        _has_odd_letters(characters)
        or _is_symbol_soup(words)
        or _mixes_alphabets(words)
        or _has_rare_characters(characters)
    )


def _has_odd_letters(characters: Counter[str]) -> bool:
    """Return whether the letters fit no language, because a font whose encoding is lost shifts or swaps them."""
    plain: Counter[str] = Counter()
    latin_1 = 0
    for character, count in characters.items():
        if _LATIN.match(character):
            plain[unicodedata.normalize("NFD", character)[0].lower()] += count
            latin_1 += count if "\u00c0" <= character <= "\u00ff" else 0
    total = plain.total()
    if total < _SHORT_TEXT:
        return False
    common = sum(plain[letter] for letter in _COMMONEST)
    least = _MIN_COMMON if total >= _LONG_TEXT else _MIN_COMMON_SHORT
    return common < least * total or latin_1 > _MAX_LATIN_1 * total


def _is_symbol_soup(words: Iterable[PositionedWord]) -> bool:
    text = _LEADERS.sub("", "".join(word.text for word in words))
    symbols = sum(not character.isalnum() and not unicodedata.combining(character) for character in text)
    return len(text) >= _SHORT_TEXT and symbols > _MAX_SYMBOLS * len(text)


def _mixes_alphabets(words: Iterable[PositionedWord]) -> bool:
    """Return whether words have letters of several alphabets."""
    mixed = total = 0
    for word in words:
        if len(word.text) < 3:
            continue
        total += 1
        mixed += not word.text.isascii() and bool(_LATIN.search(word.text) and _OTHER_ALPHABET.search(word.text))
    return mixed > max(2, _MAX_MIXED * total)


def _has_rare_characters(characters: Counter[str]) -> bool:
    """Return whether Chinese characters or Korean syllables look random: most of them are hardly ever used."""
    for script, encodings in ((_HAN, ("gb2312", "shift_jis", "big5")), (_HANGUL, ("euc_kr",))):
        found = {character: count for character, count in characters.items() if script.match(character)}
        total = sum(found.values())
        usual = sum(
            count
            for character, count in found.items()
            if any(_is_encodable(character, encoding) for encoding in encodings)
        )
        if total >= _SHORT_TEXT and usual < _MIN_USUAL * total:
            return True
    return False


def _is_encodable(character: str, encoding: str) -> bool:
    try:
        character.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def page_problem(words: Sequence[PositionedWord], objects: PageObjects) -> str | None:
    """Return what else on the page may be text that the layer lacks, apart from images; None if nothing is."""
    if not objects.is_complete:
        return "the page is too complex to tell what its own text leaves out"
    if len(words) < _FEW_WORDS and objects.strokes > _MANY_STROKES:
        return "the page has few words of its own and many shapes, which may be letters"
    return None
