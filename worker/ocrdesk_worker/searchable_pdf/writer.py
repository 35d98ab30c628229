"""Adds an invisible text layer to a PDF.

The pages of a PDF are not changed except for a content stream and a font, and for what `PdfOptions` ask. An image file
is written as a new PDF first. A page gets these words:

- none if it was not recognised: it was not requested, it failed, or it kept its own text;
- else the words that an engine read or a person corrected. They replace the invisible text of an earlier recognition;
  then the page's other words are written too, because they were removed with it;
- but no word that the page itself has at the same place, so that no word is found twice.
"""

from __future__ import annotations

import contextlib
import logging
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pikepdf

from ocrdesk.contract.box import Rotation
from ocrdesk.contract.document import Page, Source, Word
from ocrdesk.contract.error_messages import error_message
from ocrdesk.contract.media_types import MediaType
from ocrdesk.contract.pdf_options import PDF_DEFAULTS, PdfOptions
from ocrdesk_worker.errors import encrypted_pdf, not_rewritable, pdfa_impossible, signed_pdf
from ocrdesk_worker.render.pdf_features import is_signed
from ocrdesk_worker.searchable_pdf.coordinates import CoordinateTransform
from ocrdesk_worker.searchable_pdf.glyphless_font import GlyphlessFont
from ocrdesk_worker.searchable_pdf.image_pdf import write_image_pdf
from ocrdesk_worker.searchable_pdf.pdfa import make_pdfa
from ocrdesk_worker.searchable_pdf.protection import LockedOriginal, open_pdf, save_pdf
from ocrdesk_worker.searchable_pdf.remove_old_text import remove_invisible_text
from ocrdesk_worker.searchable_pdf.resources import add_font, has_fonts, prepend_stream, rotation_of, visible_part
from ocrdesk_worker.searchable_pdf.straighten import (
    SkewMeter,
    Straightener,
    has_sloping_lines,
    turn_content,
)
from ocrdesk_worker.searchable_pdf.streams import compressed_stream
from ocrdesk_worker.searchable_pdf.text_stream import text_stream
from ocrdesk_worker.searchable_pdf.visible_text import VisibleText

_log = logging.getLogger(__name__)
_ROTATIONS: dict[int, Rotation] = {0: 0, 90: 90, 180: 180, 270: 270}


def write_searchable_pdf(
    source: Path,
    media: MediaType,
    pages: Iterable[Page],
    out: Path,
    *,
    options: PdfOptions = PDF_DEFAULTS,
    original: LockedOriginal | None = None,
    avoid_pdfium: bool = False,
) -> None:
    """Write the file `source` to `out` as a PDF with all its pages and the text of `pages`. Raises ProcessingError.

    `pages` may have any number and order; one is in memory at a time. `original` is the PDF that `source` is an
    unlocked copy of. `avoid_pdfium` is for files on which PDFium ended the process: then words that the page itself has
    are written too, and no page is straightened. The same input gives the same bytes, unless it is encrypted.
    """
    if media is MediaType.PDF:
        _write(_Job(source, options, original, avoid_pdfium=avoid_pdfium), pages, out)
        return
    with tempfile.TemporaryDirectory(dir=out.parent, prefix="images-") as folder:
        image_pdf = Path(folder) / "images.pdf"
        stored = write_image_pdf(source, media, image_pdf)
        _write(_Job(image_pdf, options, stored_turns=stored, avoid_pdfium=avoid_pdfium), pages, out)


@dataclass(frozen=True, slots=True)
class _Job:
    """The PDF to add text to, and how. `stored_turns` are the turns of the images that it was made of."""

    source: Path
    options: PdfOptions
    original: LockedOriginal | None = None
    stored_turns: Sequence[Rotation] = ()
    avoid_pdfium: bool = False

    def visible_text(self) -> VisibleText | None:
        return None if self.avoid_pdfium or self.stored_turns else VisibleText(self.source)

    def skew_meter(self) -> SkewMeter | None:
        may_turn = self.options.deskew or self.options.rotate
        return SkewMeter(self.source) if may_turn and not self.avoid_pdfium else None


def _write(job: _Job, pages: Iterable[Page], out: Path) -> None:
    options = job.options
    try:
        with open_pdf(job.source, job.original, options) as pdf, contextlib.ExitStack() as closing:
            if is_signed(pdf) and not options.invalidate_signatures:
                raise signed_pdf()
            if options.pdfa and pdf.is_encrypted and not options.unlock:
                raise pdfa_impossible(error_message("pdfa_reason_protected"))
            layer = _LayerWriter(pdf, job, closing)
            for page in pages:
                layer.write(page)
            layer.complete()
            if options.pdfa:
                make_pdfa(pdf)
            save_pdf(pdf, out, options)
    except pikepdf.PasswordError as error:
        raise encrypted_pdf() from error
    except (pikepdf.PdfError, pikepdf.ForeignObjectError, RecursionError) as error:
        _log.info("this PDF cannot be rewritten: %s", type(error).__name__)
        raise not_rewritable() from error


class _LayerWriter:
    """Adds text to the pages of an open PDF."""

    def __init__(self, pdf: pikepdf.Pdf, job: _Job, closing: contextlib.ExitStack) -> None:
        self._pdf = pdf
        self._job = job
        self._visible = job.visible_text()
        self._skew = job.skew_meter()
        self._font: GlyphlessFont | None = None
        for it in (self._visible, self._skew):
            if it is not None:
                closing.callback(it.close)

    def write(self, page: Page) -> None:
        """Write a page's words, unless all of them are its own text."""
        if not page.width or not page.height or all(word.source == Source.TEXT_LAYER for word in page.words()):
            return
        if page.number > len(self._pdf.pages):
            raise not_rewritable()
        target = self._pdf.pages[page.number - 1].obj
        rotation = self._rotation(page)
        transform = CoordinateTransform(page.width, page.height, visible_part(target), rotation)
        lines = self._lines(page, target, transform)
        lines = self._straightened(page, target, transform, lines)
        if self._job.options.rotate and rotation != rotation_of(target):
            target.Rotate = rotation
        if any(lines):
            if self._font is None:
                self._font = GlyphlessFont(self._pdf)
            name = add_font(target, self._font.object)
            prepend_stream(target, compressed_stream(self._pdf, text_stream(lines, transform, self._font, name)))

    def complete(self) -> None:
        if self._font is not None:
            self._font.complete()

    def _rotation(self, page: Page) -> Rotation:
        """Return the clockwise turn from the page's own space to its upright image."""
        if not self._job.stored_turns:
            return page.rotation
        # our page shows the image upright, unless recognition turned it further
        return _ROTATIONS[(page.rotation - self._job.stored_turns[page.number - 1]) % 360]

    def _straightened(
        self, page: Page, target: pikepdf.Object, transform: CoordinateTransform, lines: list[list[Word]]
    ) -> list[list[Word]]:
        """Straighten the page if it is skewed, and return the words where they are then.

        A page with annotations stays: they would not turn with it. By default, only a clearly skewed page is
        straightened, and only if all its words stay on it.
        """
        is_asked = self._job.options.deskew
        if self._skew is None or "/Annots" in target or not (is_asked or has_sloping_lines(page)):
            return lines
        skew_deg = self._skew.skew_of(page.number - 1, transform.rotation)
        boxes = Straightener(page.width, page.height, skew_deg)
        if not skew_deg or not (is_asked or boxes.suits(page)):
            return lines
        turn_content(self._pdf, target, transform.bounds, skew_deg)
        return [[word.model_copy(update={"box": boxes.moved(word.box)}) for word in line] for line in lines]

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
