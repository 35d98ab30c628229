"""Adds an invisible text layer to a PDF.

The pages of a PDF are not changed except for a content stream and a font. An image file is written as a new PDF first.
A page gets these words:

- none if it was not recognised: it was not requested, it failed, or it kept its own text;
- else the words that an engine read or a person corrected. They replace the invisible text of an earlier recognition;
  then the page's other words are written too, because they were removed with it;
- but no word that the page itself has at the same place, so that no word is found twice.
"""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

import pikepdf

from ocrdesk.contract.box import Rotation
from ocrdesk.contract.document import Page, Source, Word
from ocrdesk.contract.media_types import MediaType
from ocrdesk_worker.errors import encrypted_pdf, not_rewritable
from ocrdesk_worker.searchable_pdf.coordinates import CoordinateTransform
from ocrdesk_worker.searchable_pdf.glyphless_font import GlyphlessFont
from ocrdesk_worker.searchable_pdf.image_pdf import write_image_pdf
from ocrdesk_worker.searchable_pdf.remove_old_text import remove_invisible_text
from ocrdesk_worker.searchable_pdf.resources import add_font, has_fonts, prepend_stream, visible_part
from ocrdesk_worker.searchable_pdf.streams import compressed_stream
from ocrdesk_worker.searchable_pdf.text_stream import text_stream
from ocrdesk_worker.searchable_pdf.visible_text import VisibleText

_log = logging.getLogger(__name__)
_ROTATIONS: dict[int, Rotation] = {0: 0, 90: 90, 180: 180, 270: 270}


def write_searchable_pdf(
    source: Path, media: MediaType, pages: Iterable[Page], out: Path, *, avoid_pdfium: bool = False
) -> None:
    """Write the file `source` to `out` as a PDF with all its pages and the text of `pages`. Raises ProcessingError.

    `pages` may have any number and order; one is in memory at a time. `avoid_pdfium` is for files on which PDFium ended
    the process: then words that the page itself has are written too. The same input gives the same bytes.
    """
    if media is MediaType.PDF:
        _write(source, pages, out, [], None if avoid_pdfium else VisibleText(source))
        return
    with tempfile.TemporaryDirectory(dir=out.parent, prefix="images-") as folder:
        image_pdf = Path(folder) / "images.pdf"
        stored = write_image_pdf(source, media, image_pdf)
        _write(image_pdf, pages, out, stored, None)


def _write(
    source: Path, pages: Iterable[Page], out: Path, stored_turns: Sequence[Rotation], visible: VisibleText | None
) -> None:
    try:
        with pikepdf.open(source, suppress_warnings=True) as pdf:
            layer = _LayerWriter(pdf, stored_turns, visible)
            for page in pages:
                layer.write(page)
            layer.complete()
            _save(pdf, out)
    except pikepdf.PasswordError as error:
        raise encrypted_pdf() from error
    except (pikepdf.PdfError, pikepdf.ForeignObjectError, RecursionError) as error:
        _log.info("this PDF cannot be rewritten: %s", type(error).__name__)
        raise not_rewritable() from error
    finally:
        if visible is not None:
            visible.close()


def _save(pdf: pikepdf.Pdf, out: Path) -> None:
    """Save without changing any stream. A file with an owner's password keeps it, and its restrictions."""
    pdf.save(
        out,
        compress_streams=False,
        stream_decode_level=pikepdf.StreamDecodeLevel.none,
        object_stream_mode=pikepdf.ObjectStreamMode.preserve,
        linearize=pdf.is_linearized,
        fix_metadata_version=False,
        encryption=pdf.is_encrypted,
        deterministic_id=not pdf.is_encrypted,
    )


class _LayerWriter:
    """Adds text to the pages of an open PDF."""

    def __init__(self, pdf: pikepdf.Pdf, stored_turns: Sequence[Rotation], visible: VisibleText | None) -> None:
        self._pdf = pdf
        self._stored_turns = stored_turns
        self._visible = visible
        self._font: GlyphlessFont | None = None

    def write(self, page: Page) -> None:
        """Write a page's words, unless all of them are its own text."""
        if not page.width or not page.height or all(word.source == Source.TEXT_LAYER for word in page.words()):
            return
        if page.number > len(self._pdf.pages):
            raise not_rewritable()
        target = self._pdf.pages[page.number - 1].obj
        transform = self._transform(page, target)
        lines = self._lines(page, target, transform)
        if any(lines):
            if self._font is None:
                self._font = GlyphlessFont(self._pdf)
            name = add_font(target, self._font.object)
            prepend_stream(target, compressed_stream(self._pdf, text_stream(lines, transform, self._font, name)))

    def complete(self) -> None:
        if self._font is not None:
            self._font.complete()

    def _transform(self, page: Page, target: pikepdf.Object) -> CoordinateTransform:
        rotation = page.rotation
        if self._stored_turns:  # our page shows the image upright, unless recognition turned it further
            rotation = _ROTATIONS[(page.rotation - self._stored_turns[page.number - 1]) % 360]
            if rotation:
                target.Rotate = rotation
        return CoordinateTransform(page.width, page.height, visible_part(target), rotation)

    def _lines(self, page: Page, target: pikepdf.Object, transform: CoordinateTransform) -> list[list[Word]]:
        """Return the words to write. Remove the invisible text that they replace from the page."""
        has_own_text = has_fonts(target, but=self._font.object if self._font else None)
        if not has_own_text and "/Annots" not in target:
            return [[word for word in line.words if word.source != Source.TEXT_LAYER] for line in page.lines()]
        is_replaced = has_own_text and remove_invisible_text(self._pdf, target)
        visible = self._visible
        if visible is not None:
            visible.read_page(page.number - 1)

        def is_new(word: Word) -> bool:
            if word.source == Source.TEXT_LAYER and not is_replaced:
                return False
            return visible is None or not visible.contains(word.text, transform.rectangle(transform.clip(word.box)))

        return [[word for word in line.words if is_new(word)] for line in page.lines()]
