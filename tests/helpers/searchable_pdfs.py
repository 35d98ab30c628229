"""Pages for searchable PDFs, and functions that read such PDFs."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from pathlib import Path

import pikepdf
import pypdfium2 as pdfium
from pikepdf import Array
from PIL import ImageChops

from ocrdesk.contract.document import Block, Box, Line, Page, Rotation, Source, Word

NEAR_PT = 1.0


def word(text: str, box: Sequence[int], source: str = Source.TESSERACT) -> Word:
    return Word(text=text, box=Box(*box), confidence=0.5, source=source)


def page_of(*lines: Sequence[Word], size: tuple[int, int], rotation: Rotation = 0, number: int = 1) -> Page:
    made = tuple(Line(box=Box.around([it.box for it in line]), words=tuple(line)) for line in lines)
    blocks = (Block(box=Box(0, 0, *size), lines=made),) if made else ()
    return Page(number=number, width=size[0], height=size[1], dpi=144, rotation=rotation, blocks=blocks)


def saved(pdf: pikepdf.Pdf, **options: object) -> bytes:
    buffer = io.BytesIO()
    pdf.save(buffer, **options)  # type: ignore[arg-type]
    return buffer.getvalue()


Made = Callable[..., Path]


def contents_of(path: Path) -> list[list[bytes]]:
    with pikepdf.open(path) as pdf:
        pages = []
        for page in pdf.pages:
            contents = page.obj.get("/Contents")
            streams = list(contents) if isinstance(contents, Array) else [contents] if contents is not None else []
            pages.append([stream.read_raw_bytes() for stream in streams])
        return pages


def assert_same_pictures(one: Path, two: Path) -> None:
    before, after = pdfium.PdfDocument(one), pdfium.PdfDocument(two)
    assert len(before) == len(after)
    for page_one, page_two in zip(before, after, strict=True):
        pictures = [page.render(scale=1.5).to_pil().convert("RGB") for page in (page_one, page_two)]
        assert ImageChops.difference(*pictures).getbbox() is None
