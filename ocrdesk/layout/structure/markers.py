"""Recognises the markers of list items: bullets, numbers, letters, roman numerals and checkboxes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto

from ocrdesk.contract.document import Line, Source
from ocrdesk.layout.page_marks import WordStyle

BULLETS = frozenset("•◦‣⁃●○◉◎▪▫■□◆◇❖❑❒❏❐►▶▸▹➢➤➔→⇒⮚✓✔✗✘★☆✦·∙⦁⚫⚪➣❍⬤❯»")  # noqa: RUF001
"""Characters that are bullets wherever a line begins with them."""
_DASHES = frozenset("-–—−*+>~")  # noqa: RUF001
"""Characters that are bullets if several lines begin with them."""
_MISREAD = frozenset("eo©¢«»°®¥@=<>+*.,:;'\"`´^¨_~|I!iloOQ0°¤§")  # noqa: RUF001
"""What engines read a bullet as."""
_UNTICKED = frozenset("☐❏❐❑❒⬜▢◻")
_TICKED = frozenset("☑☒✅🗹🗷☑⊠")
_BRACKETS = re.compile(r"\[([ xX✓✔]?)\]|\(([ xX✓✔])\)|\[([xX✓✔])\]")
_DINGBATS = re.compile(r"wingding|dingbat|webding|marvosym|bullet", re.IGNORECASE)
_NUMBER = re.compile(r"(\(?)(\d{1,3})([.):]|\.\))")
_DEEP_NUMBER = re.compile(r"\(?(?:\d{1,2}\.){1,5}(\d{1,3})[.)]?")
_LETTER = re.compile(r"(\(?)([A-Za-z])([.)])")
_ROMAN = re.compile(r"(\(?)([ivxl]{1,6}|[IVXL]{1,6})([.)])")
_REFERENCE = re.compile(r"\[(\d{1,3})\]")
_KEY = re.compile(r"\[[A-Z][A-Za-z+]{1,12}\d{2}[a-z]?\]")
_BARE_NUMBER = re.compile(r"\d{1,3}")
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_ROMAN_DIGITS = {"i": 1, "v": 5, "x": 10, "l": 50}


class MarkerKind(Enum):
    """What a marker is, which decides how much has to support it."""

    BULLET = auto()
    CHECKBOX = auto()
    DASH = auto()
    MISREAD = auto()
    """What an engine may have read a bullet as."""
    NUMBER = auto()
    REFERENCE = auto()
    """The number or key of a bibliography's entry in brackets."""
    BARE_NUMBER = auto()
    LETTER = auto()
    ROMAN = auto()


@dataclass(frozen=True, slots=True)
class Marker:
    """A marker at a line's start. `form` is equal for markers of one list; `value` is its number, from 1, if any.

    `words` are the words of the line that it takes; in the last of them other text may follow.
    """

    text: str
    kind: MarkerKind
    form: str
    value: int = 0
    words: int = 1
    ticked: bool | None = None


def find_markers(line: Line, style: WordStyle | None = None) -> list[Marker]:
    """Return what the beginning of a line may be as a marker; nothing if no text follows it.

    `style` is that of the first word, if known: in a font of symbols any letter is a bullet.
    """
    first = line.words[0].text
    if len(line.words) < 2:
        return _attached(first)
    if checkbox := _checkbox(line):
        return [checkbox]
    if len(first) == 1:
        return _sign(first, is_read=line.words[0].source != Source.TEXT_LAYER, style=style)
    return _number(first) or _attached(first)


def _attached(word: str) -> list[Marker]:
    """Return the bullet or box that a line's first word begins with, without a space between."""
    if len(word) > 2 and word[0] in BULLETS and word[1].isalnum():
        return [Marker(word[0], MarkerKind.BULLET, word[0])]
    if len(word) > 2 and word[0] in _UNTICKED | _TICKED and word[1].isalnum():
        return [Marker(word[0], MarkerKind.CHECKBOX, "box", ticked=word[0] in _TICKED)]
    return []


def _checkbox(line: Line) -> Marker | None:
    first, second = line.words[0].text, line.words[1].text
    if first in _TICKED or first in _UNTICKED:
        return Marker(first, MarkerKind.CHECKBOX, "box", ticked=first in _TICKED)
    if first == "[" and second == "]" and len(line.words) > 2:
        return Marker("[ ]", MarkerKind.CHECKBOX, "[]", words=2, ticked=False)
    if found := _BRACKETS.fullmatch(first):
        return Marker(first, MarkerKind.CHECKBOX, "[]", ticked=any(group and group.strip() for group in found.groups()))
    return None


def _sign(sign: str, *, is_read: bool, style: WordStyle | None) -> list[Marker]:
    if style is not None and _DINGBATS.search(style.font):
        return [Marker(sign, MarkerKind.BULLET, style.font)]
    if sign in _CIRCLED:
        return [Marker(sign, MarkerKind.NUMBER, "①", _CIRCLED.index(sign) + 1)]
    if sign in BULLETS or sign == "\ufffd":
        return [Marker(sign, MarkerKind.BULLET, sign)]
    found = []
    if sign in _DASHES:
        found.append(Marker(sign, MarkerKind.DASH, sign))
    if sign.isdecimal() and sign.isascii() and sign != "0":
        found.append(Marker(sign, MarkerKind.BARE_NUMBER, "1", int(sign)))
    if (is_read and sign in _MISREAD) or sign == "o":
        found.append(Marker(sign, MarkerKind.MISREAD, "misread"))
    return found


def _number(word: str) -> list[Marker]:
    if found := _NUMBER.fullmatch(word):
        return [Marker(word, MarkerKind.NUMBER, f"{found[1]}1{found[3]}", int(found[2]))]
    if found := _REFERENCE.fullmatch(word):
        return [Marker(word, MarkerKind.REFERENCE, "[1]", int(found[1]))]
    if _KEY.fullmatch(word):
        return [Marker(word, MarkerKind.REFERENCE, "[key]")]
    if found := _DEEP_NUMBER.fullmatch(word):
        return [Marker(word, MarkerKind.NUMBER, "1." * word.count("."), int(found[1]))]
    if _BARE_NUMBER.fullmatch(word):
        return [Marker(word, MarkerKind.BARE_NUMBER, "1", int(word))]
    found_letters = []
    if found := _LETTER.fullmatch(word):
        form = f"{found[1]}{'A' if found[2].isupper() else 'a'}{found[3]}"
        found_letters.append(Marker(word, MarkerKind.LETTER, form, ord(found[2].lower()) - ord("a") + 1))
    if (found := _ROMAN.fullmatch(word)) and (value := _roman(found[2].lower())):
        form = f"{found[1]}{'I' if found[2].isupper() else 'i'}{found[3]}"
        found_letters.append(Marker(word, MarkerKind.ROMAN, form, value))
    return found_letters


def _roman(text: str) -> int:
    """Return the value of a roman numeral below 90 in small letters; 0 if it is none."""
    digits = [_ROMAN_DIGITS[letter] for letter in text]
    value = sum(-digit if digit < max(digits[index:]) else digit for index, digit in enumerate(digits))
    tens, ones = divmod(value, 10)
    ten = ("", "x", "xx", "xxx", "xl", "l", "lx", "lxx", "lxxx")
    one = ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix")
    return value if 0 < value < 90 and text == ten[tens] + one[ones] else 0
