"""An image file as a PDF.

Each image becomes a page. It is written directly to disk, so that only one image is in memory at a time.
"""

from __future__ import annotations

import warnings
import zlib
from pathlib import Path
from typing import BinaryIO

from ocrdesk.contract.box import Rotation
from ocrdesk.contract.media_types import MediaType
from ocrdesk_worker.errors import ProcessingError, corrupt
from ocrdesk_worker.render.image_file import ImageSource, ScanImage
from ocrdesk_worker.render.image_formats import PILLOW_ERRORS
from ocrdesk_worker.searchable_pdf.embedded_image import EmbeddedImage, embed, embed_jpeg, embed_photo, embed_png

_POINTS_PER_INCH = 72.0
_LONGEST_PAGE = 14_400.0
"""In points: the limit of PDF readers."""
_USUAL_WIDTH_IN = 8.27
"""The width of a page of unknown resolution: A4, within the next two resolutions."""
_COARSEST, _FINEST = 72.0, 300.0
_SCREEN_DPI = 96.0
"""Programs without a true value write 72 or 96 dpi into files: it is used for pages up to the next length only."""
_LONGEST_AT_SCREEN_DPI_IN = 24.0

_PHOTOS = ("HEIF", "AVIF", "JPEG2000")
"""Formats that no PDF reader shows, and of photos: they become JPEGs, because lossless images are ten times as long."""

_CATALOG, _PAGES = 1, 2
_MATRICES = {
    1: "{w} 0 0 {h} 0 0",
    2: "-{w} 0 0 {h} {w} 0",
    3: "-{w} 0 0 -{h} {w} {h}",
    4: "{w} 0 0 -{h} 0 {h}",
    5: "0 -{h} -{w} 0 {w} {h}",
    6: "0 -{h} {w} 0 0 {h}",
    7: "0 {h} {w} 0 0 0",
    8: "0 {h} -{w} 0 {w} 0",
}
"""By EXIF orientation: the matrix that makes the stored image upright on a page of w x h points."""


def write_image_pdf(source: Path, media: MediaType, out: Path) -> list[Rotation]:
    """Write the PDF. Return for each page how far the file turns it clockwise. Raises ProcessingError.

    A damaged page of a file with several becomes an empty page, so that the others keep their numbers.
    """
    image_file = ImageSource(source, media)
    try:
        with out.open("wb") as file:
            pdf = _Writer(file)
            rotations = [_write_page(pdf, image_file, index, source) for index in range(image_file.page_count)]
            pdf.end()
            return rotations
    finally:
        image_file.close()


def _write_page(pdf: _Writer, image_file: ImageSource, page_index: int, path: Path) -> Rotation:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            stored = image_file.stored(page_index)
            image, orientation = _embedded(stored, path, is_only_page=image_file.page_count == 1)
    except PILLOW_ERRORS as error:
        if image_file.page_count == 1:
            raise corrupt("image") from error
        pdf.empty_page()
        return 0
    except ProcessingError:
        if image_file.page_count == 1:
            raise
        pdf.empty_page()
        return 0
    pdf.page(image, orientation, _size(image, orientation, stored.resolution))
    return stored.rotation


def _embedded(stored: ScanImage, path: Path, *, is_only_page: bool) -> tuple[EmbeddedImage, int]:
    """Return the page's image, and the orientation that still has to be applied to it."""
    profile = stored.image.info.get("icc_profile") or b""
    orientation = stored.orientation if stored.orientation in _MATRICES else 1
    unchanged = None
    if stored.image.format in ("JPEG", "MPO"):
        unchanged = embed_jpeg(path, profile)
    elif stored.image.format == "PNG" and stored.image.mode != "1" and is_only_page:
        unchanged = embed_png(path, profile)
    elif stored.image.format in _PHOTOS:
        unchanged = embed_photo(stored.upright(), profile)
        orientation = 1
    return (unchanged, orientation) if unchanged else (embed(stored.upright()), 1)


