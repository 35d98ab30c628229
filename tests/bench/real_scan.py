"""Makes a scan of real pages: a PDF of the page images of a corpus that have most words."""

from __future__ import annotations

from pathlib import Path

import corpus
from corpus import Case
from PIL import Image
from scan import DPI, Scan

_JPEG_QUALITY = 95


def real_scan(folder: Path, page_count: int, path: Path) -> Scan | None:
    """Write the densest English pages, each once, in the order of their names. Return None if there are none.

    The PDF has fewer pages if the corpus has. All are grey JPEGs placed at 300 dpi: few files say their resolution, and
    most of those say that of a screen.
    """
    cases = [*corpus.pages(folder), *corpus.documents(folder, corpus.ENGLISH)]
    pictures = [case for case in cases if case.path.suffix != ".pdf" and case.languages == corpus.ENGLISH]
    dense = sorted(pictures, key=lambda case: -len(_text(case).split()))[:page_count]
    if not dense:
        return None
    dense.sort(key=lambda case: case.name)
    pages = [_page(case.path) for case in dense]
    pages[0].save(path, "PDF", save_all=True, append_images=pages[1:], resolution=DPI, quality=_JPEG_QUALITY)
    texts = tuple(_text(case) for case in dense)
    origin = f"{len(pages)} real pages of {sum(len(text.split()) for text in texts)} words: "
    return Scan(path, len(pages), origin + ", ".join(case.name for case in dense), texts)


def _text(case: Case) -> str:
    return case.text or " ".join(word.text for word in case.words)


def _page(path: Path) -> Image.Image:
    with Image.open(path) as image:
        return image.convert("L")
