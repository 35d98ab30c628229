"""The numbering of lists in Word documents: definitions for each kind of numbers, and a list for each list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from ocrdesk.contract.structure import MAX_LEVEL
from ocrdesk.export.parts.list_numbers import ListNumber, NumberKind
from ocrdesk.export.parts.page_parts import ListItem

if TYPE_CHECKING:
    from docx.document import Document
    from docx.oxml.xmlchemy import BaseOxmlElement

_FORMATS = {
    NumberKind.DECIMAL: "decimal",
    NumberKind.LOWER_LETTER: "lowerLetter",
    NumberKind.UPPER_LETTER: "upperLetter",
    NumberKind.LOWER_ROMAN: "lowerRoman",
    NumberKind.UPPER_ROMAN: "upperRoman",
}
_BULLETS = "•◦▪"
_INDENT, _HANGING = 425, 425
"""Of a level, and of what is before its text, in twentieths of a point: 0.75 cm."""

_Form = tuple[NumberKind, str, str]


class Numbering:
    """Gives list items the lists of a document."""

    def __init__(self, document: Document) -> None:
        self._root = document.part.numbering_part.element
        self._next_form = 1 + max(self._ids("w:abstractNum", "w:abstractNumId"), default=0)
        self._next_list = 1 + max(self._ids("w:num", "w:numId"), default=0)
        self._forms: dict[_Form | None, int] = {}
        self._bullets: int | None = None
        self._open: list[tuple[int, ListNumber | None]] = []
        """The list and the last number at each depth."""

    def list_of(self, item: ListItem) -> int:
        """Return the id of the list that an item belongs to. A number that does not follow begins another list."""
        del self._open[item.depth + 1 :]
        number = item.number
        last = self._open[item.depth] if len(self._open) > item.depth and not item.starts_list else None
        if last is not None and (number is None or number.follows(last[1])):
            found = last[0]
        elif number is None:
            found = self._bullets = self._bullets or self._new_list(None, item.depth)
        else:
            found = self._new_list(number, item.depth)
        self._open[item.depth :] = [(found, number)]
        return found

    def _ids(self, element: str, attribute: str) -> list[int]:
        return [int(found.get(qn(attribute))) for found in self._root.iter(qn(element))]

    def _new_list(self, number: ListNumber | None, depth: int) -> int:
        form = (number.kind, number.before, number.after) if number else None
        if form not in self._forms:
            self._forms[form] = self._next_form
            self._add_form(form, self._next_form)
            self._next_form += 1
        made = child(self._root, "w:num", "w:numId", self._next_list)
        child(made, "w:abstractNumId", "w:val", self._forms[form])
        if number:
            start = child(made, "w:lvlOverride", "w:ilvl", depth)
            child(start, "w:startOverride", "w:val", number.value)
        self._next_list += 1
        return self._next_list - 1

    def _add_form(self, form: _Form | None, number: int) -> None:
        element = OxmlElement("w:abstractNum")
        element.set(qn("w:abstractNumId"), str(number))
        first = self._root.find(qn("w:num"))
        if first is None:
            self._root.append(element)
        else:
            first.addprevious(element)  # definitions are before lists
        child(element, "w:multiLevelType", "w:val", "hybridMultilevel")
        for level in range(MAX_LEVEL):
            own = child(element, "w:lvl", "w:ilvl", level)
            child(own, "w:start", "w:val", 1)
            child(own, "w:numFmt", "w:val", _FORMATS[form[0]] if form else "bullet")
            text = f"{form[1]}%{level + 1}{form[2]}" if form else _BULLETS[level % len(_BULLETS)]
            child(own, "w:lvlText", "w:val", text)
            child(own, "w:lvlJc", "w:val", "left")
            indent = child(child(own, "w:pPr"), "w:ind")
            indent.set(qn("w:left"), str(_INDENT * (level + 1)))
            indent.set(qn("w:hanging"), str(_HANGING))


def set_list(properties: BaseOxmlElement, list_id: int, depth: int) -> None:
    """Make a paragraph with these properties an item of a list."""
    numbering = child(properties, "w:numPr")
    child(numbering, "w:ilvl", "w:val", depth)
    child(numbering, "w:numId", "w:val", list_id)


def set_indent(properties: BaseOxmlElement, depth: int) -> None:
    """Indent a paragraph like an item of a list."""
    indent = child(properties, "w:ind")
    indent.set(qn("w:left"), str(_INDENT * (depth + 1)))
    indent.set(qn("w:hanging"), str(_HANGING))


def child(parent: BaseOxmlElement, name: str, attribute: str = "", value: object = "") -> BaseOxmlElement:
    """Append an element, with an attribute if one is named, and return it."""
    element = OxmlElement(name)
    if attribute:
        element.set(qn(attribute), str(value))
    parent.append(element)
    return element
