"""The steps of one page.

A page keeps its own text if that is good; else it is rendered, cleaned up and recognised. If the text is good but
images on the page may say more, only these are recognised. Finally headers and footers are marked and paragraphs fixed.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from ocrdesk.contract.box import Box
from ocrdesk.contract.document import Page, PageTiming, Source
from ocrdesk.contract.jobs import RecognitionMode
from ocrdesk.contract.structure import FormField
from ocrdesk.layout.headers.single_page import mark_headers_footers
from ocrdesk.layout.margin_text import set_margins_apart
from ocrdesk.layout.noise_words import drop_noise
from ocrdesk.layout.page_marks import NO_MARKS, PageMarks
from ocrdesk.layout.paragraphs import fix_paragraphs
from ocrdesk.layout.structure.builder import with_structure
from ocrdesk.layout.structure.checkbox_words import insert_checkboxes
from ocrdesk.layout.structure.form_columns import part_form_columns
from ocrdesk_worker import errors
from ocrdesk_worker.engines.interface import Engine
from ocrdesk_worker.engines.registry import PickLanguages
from ocrdesk_worker.errors import ProcessingError
from ocrdesk_worker.marks.finder import find_marks
from ocrdesk_worker.pipeline.barcodes import drop_barcode_noise, find_codes
from ocrdesk_worker.pipeline.legibility import is_illegible
from ocrdesk_worker.pipeline.mixed_page import insert_image_texts, read_images
from ocrdesk_worker.pipeline.orientation import recognise_upright
from ocrdesk_worker.pipeline.own_text_check import is_poor
from ocrdesk_worker.preprocess.clean_up import clean_up
from ocrdesk_worker.preprocess.components import pixels_of
from ocrdesk_worker.preprocess.grayscale import to_grey
from ocrdesk_worker.preprocess.quarter_turns import add_rotations, turn
from ocrdesk_worker.preprocess.straightening.level_page import LevelPage
from ocrdesk_worker.render.page_source import PageSource, TextLayer


def read_page(
    source: PageSource,
    number: int,
    get_engine: Callable[[], Engine],
    languages: tuple[str, ...] | PickLanguages,
    mode: RecognitionMode = RecognitionMode.AUTO,
) -> Page:
    """Read page `number` (from 1) of an open file. Raises ProcessingError.

    `get_engine` is called if an engine is needed. `languages` may be a function that picks them for a page image.
    """
    own = _own_text(source, number, mode)
    if own.page is None:
        return _recognised(source, number, get_engine(), languages, own.reason)
    if own.doubtful and _is_poor(own.page, own.doubtful, source, get_engine(), languages):
        reason = "recognised: the page's own text is not what the page shows"
        return _recognised(source, number, get_engine(), languages, reason)
    if own.unread_images:
        page, marks = _with_image_texts(own.page, own.unread_images, source, get_engine(), languages)
        return _structured(page, own.marks.joined(marks))
    return _structured(own.page, own.marks)


def read_own_text(source: PageSource, number: int, mode: RecognitionMode) -> tuple[Page | None, str | None]:
    """Return the page with its own text, which needs no engine, and the reason.

    The page is None if something has to be recognised. Raises ProcessingError, also for a page without good text that
    must not be recognised.
    """
    own = _own_text(source, number, mode)
    return (
        (None, own.reason)
        if own.unread_images or own.doubtful or own.page is None
        else (_structured(own.page, own.marks), own.reason)
    )


def _structured(page: Page, marks: PageMarks = NO_MARKS) -> Page:
    """Return the page with margins apart, headers and footers marked, one block per paragraph, and roles of blocks."""
    blocks = fix_paragraphs(mark_headers_footers(part_form_columns(set_margins_apart(page.blocks)), page.height))
    return with_structure(page.model_copy(update={"blocks": blocks}), marks)


@dataclass(frozen=True, slots=True)
class _OwnText:
    """A page with its own text, and the images to recognise; no page if all of it has to be recognised."""

    page: Page | None
    reason: str | None = None
    unread_images: tuple[Box, ...] = ()
    doubtful: tuple[Box, ...] = ()
    """Words of the page to compare with what it shows."""
    marks: PageMarks = NO_MARKS


def _own_text(source: PageSource, number: int, mode: RecognitionMode) -> _OwnText:
    if mode is RecognitionMode.FORCE:
        return _OwnText(None)
    started = time.perf_counter()
    layer = source.text_layer(number - 1)
    text_layer_s = time.perf_counter() - started
    if mode is RecognitionMode.AUTO:
        if layer is None or layer.problem is not None:
            return _OwnText(None, f"recognised: {layer.problem}" if layer else None)
        reason = "the page has pictures that may say more" if layer.unread_images else None
        if layer.doubtful:
            reason = "the page's own text may not be what the page shows"
        page = _kept(layer, number, text_layer_s)
        return _OwnText(page, reason, layer.unread_images, layer.doubtful, layer.marks)
    if layer is None:
        raise errors.no_text_layer(None)
    if layer.incomplete_because is None and (layer.is_blank or layer.problem is None):
        return _OwnText(_kept(layer, number, text_layer_s), marks=layer.marks)
    raise errors.no_text_layer(layer.problem or layer.incomplete_because)


def _kept(layer: TextLayer, number: int, text_layer_s: float) -> Page:
    words = sum(len(line.words) for block in layer.blocks for line in block.lines)
    return Page(
        number=number,
        width=layer.width,
        height=layer.height,
        dpi=round(layer.dpi, 2),
        rotation=layer.rotation,
        source=Source.TEXT_LAYER,
        source_reason="not recognised: nothing is drawn on the page"
        if layer.is_blank
        else f"text layer kept: {words} word{'s' * (words != 1)}",
        blocks=insert_checkboxes(layer.blocks, _tickable(layer), Source.TEXT_LAYER),
        timing=PageTiming(text_layer_s=round(text_layer_s, 4)),
    )


def _tickable(layer: TextLayer) -> list[FormField]:
    return [field for field in layer.marks.form_fields if field.ticked is not None]


def _is_poor(
    page: Page,
    doubtful: tuple[Box, ...],
    source: PageSource,
    engine: Engine,
    languages: tuple[str, ...] | PickLanguages,
) -> bool:
    """Return whether the page's own text differs from its image; not if it cannot be rendered."""
    try:
        rendered = source.render(page.number - 1)
    except ProcessingError:
        return False
    image, _ = clean_up(to_grey(rendered.image))
    if image.size != (page.width, page.height):
        image = image.resize((page.width, page.height))
    return is_poor(image, rendered.dpi, page.blocks, doubtful, engine, languages)


