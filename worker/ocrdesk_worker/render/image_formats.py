"""Pillow's decoders by file type, and how many pages an image file has.

HEIC is decoded by libheif and libde265 (package pi-heif), AVIF and JPEG 2000 by libraries in Pillow. Each decoder uses
one thread: there is already one process per core.
"""

from __future__ import annotations

import struct
from pathlib import Path

from PIL import AvifImagePlugin, Image, features

from ocrdesk.contract.media_types import MediaType
from ocrdesk_worker.errors import decoder_missing
from ocrdesk_worker.render.tiff_directories import count_directories

PILLOW_ERRORS = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    IndexError,
    KeyError,
    AttributeError,
    struct.error,
    EOFError,
    ZeroDivisionError,
    OverflowError,
    RuntimeError,
    Image.DecompressionBombError,
)
"""The exceptions that Pillow's decoders raise on damaged files."""

_FORMATS = {
    MediaType.PNG: ("PNG",),
    MediaType.JPEG: ("JPEG", "MPO"),
    MediaType.TIFF: ("TIFF",),
    MediaType.WEBP: ("WEBP",),
    MediaType.HEIC: ("HEIF",),
    MediaType.AVIF: ("AVIF",),
    MediaType.JPEG_2000: ("JPEG2000",),
    MediaType.BMP: ("BMP",),
    MediaType.GIF: ("GIF",),
    MediaType.PNM: ("PPM",),
}
_FEATURES = {MediaType.AVIF: "avif", MediaType.JPEG_2000: "jpg_2000", MediaType.WEBP: "webp"}
_WITH_PAGES = (MediaType.TIFF, MediaType.GIF, MediaType.PNG, MediaType.WEBP, MediaType.AVIF, MediaType.HEIC)
"""Types whose files may have several images. Those of a JPEG are the same picture again, smaller or from beside it."""
_MIN_FRAME_BYTES = 16
"""No image of a file takes fewer bytes: some headers state more images than the file can have."""
_MANY_IMAGES = 2_000
_PNG_HEADER_BYTES = 8

Image.MAX_IMAGE_PIXELS = None  # we have our own limit, with a message that names it
AvifImagePlugin.DEFAULT_MAX_THREADS = 1


def open_image(path: Path, media: MediaType) -> Image.Image:
    """Open an image file without decoding it. Raises PILLOW_ERRORS, and ProcessingError if its decoder is missing."""
    if media is MediaType.HEIC:
        _add_heic()
    elif media in _FEATURES and not features.check(_FEATURES[media]):
        raise decoder_missing(media.label, "Pillow")
    return Image.open(path, formats=_FORMATS[media])


def count_pages(image: Image.Image, path: Path, media: MediaType) -> int:
    """Return how many pages an open image file has: the images of a TIFF or of a collection, or an animation's frames.

    Above _MANY_IMAGES of a TIFF, its directories are counted: Pillow would take minutes. Raises PILLOW_ERRORS.
    """
    if media is MediaType.TIFF and (count := count_directories(path)) > _MANY_IMAGES:
        return count
    count = int(getattr(image, "n_frames", 1)) if media in _WITH_PAGES else 1
    if count <= 1:
        return 1
    if media is MediaType.PNG:
        count = min(count, 1 + _count_png_frames(path))
    return max(1, min(count, path.stat().st_size // _MIN_FRAME_BYTES))


def _add_heic() -> None:
    try:
        import pi_heif
    except ImportError as error:
        raise decoder_missing(MediaType.HEIC.label, "pi-heif") from error
    pi_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False, decode_threads=1)


def _count_png_frames(path: Path) -> int:
    """Return how many frames follow a PNG's first image."""
    starts = 0
    with path.open("rb") as file:
        file.seek(_PNG_HEADER_BYTES)
        while len(head := file.read(8)) == 8:
            length, name = struct.unpack(">I4s", head)
            starts += name == b"fcTL"
            file.seek(length + 4, 1)
    return starts
