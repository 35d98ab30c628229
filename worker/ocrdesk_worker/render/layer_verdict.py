"""Whether a page's own text is as good as recognising the page. Doubt means that it is not.

What speaks against it: there is none, it is garbage, or something else on the page may hold text too.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence

import pypdfium2.raw as pdfium_c

from ocrdesk_worker.render.frame import PageFrame, Rectangle
from ocrdesk_worker.render.layer_words import SLANTED, LayerWord, TextPage
from ocrdesk_worker.render.page_objects import Drawn, Picture, address

_MOST_BAD = 0.05
"""Of all characters: those that mean nothing, or that the file does not map to Unicode."""
_MOST_CLASHES = 0.1
"""Of all words: those that lie over other words."""

# ── pictures ─────────────────────────────────────────────────────────────────────────────────────
_SMALL_PICTURE = 0.2
"""Of the page: pictures that cover less are taken for illustrations."""
_LEAST_LEGIBLE_DPI = 40.0
_LEAST_LEGIBLE_PIXELS = 24
"""What is coarser or smaller than this is a pattern or a shade: no text could be read in it."""
_STRIP_PIXELS = 400
"""A picture so long may be low and still be a slice of a scan: some programs store pages in strips of a few rows."""
_WRITTEN_OVER = 0.45
"""Of the pictures: where text stands on so much of them, they are its background."""
_HIDDEN_WORDS, _HIDDEN_LETTERS = 5, 25
"""A hidden layer with less than this is not one that recognised the page."""
_GRID = 48
_UNSEEN = (pdfium_c.FPDF_TEXTRENDERMODE_INVISIBLE, pdfium_c.FPDF_TEXTRENDERMODE_CLIP)

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


def fault_of_text(words: Sequence[LayerWord], clashes: int) -> str | None:
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


def _is_gibberish(characters: Counter[str], words: Sequence[LayerWord]) -> bool:
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


def _is_symbol_soup(words: Iterable[LayerWord]) -> bool:
    text = _LEADERS.sub("", "".join(word.text for word in words))
    signs = sum(not character.isalnum() and not unicodedata.combining(character) for character in text)
    return len(text) >= _LITTLE and signs > _MOST_SIGNS * len(text)


def _mixes_alphabets(words: Iterable[LayerWord]) -> bool:
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


def fault_of_page(words: Sequence[LayerWord], drawn: Drawn) -> str | None:
    """What else the page has that may be text, pictures apart."""
    if not drawn.is_complete:
        return "the page is too complex to tell what its own text leaves out"
    if len(words) < _FEW_WORDS and drawn.strokes > _MANY_STROKES:
        return "the page has few words of its own and many shapes, which may be letters"
    return None


def legible(pictures: Iterable[Picture], frame: PageFrame) -> list[Picture]:
    """The pictures on the page that are fine enough to hold text."""
    return [picture for picture in pictures if _is_on_page(picture, frame) and _is_fine(picture)]


def _is_on_page(picture: Picture, frame: PageFrame) -> bool:
    left, bottom, right, top = frame.bounds
    return picture.box[0] < right and picture.box[2] > left and picture.box[1] < top and picture.box[3] > bottom


def _is_fine(picture: Picture) -> bool:
    wide, high = picture.box[2] - picture.box[0], picture.box[3] - picture.box[1]
    short, long = sorted((picture.pixels_wide, picture.pixels_high))
    if short < 1 or wide <= 0 or high <= 0:
        return False
    dpi = (short * long / (wide * high)) ** 0.5 * 72
    return dpi >= _LEAST_LEGIBLE_DPI and (short >= _LEAST_LEGIBLE_PIXELS or long >= _STRIP_PIXELS)


def hidden_words(
    words: Sequence[LayerWord], pictures: Sequence[Picture], drawn: Drawn, text: TextPage, frame: PageFrame
) -> list[LayerWord]:
    """Words that are not seen, because they are drawn without ink or because a picture lies over them."""
    place = frame.placer()
    placed = [(place(picture.box), picture.order) for picture in pictures]
    unseen: dict[int, bool] = {}
    hidden = []
    for word in words:
        shown_by = text.text_object(word.first)
        if not shown_by:
            continue
        key = address(shown_by)
        if key not in unseen:
            unseen[key] = pdfium_c.FPDFTextObj_GetTextRenderMode(shown_by) in _UNSEEN
        order = drawn.texts.get(key, drawn.total)
        if unseen[key] or any(order < over and _holds(box, word.ink) for box, over in placed):
            hidden.append(word)
    return hidden


def _holds(box: Rectangle, ink: Rectangle) -> bool:
    across, down = (ink[0] + ink[2]) / 2, (ink[1] + ink[3]) / 2
    return box[0] <= across <= box[2] and box[1] <= down <= box[3]


def large_share(pictures: Sequence[Picture], frame: PageFrame) -> float:
    """The pictures' share of the page when it is too large to be passed over, else 0."""
    cells = _cells(map(frame.placer(), (picture.box for picture in pictures)), frame)
    share = sum(row.bit_count() for row in cells) / (_GRID * _GRID)
    return share if share >= _SMALL_PICTURE else 0.0


def fault_of_pictures(
    words: Sequence[LayerWord], hidden: Sequence[LayerWord], pictures: Sequence[Picture], share: float, frame: PageFrame
) -> str | None:
    """What large pictures may hold that the text does not."""
    boxes = list(map(frame.placer(), (picture.box for picture in pictures)))
    if hidden:
        inside = [word for word in hidden if any(_holds(box, word.ink) for box in boxes)]
        if len(inside) >= _HIDDEN_WORDS and sum(len(word.text) for word in inside) >= _HIDDEN_LETTERS:
            return None
    seen = [word.body for word in words if word.direction != SLANTED]
    picture_cells = _cells(boxes, frame)
    text_cells = _cells(seen, frame)
    both = sum((one & two).bit_count() for one, two in zip(picture_cells, text_cells, strict=True))
    total = sum(row.bit_count() for row in picture_cells)
    if not hidden and both >= _WRITTEN_OVER * total:
        return None
    return f"pictures cover {share:.0%} of the page, and its own text may leave out what they say"


def _cells(boxes: Iterable[Rectangle], frame: PageFrame) -> list[int]:
    """A coarse map of the page, a bit a cell and an int a row: which cells the boxes touch."""
    width, height = frame.width, frame.height
    rows = [0] * _GRID
    for left, top, right, bottom in boxes:
        first, last = (min(_GRID - 1, max(0, int(edge / width * _GRID))) for edge in (left, right))
        above, below = (min(_GRID - 1, max(0, int(edge / height * _GRID))) for edge in (top, bottom))
        if right < 0 or left > width or bottom < 0 or top > height:
            continue
        mask = ((1 << (last - first + 1)) - 1) << first
        for row in range(above, below + 1):
            rows[row] |= mask
    return rows
