"""Tesseract first, then a second engine for uncertain parts.

This is the engine `auto`. It gives Tesseract the page at a suitable scale, and reads regions in different scripts
separately.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PIL import Image

from ocrdesk.contract.box import Box
from ocrdesk.contract.document import Block, with_word_boxes
from ocrdesk.layout.amount_rows import join_amounts
from ocrdesk.layout.row_order import order_rows
from ocrdesk_worker.engines.calibration import ALONE, CONFIRMED, calibrate
from ocrdesk_worker.engines.capital_i import fix_capital_i
from ocrdesk_worker.engines.effort import Effort
from ocrdesk_worker.engines.interface import EngineUnavailableError, SparseEngine
from ocrdesk_worker.engines.languages.dictionary import word_lookup
from ocrdesk_worker.engines.languages.tessdata import TessData
from ocrdesk_worker.engines.leader_words import insert_leaders
from ocrdesk_worker.engines.machine_readable import fix_machine_readable
from ocrdesk_worker.engines.punctuation import fix_punctuation
from ocrdesk_worker.engines.script_coverage import (
    common_alphabet,
    have_equal_words,
    have_joined_letters,
    need_full_size,
    reads_more,
)
from ocrdesk_worker.engines.script_regions import have_several_scripts, read_regions, shows_more_scripts
from ocrdesk_worker.engines.signs.restorer import restore_signs
from ocrdesk_worker.engines.tesseract import sparse_pass
from ocrdesk_worker.errors import ProcessingError
from ocrdesk_worker.preprocess.components import Components, find_components, pixels_of
from ocrdesk_worker.preprocess.dot_leaders import Leader, take_leaders
from ocrdesk_worker.preprocess.pixels import Pixels
from ocrdesk_worker.preprocess.ruling_lines import remove_ruling_lines

_RUPEE = "\N{INDIAN RUPEE SIGN}"
_MORE_SIGNS = frozenset("\N{SUPERSCRIPT TWO}\N{SUPERSCRIPT THREE}")
"""Most of Tesseract's languages lack them. Without them the second engine is not sure of m³, and drops the word."""

if TYPE_CHECKING:
    from ocrdesk_worker.engines.rapid.rereading import Rereader

_log = logging.getLogger(__name__)

_MAX_HEIGHT, _MIN_HEIGHT, _BEST_HEIGHT = 26.0, 12.0, 20.0
"""Heights of letters in pixels: outside the first two, a page is scaled so that its letters get the third."""
_MAX_FULL_HEIGHT = 60.0
"""The first of them for scripts with many strokes."""
_MAX_ENLARGEMENT = 3.0
_MOST_PIXELS, _LONGEST_ENLARGED = 100_000_000, 32_000
"""No page is made larger than this, in pixels and pixels of its longer side."""
_LONGEST_SIDE = 6000
"""In pixels: no page is made larger than this for the sparse pass."""


