"""What a page shows besides its words, as far as it tells what the words are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from ocrdesk.contract.box import Box
from ocrdesk.contract.structure import FormField


@dataclass(frozen=True, slots=True)
class Rule:
    """A ruling line, from left to right or from top to bottom. `box` is at least a pixel thick."""

    box: Box
    direction: Literal["horizontal", "vertical"]


@dataclass(frozen=True, slots=True)
class WordStyle:
    """How a word is set. `size` is its font size in pixels of the page image; `font` is the font's name, if known."""

    size: float
    bold: bool = False
    italic: bool = False
    monospace: bool = False
    font: str = ""


@dataclass(frozen=True, slots=True)
class TaggedArea:
    """An element of a tagged PDF: its type ("H1", "P", "LI", "TD", …) and the area of its words.

    `path` are the numbers of the element and its ancestors among their siblings, from the outermost, so that elements
    of one list or table can be told.
    """

    tag: str
    box: Box
    path: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class PageMarks:
    """The marks of a page, in pixels of the page image. Scans have no styles and no tags.

    `styles` are those of words, by the words' boxes. `unread` are regions with ink like text that have no word.
    """

    rules: tuple[Rule, ...] = ()
    pictures: tuple[Box, ...] = ()
    form_fields: tuple[FormField, ...] = ()
    unread: tuple[Box, ...] = ()
    styles: Mapping[Box, WordStyle] = field(default_factory=dict)
    tags: tuple[TaggedArea, ...] = ()


NO_MARKS = PageMarks()
