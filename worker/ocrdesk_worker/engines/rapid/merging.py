"""Merges what the second engine read in a region with Tesseract's words there.

Words of both that share columns of a line are the same ink: one of the two readings is used, never both.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from statistics import fmean

from ocrdesk.contract.box import Box
from ocrdesk.contract.document import Word
from ocrdesk.layout.row_builder import Rows
from ocrdesk_worker.engines.calibration import DOUBTFUL, NOISE
from ocrdesk_worker.engines.rapid.found_words import FoundWord
from ocrdesk_worker.engines.rapid.regions import HALF_SURE, Region

_SHARED = 0.3
"""Words are the same ink if they share more than this part of the narrower one's width."""
_LONGER, _SURE = 1.3, 0.9
"""How much wider, and how sure, the second engine's word has to be to replace a word that Tesseract is sure of."""
_GAP = 0.2
"""In heights of a word: a gap that Tesseract saw beside a sure word and that is so wide divides words."""
_NO_POINTS = str.maketrans("", "", ".,")
_OCCUPIED = 0.4
"""A word is read already if other words of the page cover more than this part of it."""
_TALLER = 3.0
"""In heights of a word: a taller box is around several lines, and says nothing about the words in it."""


@dataclass(slots=True)
class _SameInk:
    """The words of both engines for one stretch of a line."""

    old: list[FoundWord] = field(default_factory=list)
    new: list[Word] = field(default_factory=list)


class Merger:
    """Puts the words that were read in regions into the rows of a page, where they are the better reading."""

    def __init__(self, rows: Rows, regions: Iterable[Region], *, poor: bool) -> None:
        """`poor`: nothing of the page's rows is trusted; what is read makes rows of its own."""
        self._rows, self._poor = rows, poor
        waiting = {id(one.word) for region in regions for one in region.inside if one not in region.kept}
        self._occupied = [word.box for row in rows.all() for word in row.words if id(word) not in waiting]

    def merge(self, region: Region, words: Sequence[Word]) -> None:
        if not words or fmean(word.confidence for word in words) < HALF_SURE:
            self._drop_noise(region, fmean(word.confidence for word in words) if words else 0.0)
            return
        hosts = [one.row for one in region.inside]
        host = None if self._poor or not hosts else max(hosts, key=hosts.count)
        boxes = [word.box for word in words]
        span = Box.around(boxes)
        top, bottom = span.top, span.bottom
        on_rows = [box for box in self._occupied if box[1] < bottom and top < box[3]]  # few of the page's words
        near = [box for box in on_rows if any(map(box.crosses_rows, boxes))]
        added: list[Word] = []
        is_complete = bool(region.inside) and all(_is_only_cut(one) for one in region.inside)
        for group in _group(region.inside, words):
            if is_complete and not group.old:  # part of a neighbour whose box is not where its ink is
                continue
            old, new = _decide(group, region.kept, poor=self._poor)
            gone = [one.word.box for one in old]
            others = [box for box in near if box not in gone]
            new = [word for word in new if not self._is_occupied(word.box, others)]
            place = old[0].row if old and not self._poor else host
            for one in old:
                if one.row is not place:
                    one.row.replace([one.word], ())
            if place is not None:
                place.replace([one.word for one in old if one.row is place], new)
                self._occupied += [word.box for word in new]
            else:
                added += new
        if added:
            self._rows.add(added)
            self._occupied += [word.box for word in added]

    def _drop_noise(self, region: Region, confidence: float) -> None:
        """Remove what is hardly a word, and what other words cover, where the second engine read nothing better."""
        was_surer = bool(region.inside) and fmean(one.word.confidence for one in region.inside) >= confidence
        for one in region.inside:
            if one in region.kept:
                continue
            is_noise = one.word.confidence < NOISE or (region.is_line and not was_surer)
            if is_noise or self._is_occupied(one.word.box, self._occupied):
                one.row.replace([one.word], ())

    def _is_occupied(self, box: Box, others: Iterable[Box]) -> bool:
        shared = ((box.shared_area(other), other) for other in others)
        return sum(area for area, other in shared if area and _may_cover(other, box)) > _OCCUPIED * box.area


def _is_only_cut(one: FoundWord) -> bool:
    """Return whether a word is read again only for the letter that it lacks."""
    return one.is_cut and one.word.confidence >= DOUBTFUL


def _may_cover(other: Box, box: Box) -> bool:
    """Return whether a word's box is on the same row; boxes of neighbouring rows may overlap a little."""
    on_row = 2 * other.shared_height(box) > min(other.height, box.height)
    return on_row and other.height <= _TALLER * box.height


