"""Finds words that lack a letter at an end: ink as high as the word, nearer to it than a space, is in no word.

Where many lines begin at one edge, as in columns of times or names, Tesseract takes the first letters for a line.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from ocrdesk.contract.box import Box
from ocrdesk_worker.engines.rapid.found_words import FoundWord
from ocrdesk_worker.preprocess.components import Components
from ocrdesk_worker.preprocess.pixels import np

_NEAR = 0.3
"""In heights of the word: the widest gap between letters of a word."""
_OUTSIDE = 0.25, 1.2
"""In heights of the word: how far ink that belongs to it reaches beyond its box at least, and at most."""
_HEIGHTS = 0.6, 1.5
"""In heights of the word: how high a letter is; it may also be as high as the line."""
_LEVEL = 0.7
"""The share of the letter's height that it has in common with the line."""
_COVERED = 0.3
"""A letter that shares more of its width with another word is in that one."""
_MOST = 2_000
"""With more ink outside all words, a page is grainy or a picture."""
_CELL = 64


def mark_cut_words(found: Sequence[FoundWord], components: Components) -> None:
    """Mark the words that lack a letter as such and as doubtful, and let their `line_box` reach over it."""
    rows: dict[int, list[FoundWord]] = defaultdict(list)
    for one in found:
        rows[int(one.word.box.center_y) // _CELL].append(one)
    loose = _loose(components, [one.word.box for one in found])
    if len(loose) > _MOST:
        return
    loose.sort(key=lambda box: box.left)
    # Letters right of a word from the left, and those left of one from the right.
    for letter in (*loose, *reversed(loose)):
        cell = int(letter.center_y) // _CELL
        near = [one for number in (cell - 1, cell, cell + 1) for one in rows.get(number, ())]
        beside = [one for one in near if _is_part(letter, one)]
        if len(beside) != 1:  # a letter near two words is in one whose box is not where its ink is
            continue
        (word,) = beside
        if not any(_covers(one.word.box, letter) for one in near if one is not word):
            line = word.line_box
            word.line_box = Box(min(line.left, letter.left), line.top, max(line.right, letter.right), line.bottom)
            word.is_doubtful = word.is_cut = True


def _loose(components: Components, words: Sequence[Box]) -> list[Box]:
    """Return the components that are not inside one word."""
    boxes = components.boxes
    if not len(boxes) or not words:
        return []
    across, down = (boxes[:, 0] + boxes[:, 2] // 2) // 2, (boxes[:, 1] + boxes[:, 3] // 2) // 2
    height = max(int(down.max()), *(box.bottom // 2 for box in words)) + 2
    width = max(int(across.max()), *(box.right // 2 for box in words)) + 2
    owners = np.full((height, width), -1, np.int32)
    for number, box in enumerate(words):
        owners[box.top // 2 : box.bottom // 2 + 1, box.left // 2 : (box.right + 1) // 2] = number
    owner = owners[down, across]
    edges = np.array(words, np.int64)[owner]
    beyond = np.maximum(edges[:, 0] - boxes[:, 0], boxes[:, 0] + boxes[:, 2] - edges[:, 2])
    loose = boxes[(owner < 0) | (beyond >= _OUTSIDE[0] * (edges[:, 3] - edges[:, 1]))]
    return [Box(left, top, left + width, top + height) for left, top, width, height in loose.tolist()]


def _is_part(letter: Box, one: FoundWord) -> bool:
    """Return whether ink is as high as a word or its line, level with that, near, and a letter's width beyond it."""
    word, line = one.word.box, one.line_box
    if line.gap(letter) > _NEAR * word.height:  # most of them
        return False
    low, high = (share * word.height for share in _HEIGHTS)
    least, most = (share * word.height for share in _OUTSIDE)
    beyond = max(line.left - letter.left, letter.right - line.right)
    return (
        low <= letter.height <= max(high, line.height)
        and line.shared_height(letter) >= _LEVEL * letter.height
        and least <= beyond <= most
    )


def _covers(word: Box, letter: Box) -> bool:
    return word.crosses_rows(letter) and word.shared_width(letter) > _COVERED * letter.width
