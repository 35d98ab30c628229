"""File types told by their first bytes, never by their name."""

from __future__ import annotations

from enum import StrEnum

SNIFF_BYTES = 1024
"""How many leading bytes `sniff` wants to see (fewer when the file is shorter)."""


class MediaType(StrEnum):
    """The file types that are taken."""

    PDF = "application/pdf"
    PNG = "image/png"
    JPEG = "image/jpeg"
    TIFF = "image/tiff"
    WEBP = "image/webp"
    BMP = "image/bmp"
    GIF = "image/gif"

    @property
    def label(self) -> str:
        """The name that people know: PDF, PNG, ..."""
        return {"image/webp": "WebP"}.get(self.value, self.value.rpartition("/")[2].upper())


SUFFIXES = (".pdf", ".png", ".jpg", ".jpeg", ".jpe", ".tif", ".tiff", ".webp", ".bmp", ".dib", ".gif")
"""The usual name endings, for choosing files out of a folder. What a file is, its content says."""

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
    """The type that a file's first `SNIFF_BYTES` bytes give away, or None for one that is not taken."""
    for start, media in _STARTS:
        if head.startswith(start):
            return media
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return MediaType.WEBP
    # A BMP's two letters alone begin many texts: its header length (40 to 124, or 12 for OS/2) decides.
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
