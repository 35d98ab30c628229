"""Reads the numbers and letters before list items: "3.", "(b)", "iv)"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class NumberKind(StrEnum):
    """How the numbers of a list are written."""

    DECIMAL = "decimal"
    LOWER_LETTER = "lower letter"
    UPPER_LETTER = "upper letter"
    LOWER_ROMAN = "lower roman"
    UPPER_ROMAN = "upper roman"


@dataclass(frozen=True, slots=True)
class ListNumber:
    """A number, and the signs around it: `before` is "", "(" or "["; `after` is up to two of ".", ")", "]" and ":"."""

    kind: NumberKind
    value: int
    before: str
    after: str

    def follows(self, other: ListNumber | None) -> bool:
        """Return whether it is the next number after another one, in the same form."""
        return other is not None and self == ListNumber(other.kind, other.value + 1, other.before, other.after)


_NUMBER = re.compile(r"(?P<before>[(\[]?)(?P<number>[0-9]{1,9}|[a-z]{1,9}|[A-Z]{1,9})(?P<after>[.)\]:]{0,2})")
_ROMAN = re.compile(r"m{0,3}(?:cm|cd|d?c{0,3})(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,3})")
_ROMAN_VALUES = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100, "d": 500, "m": 1000}


def is_bullet(marker: str) -> bool:
    """Return whether a marker is a sign without letters or digits, or nothing."""
    return not any(map(str.isalnum, marker))


def readings(marker: str) -> list[ListNumber]:
    """Return what a marker may mean, the likelier first: "i." is a Roman number or a letter."""
    found = _NUMBER.fullmatch(marker)
    if found is None or not (found["before"] or found["after"]):
        return []
    number = found["number"]
    if number.isdigit():
        return [ListNumber(NumberKind.DECIMAL, int(number), found["before"], found["after"])]
    is_lower = number.islower()
    values: list[tuple[NumberKind, int]] = []
    if len(number) == 1:
        letter = NumberKind.LOWER_LETTER if is_lower else NumberKind.UPPER_LETTER
        values.append((letter, ord(number.lower()) - ord("a") + 1))
    if _ROMAN.fullmatch(number.lower()):
        roman = NumberKind.LOWER_ROMAN if is_lower else NumberKind.UPPER_ROMAN
        values.insert(0 if number.lower() == "i" else len(values), (roman, _roman_value(number.lower())))
    return [ListNumber(kind, value, found["before"], found["after"]) for kind, value in values]


def numbers_of(markers: Sequence[str]) -> list[ListNumber | None]:
    """Return the numbers of a list's items, None for markers that are none. Neighbours tell letters from Roman ones."""
    possible = [readings(marker) for marker in markers]
    chosen: list[ListNumber | None] = []
    for index, own in enumerate(possible):
        before = chosen[-1] if chosen else None
        after = possible[index + 1] if index + 1 < len(possible) else []
        fitting = [number for number in own if number.follows(before)]
        fitting = fitting or [number for number in own if any(other.follows(number) for other in after)]
        chosen.append(next(iter(fitting or own), None))
    return chosen


def _roman_value(number: str) -> int:
    values = [_ROMAN_VALUES[letter] for letter in number]
    return sum(
        -value if index + 1 < len(values) and value < values[index + 1] else value for index, value in enumerate(values)
    )
