"""Writes an image file as a PDF, a page a picture, straight to disk: one picture is in memory at a time."""

from __future__ import annotations

import warnings
import zlib
from pathlib import Path
from typing import BinaryIO

from ocrdesk.contract.document import Rotation
from ocrdesk.contract.media_types import MediaType
from ocrdesk_worker.errors import ProcessingError, corrupt
from ocrdesk_worker.render.image_file import PILLOW_ERRORS, ImageSource, ScanImage
from ocrdesk_worker.searchable_pdf.embedded_image import Picture, picture_of, picture_of_jpeg, picture_of_png

_POINTS_PER_INCH = 72.0
_LONGEST_PAGE = 14_400.0
"""In points: what readers take."""
_USUAL_WIDTH_IN = 8.27
"""Of a page whose resolution is not known: A4's, within the next two."""
_COARSEST, _FINEST = 72.0, 300.0
_SCREENS = 96.0
"""Programs put 72 or 96 dpi into files for want of a true value: believed of pages up to the next length only."""
_LONGEST_AT_SCREENS_IN = 24.0

_CATALOG, _PAGES = 1, 2
_PLACED = {
    1: "{w} 0 0 {h} 0 0",
    2: "-{w} 0 0 {h} {w} 0",
    3: "-{w} 0 0 -{h} {w} {h}",
    4: "{w} 0 0 -{h} 0 {h}",
    5: "0 -{h} -{w} 0 {w} {h}",
    6: "0 -{h} {w} 0 0 {h}",
    7: "0 {h} {w} 0 0 0",
    8: "0 {h} -{w} 0 {w} 0",
}
"""By EXIF's orientation: the matrix that puts the stored picture upright over a page of w x h points."""


def write_picture_pdf(source: Path, media: MediaType, out: Path) -> list[Rotation]:
    """Writes the PDF, and answers for each page how far its file has it turned clockwise. Raises Fault.

    A damaged page of a file with several becomes an empty one, so that the others keep their numbers.
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
            picture, orientation = _picture(stored, path)
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
    pdf.page(picture, orientation, _size(picture, orientation, stored.resolution))
    return stored.rotation


def _picture(stored: ScanImage, path: Path) -> tuple[Picture, int]:
    """The page's picture, and the orientation that is still to be applied to it."""
    profile = stored.image.info.get("icc_profile") or b""
    orientation = stored.orientation if stored.orientation in _PLACED else 1
    as_it_is = None
    if stored.image.format in ("JPEG", "MPO"):
        as_it_is = picture_of_jpeg(path, profile)
    elif stored.image.format == "PNG" and stored.image.mode != "1":
        as_it_is = picture_of_png(path, profile)
    return (as_it_is, orientation) if as_it_is else (picture_of(stored.upright()), 1)


def _size(picture: Picture, orientation: int, resolution: tuple[float, float]) -> tuple[float, float]:
    """Width and height of the upright page in points."""
    wide, high = picture.width / _dpi(picture, resolution)[0], picture.height / _dpi(picture, resolution)[1]
    scale = min(1.0, _LONGEST_PAGE / _POINTS_PER_INCH / max(wide, high)) * _POINTS_PER_INCH
    return (high * scale, wide * scale) if orientation >= 5 else (wide * scale, high * scale)


def _dpi(picture: Picture, resolution: tuple[float, float]) -> tuple[float, float]:
    """The file's resolution where it can be believed, else one that makes a page of a usual size."""
    across, down = resolution
    if across and down:
        longest_in = max(picture.width / across, picture.height / down)
        if max(resolution) > _SCREENS or longest_in <= _LONGEST_AT_SCREENS_IN:
            return across, down
    usual = min(_FINEST, max(_COARSEST, min(picture.width, picture.height) / _USUAL_WIDTH_IN))
    return usual, usual


class _Writer:
    """A PDF in the making: objects go to the file as they come."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._offsets: dict[int, int] = {}
        self._last = _PAGES
        self._kids: list[int] = []
        self._profiles: dict[tuple[bytes, int], int] = {}
        self._size = (595.0, 842.0)
        file.write(b"%PDF-1.5\n%\xe2\xe3\xcf\xd3\n")

    def page(self, picture: Picture, orientation: int, size: tuple[float, float]) -> None:
        """A page that the picture fills."""
        self._size = size
        space = ""
        if picture.profile:
            space = f" /ColorSpace [/ICCBased {self._profile(picture.profile, picture.components)} 0 R]"
        head = (
            f"/Type /XObject /Subtype /Image /Width {picture.width} /Height {picture.height} {picture.entries}{space}"
        )
        image = self._stream(head, picture.content)
        w, h = (f"{length:.4f}" for length in size)
        drawing = f"q {_PLACED[orientation].format(w=w, h=h)} cm /Im Do Q\n"
        content = self._stream("", drawing.encode())
        self._page(f"/Resources << /XObject << /Im {image} 0 R >> >> /Contents {content} 0 R")

    def empty_page(self) -> None:
        """A page with nothing on it, of the size of the one before."""
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
        """The number of the object with that profile, which pages share."""
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
