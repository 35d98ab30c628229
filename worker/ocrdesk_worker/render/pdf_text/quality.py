"""Whether a page's own text is as good as recognising the page. Doubt means that it is not.

What speaks against it: there is none, it is garbage, or shapes on the page may be letters. Of pictures see
`layer_pictures`.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence

from ocrdesk.layout.positioned_word import PositionedWord
from ocrdesk_worker.render.pdf_text.page_objects import Drawn

_MOST_BAD = 0.05
"""Of all characters: those that mean nothing, or that the file does not map to Unicode."""
_MOST_CLASHES = 0.1
"""Of all words: those that lie over other words."""

# ── shapes ───────────────────────────────────────────────────────────────────────────────────────
_FEW_WORDS = 20
_MANY_STROKES = 1500
"""Letters that are drawn as outlines take about 20 strokes each; a page with few words and so many may be those."""

# ── gibberish ────────────────────────────────────────────────────────────────────────────────────
_COMMONEST = frozenset("eainrtso")
"""Every language in Latin letters writes half of its text with these eight: 0.63 of English, 0.51 of Polish."""
_LEAST_COMMON = 0.42
_LEAST_COMMON_IN_LITTLE = 0.25
_ENOUGH_LETTERS, _LITTLE = 60, 12
_MOST_SIGNS = 0.45
_MOST_LATIN_1 = 0.35
_MOST_MIXED = 0.15
_LEAST_USUAL = 0.85
_LEADERS = re.compile(r"[.\-_=*·•…|/:,]+")
_HAN, _HANGUL = re.compile("[\u4e00-\u9fff]"), re.compile("[\uac00-\ud7a3]")
_LATIN, _OTHER_ALPHABET = re.compile("[A-Za-z\u00c0-\u024f]"), re.compile("[\u0370-\u03ff\u0400-\u052f]")
_BAD_CATEGORIES = frozenset({"Cc", "Cn", "Co", "Cs"})


def text_quality_problem(words: Sequence[PositionedWord], clashes: int) -> str | None:
    """What is wrong with the words themselves."""
    if not any(unicodedata.category(character)[0] in "LNS" for word in words for character in word.text):
        return "the page has no text of its own"
    unmapped = sum(not word.is_mapped for word in words)
    characters = Counter("".join(word.text for word in words))
    bad = sum(count for character, count in characters.items() if _is_bad(character))
    if bad > _MOST_BAD * characters.total() or unmapped > max(_MOST_BAD * len(words), 1):
        return "the page's own text has characters without a meaning"
    if clashes > _MOST_CLASHES * len(words) and clashes > 2:
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
        _has_odd_letters(characters) or _is_symbol_soup(words) or _mixes_alphabets(words) or _has_rare_signs(characters)
    )


def _has_odd_letters(characters: Counter[str]) -> bool:
    """Letters as no language has them: shifted or swapped by a font whose encoding was lost."""
    plain: Counter[str] = Counter()
    latin_1 = 0
    for character, count in characters.items():
        if _LATIN.match(character):
            plain[unicodedata.normalize("NFD", character)[0].lower()] += count
            latin_1 += count if "\u00c0" <= character <= "\u00ff" else 0
    total = plain.total()
    if total < _LITTLE:
        return False
    common = sum(plain[letter] for letter in _COMMONEST)
    least = _LEAST_COMMON if total >= _ENOUGH_LETTERS else _LEAST_COMMON_IN_LITTLE
    return common < least * total or latin_1 > _MOST_LATIN_1 * total


def _is_symbol_soup(words: Iterable[PositionedWord]) -> bool:
    text = _LEADERS.sub("", "".join(word.text for word in words))
    signs = sum(not character.isalnum() and not unicodedata.combining(character) for character in text)
    return len(text) >= _LITTLE and signs > _MOST_SIGNS * len(text)


def _mixes_alphabets(words: Iterable[PositionedWord]) -> bool:
    """Latin and other letters within words."""
    mixed = total = 0
    for word in words:
        if len(word.text) < 3:
            continue
        total += 1
        mixed += not word.text.isascii() and bool(_LATIN.search(word.text) and _OTHER_ALPHABET.search(word.text))
    return mixed > max(2, _MOST_MIXED * total)


def _has_rare_signs(characters: Counter[str]) -> bool:
    """Chinese signs or Korean syllables as if by chance: most of them are hardly ever used."""
    for script, encodings in ((_HAN, ("gb2312", "shift_jis", "big5")), (_HANGUL, ("euc_kr",))):
        found = {sign: count for sign, count in characters.items() if script.match(sign)}
        total = sum(found.values())
        usual = sum(count for sign, count in found.items() if any(_fits(sign, encoding) for encoding in encodings))
        if total >= _LITTLE and usual < _LEAST_USUAL * total:
            return True
    return False


def _fits(sign: str, encoding: str) -> bool:
    try:
        sign.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def fault_of_page(words: Sequence[PositionedWord], drawn: Drawn) -> str | None:
    """What else the page has that may be text, pictures apart."""
    if not drawn.is_complete:
        return "the page is too complex to tell what its own text leaves out"
    if len(words) < _FEW_WORDS and drawn.strokes > _MANY_STROKES:
        return "the page has few words of its own and many shapes, which may be letters"
    return None
