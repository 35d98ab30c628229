"""A language's word list.

Its trained data contains it as a graph.
"""

from __future__ import annotations

import struct
import sys
from array import array
from collections.abc import Callable
from functools import cache, lru_cache
from pathlib import Path

from ocrdesk_worker.engines.languages.tessdata import TessData
from ocrdesk_worker.engines.languages.traineddata import Part, part_of
from ocrdesk_worker.engines.languages.unicharset import outputs_of

_HEAD = struct.Struct("<hii")
"""A magic number, the number of characters, and the number of edges that follow."""
_MAGIC = 42
_IS_LAST, _IS_BACKWARDS, _ENDS_WORD = 1, 2, 4
_FLAGS = 3
_MOST_KEPT = 4000
"""Nodes whose edges are kept: the first visited ones, which begin most words. They need about 2 MB."""
_NOWHERE = 0
"""The end of a word that no other word continues: no edge leads back to the first node."""


class Dictionary:
    """A graph from letter to letter. A node is a run of edges; an edge is a letter, flags, and the node it leads to."""

    def __init__(self, names: list[str], edges: array[int]) -> None:
        self._numbers = {name: number for number, name in enumerate(names)}
        self._edges = edges
        self._letter_bits = len(names).bit_length()
        self._nodes: dict[int, dict[int, int]] = {}
        """The edges of nodes that were visited, by their letter."""

    def knows(self, word: str) -> bool:
        """Return whether the list has the word as written, in lower case or, for a word in capitals, capitalised."""
        return self._has(word) or self._has(word.lower()) or (word.isupper() and self._has(word.capitalize()))

    def _has(self, word: str) -> bool:
        node, ends = 0, False
        for index, character in enumerate(word):
            edge = self._edge(node, character) if index == 0 or node != _NOWHERE else None
            if edge is None:
                return False
            ends = bool(edge >> self._letter_bits & _ENDS_WORD)
            node = edge >> (self._letter_bits + _FLAGS)
        return ends

    def _edge(self, node: int, character: str) -> int | None:
        number = self._numbers.get(character)
        if number is None:
            return None
        edges = self._nodes.get(node)
        if edges is None:
            edges = self._edges_of(node)
            if len(self._nodes) < _MOST_KEPT:
                self._nodes[node] = edges
        return edges.get(number)

    def _edges_of(self, node: int) -> dict[int, int]:
        """Return the edges that lead forward, by their letter; the first of each."""
        letter = (1 << self._letter_bits) - 1
        found: dict[int, int] = {}
        for index in range(node, len(self._edges)):
            edge = self._edges[index]
            flags = edge >> self._letter_bits
            if not flags & _IS_BACKWARDS:
                found.setdefault(edge & letter, edge)
            if flags & _IS_LAST:
                break
        return found


def word_lookup(data: TessData, languages: tuple[str, ...]) -> Callable[[str], bool]:
    """Return a function that says whether a dictionary of one of the languages has a word.

    It remembers its answers, as words recur on a page: get one for each page.
    """
    files, versions = data.files(), data.versions(languages)
    found = [_dictionary(files[name], versions) for name in languages if name in files]
    dictionaries = [dictionary for dictionary in found if dictionary is not None]
    return cache(lambda word: any(dictionary.knows(word) for dictionary in dictionaries))


@lru_cache(maxsize=16)
def _dictionary(file: Path, version: object) -> Dictionary | None:  # noqa: ARG001  # a changed file is read again
    """Return the dictionary of a .traineddata file; None if it has none. Raises OSError."""
    data = part_of(file, Part.WORDS)
    if len(data) < _HEAD.size:
        return None
    magic, characters, count = _HEAD.unpack_from(data)
    names = outputs_of(file)
    edges = array("Q", data[_HEAD.size : _HEAD.size + 8 * count]) if len(data) >= _HEAD.size + 8 * count else array("Q")
    if sys.byteorder == "big":
        edges.byteswap()
    return Dictionary(names, edges) if magic == _MAGIC and characters == len(names) and edges else None
