"""The pipeline of one page: render, prepare, recognise. Knows files and engines, and no queue."""

from __future__ import annotations

import time

from ocrdesk.contract.document import Page, PageTiming
from ocrdesk_worker.engines.engine import Engine
from ocrdesk_worker.prepare.tone import to_grey
from ocrdesk_worker.render.source import PageSource


def read_page(source: PageSource, number: int, engine: Engine, languages: tuple[str, ...]) -> Page:
    """Reads page `number` (from 1) of an open file. Raises Fault."""
    begun = time.perf_counter()
    rendered = source.render(number - 1)
    drawn = time.perf_counter()
    image = to_grey(rendered.image)
    prepared = time.perf_counter()
    blocks = engine.recognise(image, rendered.dpi, languages)
    read = time.perf_counter()
    return Page(
        number=number,
        width=image.width,
        height=image.height,
        dpi=round(rendered.dpi, 2),
        rotation=rendered.rotation,
        source=engine.source,
        languages=languages,
        blocks=blocks,
        timing=PageTiming(
            render_s=round(drawn - begun, 4),
            prepare_s=round(prepared - drawn, 4),
            recognise_s=round(read - prepared, 4),
        ),
    )