def _group(old: Iterable[FoundWord], new: Iterable[Word]) -> list[_SameInk]:
    """Return groups of words that share columns, from left to right."""
    entries: list[tuple[Box, FoundWord | Word]] = [(one.word.box, one) for one in old]
    entries += [(word.box, word) for word in new]
    groups: list[tuple[Box, _SameInk]] = []
    for box, entry in sorted(entries, key=lambda it: it[0].left):
        group = _SameInk()
        while groups and _is_same_ink(groups[-1][0], box):
            before, same = groups.pop()
            box, group = Box.around([before, box]), _SameInk(same.old + group.old, same.new + group.new)
        if isinstance(entry, Word):
            group.new.append(entry)
        else:
            group.old.append(entry)
        groups.append((box, group))
    return [group for _, group in groups]


def _is_same_ink(one: Box, other: Box) -> bool:
    return one.shared_width(other) > _SHARED * min(one.width, other.width)


def _decide(group: _SameInk, kept: Sequence[FoundWord], *, poor: bool) -> tuple[list[FoundWord], list[Word]]:
    """Return the words of Tesseract's to remove, and those to put in their place."""
    sure = [one for one in group.old if one in kept]
    if sure and not _extends(sure, group.new):
        return [], []
    if sure and (rest := _beside(sure, group)):
        return [one for one in group.old if one not in sure], [rest]
    if len(group.old) == len(group.new) == 1 and group.old[0].word.text == group.new[0].text:
        agreed = _agreed_confidence(group.old[0].word, group.new[0])
        return group.old, [group.new[0].model_copy(update={"box": group.old[0].word.box, "confidence": agreed})]
    if not poor and any(one.is_cut for one in group.old):
        if _completes(group):
            return group.old, group.new
        if min(one.word.confidence for one in group.old) >= DOUBTFUL:
            return [], []
    if group.old and group.new and not sure and not poor and _is_first_better(group):
        return [], []
    return group.old, group.new


def _completes(group: _SameInk) -> bool:
    """Return whether the second engine surely read all that Tesseract did in a word that lacks a letter, and more."""
    had, has = "".join(one.word.text for one in group.old), "".join(word.text for word in group.new)
    return len(has) > len(had) and had in has and min(word.confidence for word in group.new) >= _SURE


def _is_first_better(group: _SameInk) -> bool:
    """Return whether Tesseract's reading is the surer one, or has points of a figure or code that the other lost."""
    had, has = "".join(one.word.text for one in group.old), "".join(word.text for word in group.new)
    if len(has) < len(had) and any(map(str.isdecimal, had)) and has == had.translate(_NO_POINTS):
        return True
    return fmean(word.confidence for word in group.new) < fmean(one.word.confidence for one in group.old)


def _extends(old: Sequence[FoundWord], new: Sequence[Word]) -> bool:
    """Return whether the second engine surely read all that Tesseract did there, and more of the same word."""
    if not new:
        return False
    had, has = "".join(one.word.text for one in old), "".join(word.text for word in new)
    before = Box.around([one.word.box for one in old]).width
    after = Box.around([word.box for word in new]).width
    is_sure = min(word.confidence for word in new) >= _SURE
    return is_sure and len(has) > len(had) and had in has and after > _LONGER * before


def _beside(sure: Sequence[FoundWord], group: _SameInk) -> Word | None:
    """Return what the second engine read beside Tesseract's sure words, if Tesseract saw a word of its own there."""
    doubtful = [one.word.box for one in group.old if one not in sure]
    if len(group.new) != 1 or not doubtful or any(map(str.isdecimal, group.new[0].text)):
        return None
    [new], place = group.new, Box.around([one.word.box for one in sure])
    had = "".join(one.word.text for one in sure)
    gap = _GAP * place.height
    if new.text.endswith(had) and max(box.right for box in doubtful) + gap <= place.left and new.box.left < place.left:
        text, box = new.text.removesuffix(had), Box(new.box.left, new.box.top, place.left, new.box.bottom)
    elif (
        new.text.startswith(had)
        and place.right + gap <= min(box.left for box in doubtful)
        and place.right < new.box.right
    ):
        text, box = new.text.removeprefix(had), Box(place.right, new.box.top, new.box.right, new.box.bottom)
    else:
        return None
    return new.model_copy(update={"text": text, "box": box})


def _agreed_confidence(one: Word, other: Word) -> float:
    """Return the confidence of a word that two engines read alike: more than either's."""
    return min(0.99, 1 - (1 - max(one.confidence, 0.5)) * (1 - other.confidence))