def _size(image: EmbeddedImage, orientation: int, resolution: tuple[float, float]) -> tuple[float, float]:
    """Return the width and height of the upright page in points."""
    width, height = image.width / _dpi(image, resolution)[0], image.height / _dpi(image, resolution)[1]
    scale = min(1.0, _LONGEST_PAGE / _POINTS_PER_INCH / max(width, height)) * _POINTS_PER_INCH
    return (height * scale, width * scale) if orientation >= 5 else (width * scale, height * scale)


def _dpi(image: EmbeddedImage, resolution: tuple[float, float]) -> tuple[float, float]:
    """Return the file's resolution if it is plausible, else one that makes a page of a usual size."""
    across, down = resolution
    if across and down:
        longest_in = max(image.width / across, image.height / down)
        if max(resolution) > _SCREEN_DPI or longest_in <= _LONGEST_AT_SCREEN_DPI_IN:
            return across, down
    usual = min(_FINEST, max(_COARSEST, min(image.width, image.height) / _USUAL_WIDTH_IN))
    return usual, usual


class _Writer:
    """Writes a PDF: each object goes to the file immediately."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._offsets: dict[int, int] = {}
        self._last = _PAGES
        self._kids: list[int] = []
        self._profiles: dict[tuple[bytes, int], int] = {}
        self._size = (595.0, 842.0)
        file.write(b"%PDF-1.5\n%\xe2\xe3\xcf\xd3\n")

    def page(self, image: EmbeddedImage, orientation: int, size: tuple[float, float]) -> None:
        """Add a page that the image fills."""
        self._size = size
        space = ""
        if image.profile:
            space = f" /ColorSpace [/ICCBased {self._profile(image.profile, image.components)} 0 R]"
        head = f"/Type /XObject /Subtype /Image /Width {image.width} /Height {image.height} {image.entries}{space}"
        number = self._stream(head, image.content)
        w, h = (f"{length:.4f}" for length in size)
        drawing = f"q {_MATRICES[orientation].format(w=w, h=h)} cm /Im Do Q\n"
        content = self._stream("", drawing.encode())
        self._page(f"/Resources << /XObject << /Im {number} 0 R >> >> /Contents {content} 0 R")

    def empty_page(self) -> None:
        """Add an empty page of the size of the page before."""
        self._page("/Resources << >>")

    def end(self) -> None:
        kids = " ".join(f"{number} 0 R" for number in self._kids)
        self._object(f"<< /Type /Pages /Count {len(self._kids)} /Kids [{kids}] >>".encode(), _PAGES)
        self._object(f"<< /Type /Catalog /Pages {_PAGES} 0 R >>".encode(), _CATALOG)
        start = self._file.tell()
        self._file.write(f"xref\n0 {self._last + 1}\n0000000000 65535 f \n".encode())
        for number in range(1, self._last + 1):
            self._file.write(f"{self._offsets[number]:010} 00000 n \n".encode())
        trailer = f"trailer\n<< /Size {self._last + 1} /Root {_CATALOG} 0 R >>\nstartxref\n{start}\n%%EOF\n"
        self._file.write(trailer.encode())

    def _page(self, entries: str) -> None:
        width, height = self._size
        box = f"/MediaBox [0 0 {width:.4f} {height:.4f}]"
        self._kids.append(self._object(f"<< /Type /Page /Parent {_PAGES} 0 R {box} {entries} >>".encode()))

    def _profile(self, profile: bytes, components: int) -> int:
        """Return the number of the object with that profile, which pages share."""
        key = profile, components
        if key not in self._profiles:
            packed = zlib.compress(profile, 9)
            self._profiles[key] = self._stream(f"/N {components} /Filter /FlateDecode", packed)
        return self._profiles[key]

    def _stream(self, entries: str, content: bytes) -> int:
        head = f"<< {entries} /Length {len(content)} >>\nstream\n".encode()
        return self._object(head + content + b"\nendstream")

    def _object(self, body: bytes, number: int | None = None) -> int:
        if number is None:
            self._last += 1
            number = self._last
        self._offsets[number] = self._file.tell()
        self._file.write(b"%d 0 obj\n" % number + body + b"\nendobj\n")
        return number
