"""Makes a searchable PDF of a file and of what was read in it.

A PDF's pages stay as they are and get a content stream and a font; an image file's pages become pages of a new
PDF first. What is written on a page:

- nothing, where nothing was read: pages not asked for, pages that failed, pages that kept their own text;
- else the words that an engine read or a person put right, in place of the invisible text of an earlier
  recognition (then the page's other words too, since they went with it);
- but no word that the page itself says in just that place, so that nothing is found twice.
"""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

import pikepdf

from ocrdesk.contract.document import Page, Rotation, Source, Word
from ocrdesk.contract.media_types import MediaType
from ocrdesk_worker.errors import encrypted_pdf, not_rewritable
from ocrdesk_worker.searchable_pdf.coordinates import CoordinateTransform
from ocrdesk_worker.searchable_pdf.glyphless_font import GlyphlessFont
from ocrdesk_worker.searchable_pdf.image_pdf import write_picture_pdf
from ocrdesk_worker.searchable_pdf.remove_old_text import remove_invisible_text
from ocrdesk_worker.searchable_pdf.resources import add_font, has_fonts, put_first, shown_part
from ocrdesk_worker.searchable_pdf.streams import packed_stream
from ocrdesk_worker.searchable_pdf.text_stream import text_stream
from ocrdesk_worker.searchable_pdf.visible_text import VisibleText

_log = logging.getLogger(__name__)
_TURNS: dict[int, Rotation] = {0: 0, 90: 90, 180: 180, 270: 270}


def write_searchable_pdf(
    source: Path, media: MediaType, pages: Iterable[Page], out: Path, *, avoid_pdfium: bool = False
) -> None:
    """Writes the file `source` to `out` as a PDF with all of its pages and what was read on `pages`. Raises Fault.

    `pages` come in any number and order; one is held at a time. `avoid_pdfium` is for files on which PDFium ended
    the process: words that the page says by itself are then written, too. The same input gives the same bytes.
    """
    if media is MediaType.PDF:
        _write(source, pages, out, [], None if avoid_pdfium else VisibleText(source))
        return
    with tempfile.TemporaryDirectory(dir=out.parent, prefix="pictures-") as folder:
        pictures = Path(folder) / "pictures.pdf"
        stored = write_picture_pdf(source, media, pictures)
        _write(pictures, pages, out, stored, None)


def _write(
    source: Path, pages: Iterable[Page], out: Path, stored_turns: Sequence[Rotation], visible: VisibleText | None
) -> None:
    try:
        with pikepdf.open(source, suppress_warnings=True) as pdf:
            layer = _Layer(pdf, stored_turns, visible)
            for page in pages:
                layer.write(page)
            layer.complete()
            _save(pdf, out)
    except pikepdf.PasswordError as error:
        raise encrypted_pdf() from error
    except (pikepdf.PdfError, pikepdf.ForeignObjectError, RecursionError) as error:
        _log.info("this PDF cannot be written anew: %s", type(error).__name__)
        raise not_rewritable() from error
    finally:
        if visible is not None:
            visible.close()


def _save(pdf: pikepdf.Pdf, out: Path) -> None:
    """Every stream as it is. A file with an owner's password keeps it, and its pages their restrictions."""
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


class _Layer:
    """The text that is added to an open PDF."""

    def __init__(self, pdf: pikepdf.Pdf, stored_turns: Sequence[Rotation], visible: VisibleText | None) -> None:
        self._pdf = pdf
        self._stored_turns = stored_turns
        self._visible = visible
        self._font: GlyphlessFont | None = None

    def write(self, page: Page) -> None:
        """Writes a page's words, unless the page has nothing new to say."""
        if not page.width or not page.height or all(word.source == Source.TEXT_LAYER for word in page.words()):
            return
        if page.number > len(self._pdf.pages):
            raise not_rewritable()
        target = self._pdf.pages[page.number - 1].obj
        placing = self._placing(page, target)
        lines = self._lines(page, target, placing)
        if any(lines):
            if self._font is None:
                self._font = GlyphlessFont(self._pdf)
            name = add_font(target, self._font.object)
            put_first(target, packed_stream(self._pdf, text_stream(lines, placing, self._font, name)))

    def complete(self) -> None:
        if self._font is not None:
            self._font.complete()

    def _placing(self, page: Page, target: pikepdf.Object) -> CoordinateTransform:
        turn = page.rotation
        if self._stored_turns:  # our own page shows the image upright already, unless it was turned further
            turn = _TURNS[(page.rotation - self._stored_turns[page.number - 1]) % 360]
            if turn:
                target.Rotate = turn
        return CoordinateTransform(page.width, page.height, shown_part(target), turn)

    def _lines(self, page: Page, target: pikepdf.Object, placing: CoordinateTransform) -> list[list[Word]]:
        """The words to write; takes the invisible text out of the page that they replace."""
        if not has_fonts(target, but=self._font.object if self._font else None):
            return [[word for word in line.words if word.source != Source.TEXT_LAYER] for line in page.lines()]
        is_replaced = remove_invisible_text(self._pdf, target)
        visible = self._visible
        if visible is not None:
            visible.turn_to(page.number - 1)

        def is_new(word: Word) -> bool:
            if word.source == Source.TEXT_LAYER and not is_replaced:
                return False
            return visible is None or not visible.says(word.text, placing.rectangle(placing.within(word.box)))

        return [[word for word in line.words if is_new(word)] for line in page.lines()]
