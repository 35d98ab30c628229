"""Detects file types from their first bytes."""

from __future__ import annotations

import re
from enum import StrEnum

SNIFF_BYTES = 1024
"""How many leading bytes `sniff` needs (fewer if the file is shorter)."""


class MediaType(StrEnum):
    """The supported file types."""

    PDF = "application/pdf"
    PNG = "image/png"
    JPEG = "image/jpeg"
    TIFF = "image/tiff"
    WEBP = "image/webp"
    HEIC = "image/heic"
    AVIF = "image/avif"
    JPEG_2000 = "image/jp2"
    PNM = "image/x-portable-anymap"
    BMP = "image/bmp"
    GIF = "image/gif"

    @property
    def label(self) -> str:
        """The name that people know, such as PDF or PNG."""
        return _LABELS.get(self.value, self.value.rpartition("/")[2].upper())


_LABELS = {"image/webp": "WebP", "image/jp2": "JPEG 2000", "image/x-portable-anymap": "PPM/PGM/PBM"}

SUFFIXES = (
    *(".pdf", ".png", ".apng", ".jpg", ".jpeg", ".jpe", ".jfif", ".tif", ".tiff", ".webp"),
    *(".heic", ".heif", ".hif", ".avif", ".jp2", ".jpx", ".jpf", ".j2k", ".j2c", ".jpc"),
    *(".ppm", ".pgm", ".pbm", ".pnm", ".bmp", ".dib", ".gif"),
)
"""The usual suffixes, for choosing files in a folder. A file's type is detected from its content."""

ACCEPTED = ", ".join(media.label for media in MediaType)

_STARTS = (
    (b"\x89PNG\r\n\x1a\n", MediaType.PNG),
    (b"\xff\xd8\xff", MediaType.JPEG),
    (b"II*\x00", MediaType.TIFF),
    (b"MM\x00*", MediaType.TIFF),
    (b"II+\x00", MediaType.TIFF),
    (b"MM\x00+", MediaType.TIFF),
    (b"GIF87a", MediaType.GIF),
    (b"GIF89a", MediaType.GIF),
    (b"\x00\x00\x00\x0cjP  \r\n\x87\n", MediaType.JPEG_2000),
    (b"\xff\x4f\xff\x51", MediaType.JPEG_2000),
)
_BRANDS = {
    **dict.fromkeys((b"avif", b"avis"), MediaType.AVIF),
    **dict.fromkeys((b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx"), MediaType.HEIC),
}
"""What a file in the ISO base media format names as its kinds; videos are in this format, too."""
_ANY_IMAGE = frozenset({b"mif1", b"msf1"})
_PNM_SPACE = rb"(?:\s|#[^\n\r]*[\n\r])+"
_PNM = re.compile(rb"P[1-6]" + _PNM_SPACE + rb"[0-9]+" + _PNM_SPACE + rb"[0-9]+(?:\s|#)")
"""The kind, the width and the height, with comments: a text may begin with the first two characters."""


def sniff(head: bytes) -> MediaType | None:
    """Return the type of a file from its first `SNIFF_BYTES` bytes; None if it is not supported."""
    for start, media in _STARTS:
        if head.startswith(start):
            return media
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return MediaType.WEBP
    if head[4:8] == b"ftyp":
        return _of_brands(head)
    if _PNM.match(head):
        return MediaType.PNM
    # Many texts begin with the two letters of a BMP: its header length (40 to 124, or 12 for OS/2) decides.
    if (
        head[:2] == b"BM"
        and len(head) >= 18
        and int.from_bytes(head[14:18], "little") in (12, 16, 40, 52, 56, 64, 108, 124)
    ):
        return MediaType.BMP
    # PDF readers accept junk before the header, and so do people's files.
    if b"%PDF-" in head[:SNIFF_BYTES]:
        return MediaType.PDF
    return None


def _of_brands(head: bytes) -> MediaType | None:
    """Return the type of a file in the ISO base media format; None if it is a video or of an unknown kind."""
    end = min(len(head), int.from_bytes(head[:4], "big"))
    brands = [head[start : start + 4] for start in (8, *range(16, end - 3, 4))]
    known = [_BRANDS[brand] for brand in brands if brand in _BRANDS]
    if known:
        return known[0]
    return MediaType.HEIC if _ANY_IMAGE.intersection(brands) else None
