"""Image files through Pillow.

The EXIF tag makes them upright. Each image of a TIFF, of a collection or of an animation is a page.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from PIL import ExifTags, Image, UnidentifiedImageError

from ocrdesk.contract.box import Rotation
from ocrdesk.contract.media_types import MediaType
from ocrdesk_worker.errors import ProcessingError, corrupt, image_too_large
from ocrdesk_worker.preprocess.grayscale import to_grey
from ocrdesk_worker.render.image_formats import PILLOW_ERRORS, count_pages, open_image
from ocrdesk_worker.render.page_source import MAX_PAGE_HEIGHT, MAX_PAGE_PIXELS, MAX_PAGE_SIDE, RenderedPage

MAX_IMAGE_MEGAPIXELS = 300

_EXIF_ROTATION: dict[int, Rotation] = {3: 180, 4: 180, 5: 90, 6: 90, 7: 270, 8: 270}
_PLAUSIBLE_DPI = (50.0, 2400.0)


@dataclass(frozen=True, slots=True)
class ScanImage:
    """A page as it is in the file: open, perhaps not yet loaded. `orientation` (EXIF's 1 to 8) makes it upright."""

    image: Image.Image
    resolution: tuple[float, float]
    """Horizontal and vertical pixels per inch, each 0 if unknown."""
    orientation: int = 1

    @property
    def rotation(self) -> Rotation:
        """The clockwise rotation of the orientation."""
        return _EXIF_ROTATION.get(self.orientation, 0)

    def upright(self) -> Image.Image:
        """Load the image and return it upright. Raises PILLOW_ERRORS on damaged files."""
        self.image.load()
        if self.image.format == "TIFF":  # Pillow turns these itself
            return self.image
        if self.image.format == "PPM" and self.image.mode == "I":  # Pillow scales these to 16 bits
            return self.image.convert("I;16")
        return _upright(self.image, self.orientation)


class ImageSource:
    """An open image file. Raises ProcessingError. `known_pages`: how many images it has, if that is known."""

    def __init__(self, path: Path, media: MediaType, known_pages: int | None = None) -> None:
        self._label = f"{media.label} image"
        self._path, self._media = path, media
        with self._reading():
            self._image = open_image(path, media)
            self.page_count = known_pages or count_pages(self._image, path, media)

    def render(self, page_index: int) -> RenderedPage:
        with self._reading():
            stored = self.stored(page_index)
            image, scale = _within_limits(stored.upright())
            if image is self._image:  # which the next page will change
                image = image.copy()
            return RenderedPage(image, _mean(stored.resolution) * scale, stored.rotation, is_reduced=scale < 1.0)

    def view(self, page_index: int, width: int) -> RenderedPage:
        with self._reading():
            stored = self.stored(page_index)
            if stored.image.format not in ("JPEG", "MPO"):
                return RenderedPage(stored.upright(), 0.0, stored.rotation)
            with open_image(self._path, self._media) as drafted:  # decodes no more than is needed
                drafted.draft(None, (width, width))
                return RenderedPage(replace(stored, image=drafted).upright(), 0.0, stored.rotation)

    def stored(self, page_index: int) -> ScanImage:
        """Return the page as it is in the file.

        Raises ProcessingError if the image has too many pixels, and PILLOW_ERRORS on damaged files.
        """
        if self.page_count > 1:
            if page_index < self._image.tell():  # Pillow does not find the way back in each animation
                self._image.close()
                self._image = open_image(self._path, self._media)
            self._image.seek(page_index)
        width, height = self._image.size
        if width * height > MAX_IMAGE_MEGAPIXELS * 1_000_000:
            raise image_too_large(width, height, MAX_IMAGE_MEGAPIXELS)
        return ScanImage(self._image, _resolution(self._image), self._image.getexif().get(ExifTags.Base.Orientation, 1))

    @contextmanager
    def _reading(self) -> Iterator[None]:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                yield
            except ProcessingError:
                raise
            except (UnidentifiedImageError, *PILLOW_ERRORS) as error:
                raise corrupt(self._label) from error

    def text_layer(self, page_index: int) -> None:
        """Return None: an image has no text of its own."""

    def close(self) -> None:
        self._image.close()


def _within_limits(image: Image.Image) -> tuple[Image.Image, float]:
    """Return the image, reduced and in grey if it is larger than the limit, and the scale."""
    width, height = image.size
    scale = min(1.0, (MAX_PAGE_PIXELS / (width * height)) ** 0.5, MAX_PAGE_SIDE / width, MAX_PAGE_HEIGHT / height)
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


def _resolution(image: Image.Image) -> tuple[float, float]:
    """Return the file's own resolution; zeros if it has none that is plausible."""
    try:
        across, down = (float(value) for value in image.info.get("dpi", (0, 0)))
    except (TypeError, ValueError, ZeroDivisionError):
        return 0.0, 0.0
    low, high = _PLAUSIBLE_DPI
    return (across, down) if low <= across <= high and low <= down <= high else (0.0, 0.0)


def _mean(resolution: tuple[float, float]) -> float:
    return sum(resolution) / 2
