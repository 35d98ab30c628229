"""Reads the machine-readable lines of passports, visas and identity cards by their rules.

The lines have letters, digits and the filler `<`, in fields of which some are letters or digits alone (ICAO document
9303). In their face O and 0, I and 1 look alike. The field says which of them it is; in a document's number, which has
both, the check digit does. Two dates with the sex between them tell such a line from all other text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import product

from ocrdesk.contract.document import Block, Line, Word

_CHARACTERS = re.compile(r"[A-Z0-9<]{28,46}")
_LETTER, _DIGIT = "[A-Z<012568]", "[0-9OQDIZSGB]"
_DATES = f"({_DIGIT}{{6}})({_DIGIT})([MFX<])({_DIGIT}{{6}})({_DIGIT})"
_PASSPORT = re.compile(f"(.{{9,10}}?)({_DIGIT})({_LETTER}{{3}}){_DATES}(.*)")
"""The last line of a passport or visa: number, its check digit, country, birth, sex, expiry, other data."""
_CARD = re.compile(f"{_DATES}({_LETTER}{{3}})(.*)({_DIGIT})")
"""The middle line of an identity card."""
_CARD_NUMBER = re.compile(f"([ACI].)({_LETTER}{{3}})(.{{9}})({_DIGIT})(.*)")
_NAMES = re.compile(r"[PVACI].[^<].*<<.*")
_TO_LETTERS, _TO_DIGITS = str.maketrans("012568", "OIZSGB"), str.maketrans("OQDIZSGB", "00012568")
_ALIKE = {"0": "O", "O": "0", "1": "I", "I": "1", "2": "Z", "Z": "2", "5": "S", "S": "5", "8": "B", "B": "8"}
_MOST_ALIKE = 4
"""A number with more characters that look like others is not tried in all ways."""
_WEIGHTS = 7, 3, 1


def fix_machine_readable(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Return the blocks with machine-readable lines corrected; all else as it is."""
    lines = [line for block in blocks for line in block.lines]
    texts = [_text_of(line) for line in lines]
    fixed: dict[int, Line] = {}
    for number, text in enumerate(texts):
        for at, right in _fixed(texts, number, text):
            fixed[id(lines[at])] = _with_text(lines[at], right)
    if not fixed:
        return tuple(blocks)
    return tuple(
        block.model_copy(update={"lines": tuple(fixed.get(id(line), line) for line in block.lines)}) for block in blocks
    )


def _text_of(line: Line) -> str:
    """Return the line without blanks, if it may be machine-readable; else nothing."""
    text = "".join(word.text for word in line.words)
    return text if _CHARACTERS.fullmatch(text) and "<" in text else ""


def _fixed(texts: Sequence[str], number: int, text: str) -> Iterator[tuple[int, str]]:
    """Yield the index and text of a document's lines, of which this one has the dates."""
    if match := _PASSPORT.fullmatch(text):
        document, check, country, *dates, rest = match.groups()
        if right := _dates(dates):
            yield number, "".join((*_number(document, check), country.translate(_TO_LETTERS), right, rest))
            if number and _NAMES.fullmatch(texts[number - 1]):
                yield number - 1, texts[number - 1].translate(_TO_LETTERS)
    elif match := _CARD.fullmatch(text):
        *dates, country, rest, check = match.groups()
        if right := _dates(dates):
            yield number, "".join((right, country.translate(_TO_LETTERS), rest, check.translate(_TO_DIGITS)))
            if number and (first := _CARD_NUMBER.fullmatch(texts[number - 1])):
                kind, issuer, document, check, more = first.groups()
                yield number - 1, "".join((kind, issuer.translate(_TO_LETTERS), *_number(document, check), more))
            if number + 1 < len(texts) and "<<" in texts[number + 1]:
                yield number + 1, texts[number + 1].translate(_TO_LETTERS)


def _dates(fields: Sequence[str]) -> str | None:
    """Return birth, sex and expiry with their check digits; None if they are no dates."""
    birth, birth_check, sex, expiry, expiry_check = (
        field if place == 2 else field.translate(_TO_DIGITS) for place, field in enumerate(fields)
    )
    are_dates = all(1 <= int(date[2:4]) <= 12 and 1 <= int(date[4:]) <= 31 for date in (birth, expiry))
    return f"{birth}{birth_check}{sex}{expiry}{expiry_check}" if are_dates else None


def _number(document: str, check: str) -> tuple[str, str]:
    """Return a document's number and its check digit.

    If they disagree, the fewest characters are read as those that look like them, provided that only one way agrees.
    """
    check = check.translate(_TO_DIGITS)
    alike = [place for place, character in enumerate(document) if character in _ALIKE]
    if _check_digit(document) == check or len(alike) > _MOST_ALIKE:
        return document, check
    ways = [way for way in _ways(document, alike) if _check_digit(way) == check]
    fewest = min((_changes(way, document) for way in ways), default=0)
    likely = [way for way in ways if _changes(way, document) == fewest]
    return (likely[0] if len(likely) == 1 else document), check


def _changes(one: str, other: str) -> int:
    return sum(character != another for character, another in zip(one, other, strict=True))


def _ways(text: str, places: Iterable[int]) -> Iterator[str]:
    choices = [
        (character, _ALIKE[character]) if place in places else (character,) for place, character in enumerate(text)
    ]
    return ("".join(way) for way in product(*choices))


def _check_digit(field: str) -> str:
    values = (0 if character == "<" else int(character, 36) for character in field)
    return str(sum(value * _WEIGHTS[place % 3] for place, value in enumerate(values)) % 10)


def _with_text(line: Line, text: str) -> Line:
    """Return a line with that text as its only word."""
    if len(line.words) == 1 and line.words[0].text == text:
        return line
    confidence = min(word.confidence for word in line.words)
    return Line(
        box=line.box, words=(Word(text=text, box=line.box, confidence=confidence, source=line.words[0].source),)
    )