class AutoEngine:
    """Tesseract, and the rereader for uncertain parts; if its models are missing, a sparse pass of Tesseract.

    Each instance is for one page. `within_s` is the processor time that the page may need: it limits how much is read a
    second time.
    """

    def __init__(
        self, data: TessData, first: SparseEngine, get_rereader: Callable[[], Rereader], within_s: float = math.inf
    ) -> None:
        self.source = first.source
        self._data = data
        self._first = first
        self._get_rereader = get_rereader
        self._effort = Effort.within(within_s)

    def recognise(self, image: Image.Image, dpi: float, languages: tuple[str, ...]) -> tuple[Block, ...]:
        return self.recognise_checked(image, dpi, languages, lambda _blocks: None)

    def recognise_first(self, image: Image.Image, dpi: float, languages: tuple[str, ...]) -> tuple[Block, ...]:
        """Return what Tesseract alone reads, with its confidence."""
        return calibrate(self._read_first(_Sheet.of(pixels_of(image), dpi, image), languages), ALONE)

    def recognise_checked(
        self,
        image: Image.Image,
        dpi: float,
        languages: tuple[str, ...],
        check: Callable[[tuple[Block, ...]], None],
    ) -> tuple[Block, ...]:
        """Show `check` what Tesseract read, before the rereader or another pass runs. Its exception is passed on."""
        pixels, leaders = take_leaders(pixels_of(image))
        sheet = _Sheet.of(pixels, dpi, None if leaders else image)
        return self._read(sheet, leaders, languages, check)

    def _read_regions(
        self, sheet: _Sheet, leaders: Sequence[Leader], blocks: tuple[Block, ...], languages: tuple[str, ...]
    ) -> tuple[Block, ...] | None:
        """Return the page with each region read in its own languages; None if they are the same everywhere."""
        if self._effort.is_over():
            return None

        def recognise(pixels: Pixels, names: tuple[str, ...]) -> tuple[Block, ...]:
            return self._read_first(_Sheet.of(pixels, sheet.dpi), names)

        def read(pixels: Pixels, names: tuple[str, ...], known: tuple[Block, ...] | None) -> tuple[Block, ...]:
            return self._read(_Sheet.of(pixels, sheet.dpi), leaders, names, None, known)

        try:
            return read_regions(sheet.pixels, blocks, languages, recognise, read)
        except (ProcessingError, MemoryError) as error:
            _log.warning("regions were not read in their own languages (%s)", type(error).__name__)
            return None

    def _read_late_regions(
        self,
        sheet: _Sheet,
        leaders: Sequence[Leader],
        first: tuple[Block, ...],
        second: tuple[Block, ...],
        languages: tuple[str, ...],
    ) -> tuple[Block, ...] | None:
        """Do the same for regions in a script that only the second stage found."""
        found = shows_more_scripts(first, second, languages)
        return self._read_regions(sheet, leaders, second, languages) if found else None

    def _read(
        self,
        sheet: _Sheet,
        leaders: Sequence[Leader],
        languages: tuple[str, ...],
        check: Callable[[tuple[Block, ...]], None] | None,
        known: tuple[Block, ...] | None = None,
    ) -> tuple[Block, ...]:
        """Return the page read in both stages. `known` is what the first has read already.

        `check` sees that; None for a part of a page, whose languages are its own.
        """
        has_regions = check is not None and have_several_scripts(languages)
        try:
            rereader = self._get_rereader()
            alphabet = common_alphabet(self._data, languages, rereader.readable)
        except EngineUnavailableError:
            alphabet = None
        plain = sheet if alphabet is not None else sheet.without_ruling_lines()
        blocks = known or self._read_first(plain, languages)
        if check:
            check(calibrate(blocks, ALONE))
        if has_regions and (regions := self._read_regions(sheet, leaders, blocks, languages)):
            return regions
        if alphabet is None:
            alone = self._completed(blocks, sheet, plain, languages)
            if has_regions and (regions := self._read_late_regions(sheet, leaders, blocks, alone, languages)):
                return regions
            return calibrate(order_rows(insert_leaders(alone, leaders)), ALONE)
        if not have_equal_words(blocks, languages):
            checked = self._with_layout_checked(blocks, sheet, plain, languages)
            return calibrate(insert_leaders(checked, leaders), ALONE)
        is_word = word_lookup(self._data, languages)
        try:
            rereads = alphabet | _MORE_SIGNS
            better = rereader.improve(sheet.pixels, sheet.components, blocks, rereads, is_word, self._effort)
            if _RUPEE not in alphabet:
                better = rereader.restore_rupee_signs(sheet.pixels, better)
        except (ProcessingError, MemoryError) as error:
            _log.warning("rereading failed (%s): the result of Tesseract is used", type(error).__name__)
            return calibrate(insert_leaders(blocks, leaders), ALONE)
        if has_regions and (regions := self._read_late_regions(sheet, leaders, blocks, better, languages)):
            return regions
        ordered = self._with_signs(sheet.pixels, order_rows(join_amounts(insert_leaders(better, leaders))), rereader)
        return calibrate(fix_machine_readable(fix_capital_i(ordered, is_word)), CONFIRMED)

    def _read_first(self, sheet: _Sheet, languages: tuple[str, ...]) -> tuple[Block, ...]:
        return fix_punctuation(_recognise_scaled(self._first.recognise, sheet, sheet.scale(languages), languages))

    def _with_signs(self, pixels: Pixels, blocks: tuple[Block, ...], rereader: Rereader) -> tuple[Block, ...]:
        try:
            return blocks if self._effort.is_over() else restore_signs(pixels, blocks, rereader.read_parts)
        except (ProcessingError, MemoryError) as error:
            _log.warning("signs were not restored (%s)", type(error).__name__)
            return blocks

    def _completed(
        self, blocks: tuple[Block, ...], sheet: _Sheet, plain: _Sheet, languages: tuple[str, ...]
    ) -> tuple[Block, ...]:
        """Return the text with what a sparse pass adds, if the page needs it and there is processor time.

        `plain` is the page without ruling lines.
        """
        if not have_equal_words(blocks, languages):
            return self._with_layout_checked(blocks, sheet, plain, languages)
        joined_letters = have_joined_letters(languages)
        is_complete = not sparse_pass.needs_sparse_pass(
            sheet.pixels, sheet.components, blocks, joined_letters=joined_letters
        )
        if is_complete or self._effort.is_over():
            return blocks
        scale = sheet.scale(languages)
        if joined_letters:  # a skipped line is found on the whole page only
            scattered = _recognise_scaled(self._first.recognise_sparse, plain, scale, languages)
            if reads_more(scattered, blocks):
                return scattered
        unread = sparse_pass.mask_read_words(plain.pixels, blocks)
        larger = max(scale, min(scale * sparse_pass.ENLARGEMENT, _LONGEST_SIDE / max(unread.shape)))
        again = _recognise_scaled(self._first.recognise_sparse, plain.with_pixels(unread), larger, languages)
        return sparse_pass.merge_passes(blocks, again)

    def _with_layout_checked(
        self, blocks: tuple[Block, ...], sheet: _Sheet, plain: _Sheet, languages: tuple[str, ...]
    ) -> tuple[Block, ...]:
        """Return the text, or that of the page as one block if its layout was not found and there is processor time."""
        is_complete = not sparse_pass.needs_sparse_pass(sheet.pixels, sheet.components, blocks)
        if is_complete or self._effort.is_over():
            return blocks
        as_block = _recognise_scaled(self._first.recognise_block, plain, sheet.scale(languages), languages)
        return as_block if reads_more(as_block, blocks) else blocks


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A page image, its pixels and their components, and its resolution in pixels per inch (0: unknown)."""

    image: Image.Image
    pixels: Pixels
    components: Components
    dpi: float

    @classmethod
    def of(cls, pixels: Pixels, dpi: float, image: Image.Image | None = None) -> _Sheet:
        """`image`: the image with these pixels, if there is one."""
        return cls(image or Image.fromarray(pixels), pixels, find_components(pixels), dpi)

    def with_pixels(self, pixels: Pixels) -> _Sheet:
        """Return the page with some pixels changed, and the same components."""
        return self if pixels is self.pixels else replace(self, image=Image.fromarray(pixels), pixels=pixels)

    def without_ruling_lines(self) -> _Sheet:
        return self.with_pixels(remove_ruling_lines(self.pixels, self.components.letter_height))

    def scale(self, languages: tuple[str, ...]) -> float:
        """Return the scale at which Tesseract reads the image best."""
        highest = _MAX_FULL_HEIGHT if need_full_size(languages) else _MAX_HEIGHT
        return min(_scale(self.components.letter_height, highest), max(1.0, _largest_scale(self.image)))


def _recognise_scaled(
    recognise: Callable[[Image.Image, float, tuple[str, ...]], tuple[Block, ...]],
    sheet: _Sheet,
    scale: float,
    languages: tuple[str, ...],
) -> tuple[Block, ...]:
    """Recognise the image at another scale; the boxes are in pixels of the image itself."""
    image, dpi = sheet.image, sheet.dpi
    if scale == 1.0:
        return recognise(image, dpi, languages)
    size = max(1, round(image.width * scale)), max(1, round(image.height * scale))
    resample = Image.Resampling.BOX if scale < 0.5 else Image.Resampling.BICUBIC
    blocks = recognise(image.resize(size, resample), dpi * scale, languages)
    across, down = image.width / size[0], image.height / size[1]

    def scale_back(box: Box) -> Box:
        left, top, right, bottom = box.scaled(across, down)
        return Box.clipped((int(left), int(top), round(right), round(bottom)), *image.size)

    return with_word_boxes(blocks, scale_back)


def _largest_scale(image: Image.Image) -> float:
    """Return how far an image may be enlarged: Tesseract counts pixels in 15 bits, and memory is limited."""
    by_area = (_MOST_PIXELS / (image.width * image.height)) ** 0.5
    return float(min(by_area, _LONGEST_ENLARGED / max(image.size)))


def _scale(letter_height: float, highest: float) -> float:
    if letter_height > highest:
        return highest * _BEST_HEIGHT / _MAX_HEIGHT / letter_height
    return min(_MAX_ENLARGEMENT, _BEST_HEIGHT / letter_height) if 0 < letter_height < _MIN_HEIGHT else 1.0
