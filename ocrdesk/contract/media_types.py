"""Detects file types from their first bytes."""

from __future__ import annotations

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
    BMP = "image/bmp"
    GIF = "image/gif"

    @property
    def label(self) -> str:
        """The name that people know, such as PDF or PNG."""
        return {"image/webp": "WebP"}.get(self.value, self.value.rpartition("/")[2].upper())


SUFFIXES = (".pdf", ".png", ".jpg", ".jpeg", ".jpe", ".tif", ".tiff", ".webp", ".bmp", ".dib", ".gif")
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
)


def sniff(head: bytes) -> MediaType | None:
    """Return the type of a file from its first `SNIFF_BYTES` bytes; None if it is not supported."""
    for start, media in _STARTS:
        if head.startswith(start):
            return media
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return MediaType.WEBP
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
