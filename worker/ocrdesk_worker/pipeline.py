"""The pipeline of one page: its own text where that is good, else render, prepare, recognise. Knows no queue."""

from __future__ import annotations

import time
from collections.abc import Callable

from ocrdesk.contract.document import Page, PageTiming, Source
from ocrdesk.contract.jobs import RecognitionMode
from ocrdesk_worker import faults
from ocrdesk_worker.engines.engine import Engine
from ocrdesk_worker.engines.registry import PickLanguages
from ocrdesk_worker.prepare.legible import legible
from ocrdesk_worker.prepare.orientation import turned_further
from ocrdesk_worker.prepare.tone import to_grey
from ocrdesk_worker.render.source import PageSource, TextLayer
from ocrdesk_worker.upright import read_upright


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
    own, reason = read_own_text(source, number, mode)
    return own or _recognised(source, number, engine(), languages, reason)


def read_own_text(source: PageSource, number: int, mode: RecognitionMode) -> tuple[Page | None, str | None]:
    """The page from its own text, which needs no engine; None when it is to be recognised. And why.

    Raises Fault, also for a page without good text that may not be recognised.
    """
    if mode is RecognitionMode.FORCE:
        return None, None
    begun = time.perf_counter()
    layer = source.text_layer(number - 1)
    if layer is not None and layer.fault is None:
        return _kept(layer, number, time.perf_counter() - begun), None
    if mode is RecognitionMode.AUTO:
        return None, f"recognised: {layer.fault}" if layer else None
    if layer is not None and layer.is_blank:
        return _kept(layer, number, time.perf_counter() - begun), None
    raise faults.no_text_layer(layer.fault if layer else None)


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


def _recognised(
    source: PageSource, number: int, engine: Engine, wanted: tuple[str, ...] | PickLanguages, reason: str | None
) -> Page:
    begun = time.perf_counter()
    rendered = source.render(number - 1)
    drawn = time.perf_counter()
    image, glance = legible(to_grey(rendered.image))
    prepared = time.perf_counter()
    pick = wanted if callable(wanted) else lambda _image, _dpi: wanted
    reading = read_upright(image, glance, rendered.dpi, engine, pick)
    read = time.perf_counter()
    width, height = image.size if reading.turn in (0, 180) else (image.height, image.width)
    return Page(
        number=number,
        width=width,
        height=height,
        dpi=round(rendered.dpi, 2),
        rotation=turned_further(rendered.rotation, reading.turn),
        source=engine.source,
        source_reason=reason,
        languages=reading.languages,
        blocks=reading.blocks,
        timing=PageTiming(
            render_s=round(drawn - begun, 4),
            prepare_s=round(prepared - drawn, 4),
            recognise_s=round(read - prepared, 4),
        ),
    )