def _with_image_texts(
    page: Page, areas: tuple[Box, ...], source: PageSource, engine: Engine, languages: tuple[str, ...] | PickLanguages
) -> tuple[Page, PageMarks]:
    """Return the page with the text of its images inserted, and their marks.

    It has its own text alone if it cannot be rendered.
    """
    started = time.perf_counter()
    try:
        rendered = source.render(page.number - 1)
    except ProcessingError:
        reason = f"{page.source_reason}; its pictures cannot be drawn"
        return page.model_copy(update={"source_reason": reason}), NO_MARKS
    rendered_at = time.perf_counter()
    image = to_grey(rendered.image)
    if image.size != (page.width, page.height):  # rendered by another program than the one that positioned the text
        image = image.resize((page.width, page.height))
    prepared_at = time.perf_counter()
    found = read_images(image, rendered.dpi, areas, page.blocks, engine, languages)
    read_at = time.perf_counter()
    with_texts = page.model_copy(
        update={
            "source": engine.source if found.texts else page.source,
            "source_reason": f"{page.source_reason}; {found.reason}",
            "languages": found.languages,
            "blocks": insert_image_texts(page.blocks, found.texts),
            "codes": found.codes,
            "timing": PageTiming(
                text_layer_s=page.timing.text_layer_s,
                render_s=round(rendered_at - started, 4),
                prepare_s=round(prepared_at - rendered_at, 4),
                codes_s=round(found.codes_s, 4),
                recognise_s=round(read_at - prepared_at - found.codes_s, 4),
            ),
        }
    )
    return with_texts, found.marks


def _recognised(
    source: PageSource, number: int, engine: Engine, languages: tuple[str, ...] | PickLanguages, reason: str | None
) -> Page:
    """Return the page with its structure, which is found on the straightened image if its lines are skewed or bent."""
    page, marks, level = _read(source, number, engine, languages, reason)
    page = _structured(page, marks)
    return level.on_original(page) if level else page


def _read(
    source: PageSource, number: int, engine: Engine, languages: tuple[str, ...] | PickLanguages, reason: str | None
) -> tuple[Page, PageMarks, LevelPage | None]:
    """Return the recognised page and its marks, all but its codes in pixels of the straightened image if there is one.

    Raises ProcessingError.
    """
    started = time.perf_counter()
    rendered = source.render(number - 1)
    rendered_at = time.perf_counter()
    image, thumbnail = clean_up(to_grey(rendered.image))
    prepared_at = time.perf_counter()
    pick_languages = languages if callable(languages) else lambda _image, _dpi: languages
    reading = recognise_upright(image, thumbnail, rendered.dpi, engine, pick_languages)
    read_at = time.perf_counter()
    if rendered.is_reduced and is_illegible(image, thumbnail, reading.confidence):
        raise errors.text_too_small(*rendered.image.size)
    upright = turn(image, reading.rotation)
    codes = find_codes(upright)
    codes_found_at = time.perf_counter()
    level = reading.level
    shown, read, hidden = upright, reading.blocks, codes
    if level:
        shown, read = level.straight.image, level.blocks
        hidden = tuple(code.model_copy(update={"box": level.level_box(code.box)}) for code in codes)
    blocks = drop_barcode_noise(read, hidden)
    marks = find_marks(pixels_of(shown), blocks, hidden)
    blocks = insert_checkboxes(drop_noise(blocks, marks), marks.form_fields, engine.source)
    marks_found_at = time.perf_counter()
    page = Page(
        number=number,
        width=shown.width,
        height=shown.height,
        dpi=round(rendered.dpi, 2),
        rotation=add_rotations(rendered.rotation, reading.rotation),
        source=engine.source,
        source_reason=reason,
        languages=reading.languages,
        blocks=blocks,
        codes=codes,
        timing=PageTiming(
            render_s=round(rendered_at - started, 4),
            prepare_s=round(prepared_at - rendered_at + marks_found_at - codes_found_at, 4),
            recognise_s=round(read_at - prepared_at, 4),
            codes_s=round(codes_found_at - read_at, 4),
        ),
    )
    return page, marks, level
