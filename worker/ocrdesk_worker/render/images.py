"""Image files through Pillow: upright by their EXIF tag, TIFFs page by page."""

from __future__ import annotations

import struct
import warnings
from pathlib import Path

from PIL import ExifTags, Image, UnidentifiedImageError

from ocrdesk.contract.document import Rotation
from ocrdesk.contract.media import MediaType
from ocrdesk_worker.faults import Fault, corrupt, image_too_large
from ocrdesk_worker.prepare.tone import to_grey
from ocrdesk_worker.render.source import MAX_PAGE_PIXELS, MAX_PAGE_SIDE, RenderedPage

MAX_IMAGE_MEGAPIXELS = 300

_FORMATS = {
    MediaType.PNG: ("PNG",),
    MediaType.JPEG: ("JPEG", "MPO"),
    MediaType.TIFF: ("TIFF",),
    MediaType.WEBP: ("WEBP",),
    MediaType.BMP: ("BMP",),
    MediaType.GIF: ("GIF",),
}
_EXIF_ROTATION: dict[int, Rotation] = {3: 180, 4: 180, 5: 90, 6: 90, 7: 270, 8: 270}
_PLAUSIBLE_DPI = (50.0, 2400.0)
_PILLOW_ERRORS = (
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
    NotImplementedError,
    Image.DecompressionBombError,
)
"""What Pillow's decoders are known to raise on damaged files."""

Image.MAX_IMAGE_PIXELS = None  # we have a limit of our own, with a sentence that says so


class ImageSource:
    """An open image file. Only TIFF has pages; of an animation the first picture is read. Raises Fault."""

    def __init__(self, path: Path, media: MediaType) -> None:
        self._label = f"{media.label} image"
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow's remarks on odd metadata
            try:
                self._image = Image.open(path, formats=_FORMATS[media])
                self.page_count = int(getattr(self._image, "n_frames", 1)) if media is MediaType.TIFF else 1
            except (UnidentifiedImageError, *_PILLOW_ERRORS) as error:
                raise corrupt(self._label) from error

    def render(self, page_index: int) -> RenderedPage:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                return self._render(page_index)
            except Fault:
                raise
            except _PILLOW_ERRORS as error:
                raise corrupt(self._label) from error

    def _render(self, page_index: int) -> RenderedPage:
        if self.page_count > 1:
            self._image.seek(page_index)
        image: Image.Image = self._image
        width, height = image.size
        if width * height > MAX_IMAGE_MEGAPIXELS * 1_000_000:
            raise image_too_large(width, height, MAX_IMAGE_MEGAPIXELS)
        dpi = _dpi(image)
        orientation = image.getexif().get(ExifTags.Base.Orientation, 1)
        image.load()
        if image.format != "TIFF":  # those Pillow turns by itself
            image = _upright(image, orientation)
        image, scale = _fitted(image)
        return RenderedPage(image, dpi * scale, _EXIF_ROTATION.get(orientation, 0))

    def text_layer(self, page_index: int) -> None:
        """An image has no text of its own."""

    def close(self) -> None:
        self._image.close()


def _fitted(image: Image.Image) -> tuple[Image.Image, float]:
    """The image, scaled down in grey where it is larger than a page may be; and the scale."""
    width, height = image.size
    scale = min(1.0, (MAX_PAGE_PIXELS / (width * height)) ** 0.5, MAX_PAGE_SIDE / max(width, height))
    if scale == 1.0:
        return image, scale
    size = max(1, int(width * scale)), max(1, int(height * scale))
    return to_grey(image).resize(size, Image.Resampling.BOX), scale


_TRANSPOSE = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def _upright(image: Image.Image, orientation: int) -> Image.Image:
    return image.transpose(_TRANSPOSE[orientation]) if orientation in _TRANSPOSE else image


def _dpi(image: Image.Image) -> float:
    """The file's own resolution, or 0 when it names none that can be true."""
    try:
        across, down = (float(value) for value in image.info.get("dpi", (0, 0)))
    except (TypeError, ValueError, ZeroDivisionError):
        return 0.0
    low, high = _PLAUSIBLE_DPI
    return (across + down) / 2 if low <= across <= high and low <= down <= high else 0.0
