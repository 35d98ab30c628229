"""The pipeline of one page: its own text where that is good, else render, prepare, recognise. Knows no queue.

A page whose own text is good for all but its pictures keeps it, and has the pictures recognised. Its furniture is
marked and its paragraphs are mended last, whatever read it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from ocrdesk.contract.document import Box, Page, PageTiming, Source
from ocrdesk.contract.jobs import RecognitionMode
from ocrdesk.layout.headers_footers import mark_headers_footers
from ocrdesk.layout.paragraphs import fix_paragraphs
from ocrdesk_worker import errors
from ocrdesk_worker.engines.interface import Engine
from ocrdesk_worker.engines.registry import PickLanguages
from ocrdesk_worker.errors import ProcessingError
from ocrdesk_worker.pipeline.barcodes import drop_barcode_noise, find_codes
from ocrdesk_worker.pipeline.mixed_page import insert_image_texts, read_images
from ocrdesk_worker.pipeline.orientation import recognise_upright
from ocrdesk_worker.preprocess.clean_up import clean_up
from ocrdesk_worker.preprocess.grayscale import to_grey
from ocrdesk_worker.preprocess.quarter_turns import turned, turned_further
from ocrdesk_worker.render.page_source import PageSource, TextLayer


def read_page(
    source: PageSource,
    number: int,
    engine: Callable[[], Engine],
    languages: tuple[str, ...] | PickLanguages,
    mode: RecognitionMode = RecognitionMode.AUTO,
) -> Page:
    """Reads page `number` (from 1) of an open file. `engine` is asked for when one is needed. Raises Fault.

    `languages` may be a function that says them of the page's image.
    """
    own = _own_text(source, number, mode)
    if own.page is None:
        return _structured(_recognised(source, number, engine(), languages, own.reason))
    if own.pictures:
        return _structured(_with_pictures(own.page, own.pictures, source, engine(), languages))
    return _structured(own.page)


def read_own_text(source: PageSource, number: int, mode: RecognitionMode) -> tuple[Page | None, str | None]:
    """The page from its own text, which needs no engine; None when something is to be recognised. And why.

    Raises Fault, also for a page without good text that may not be recognised.
    """
    own = _own_text(source, number, mode)
    return (None, own.reason) if own.pictures or own.page is None else (_structured(own.page), own.reason)


def _structured(page: Page) -> Page:
    """The page with its headers and footers marked, and a paragraph a block."""
    return page.model_copy(update={"blocks": fix_paragraphs(mark_headers_footers(page.blocks, page.height))})


@dataclass(frozen=True, slots=True)
class _OwnText:
    """A page from its own text, None when it is to be recognised, and its pictures that are to be recognised."""

    page: Page | None
    reason: str | None = None
    pictures: tuple[Box, ...] = ()


def _own_text(source: PageSource, number: int, mode: RecognitionMode) -> _OwnText:
    if mode is RecognitionMode.FORCE:
        return _OwnText(None)
    begun = time.perf_counter()
    layer = source.text_layer(number - 1)
    if layer is not None and (layer.fault is None or (layer.is_blank and mode is RecognitionMode.TEXT_LAYER_ONLY)):
        if mode is RecognitionMode.AUTO:
            page = _kept(layer, number, time.perf_counter() - begun)
            return _OwnText(page, "the page has pictures that may say more" if layer.pictures else None, layer.pictures)
        if layer.left_out is None:
            return _OwnText(_kept(layer, number, time.perf_counter() - begun))
    if mode is RecognitionMode.AUTO:
        return _OwnText(None, f"recognised: {layer.fault}" if layer else None)
    raise errors.no_text_layer((layer.fault or layer.left_out) if layer else None)


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
        blocks=layer.blocks,
        timing=PageTiming(text_layer_s=round(text_layer_s, 4)),
    )


def _with_pictures(
    page: Page, pictures: tuple[Box, ...], source: PageSource, engine: Engine, wanted: tuple[str, ...] | PickLanguages
) -> Page:
    """The page with what its pictures say among its own text; its own text alone, where it cannot be drawn."""
    begun = time.perf_counter()
    try:
        rendered = source.render(page.number - 1)
    except ProcessingError:
        return page.model_copy(update={"source_reason": f"{page.source_reason}; its pictures cannot be drawn"})
    drawn = time.perf_counter()
    image = to_grey(rendered.image)
    if image.size != (page.width, page.height):  # drawn by another program than the one that placed the text
        image = image.resize((page.width, page.height))
    prepared = time.perf_counter()
    found = read_images(image, rendered.dpi, pictures, page.blocks, engine, wanted)
    read = time.perf_counter()
    return page.model_copy(
        update={
            "source": engine.source if found.texts else page.source,
            "source_reason": f"{page.source_reason}; {found.reason}",
            "languages": found.languages,
            "blocks": insert_image_texts(page.blocks, found.texts),
            "codes": found.codes,
            "timing": PageTiming(
                text_layer_s=page.timing.text_layer_s,
                render_s=round(drawn - begun, 4),
                prepare_s=round(prepared - drawn, 4),
                codes_s=round(found.codes_s, 4),
                recognise_s=round(read - prepared - found.codes_s, 4),
            ),
        }
    )


def _recognised(
    source: PageSource, number: int, engine: Engine, wanted: tuple[str, ...] | PickLanguages, reason: str | None
) -> Page:
    begun = time.perf_counter()
    rendered = source.render(number - 1)
    drawn = time.perf_counter()
    image, glance = clean_up(to_grey(rendered.image))
    prepared = time.perf_counter()
    pick = wanted if callable(wanted) else lambda _image, _dpi: wanted
    reading = recognise_upright(image, glance, rendered.dpi, engine, pick)
    read = time.perf_counter()
    upright = turned(image, reading.turn)
    codes = find_codes(upright)
    coded = time.perf_counter()
    return Page(
        number=number,
        width=upright.width,
        height=upright.height,
        dpi=round(rendered.dpi, 2),
        rotation=turned_further(rendered.rotation, reading.turn),
        source=engine.source,
        source_reason=reason,
        languages=reading.languages,
        blocks=drop_barcode_noise(reading.blocks, codes),
        codes=codes,
        timing=PageTiming(
            render_s=round(drawn - begun, 4),
            prepare_s=round(prepared - drawn, 4),
            recognise_s=round(read - prepared, 4),
            codes_s=round(coded - read, 4),
        ),
    )
