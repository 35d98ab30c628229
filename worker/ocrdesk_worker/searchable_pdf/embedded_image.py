"""Images for a PDF.

The bytes of a JPEG are embedded unchanged. A black-and-white image becomes CCITT Group 4 or Deflate, whichever is
shorter. All others become Deflate with PNG's predictors, with as many bits and colours as the file has. Only
photos in formats that PDFs cannot contain lose a little: they become JPEGs.
"""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, TiffImagePlugin

from ocrdesk_worker.preprocess.grayscale import on_paper

_EMBEDDABLE_JPEG = frozenset({0xC0, 0xC1, 0xC2})
"""Frame markers of baseline, extended and progressive Huffman JPEGs; PDF readers know no others."""
_JPEG_WITHOUT_LENGTH = frozenset({0x01, *range(0xD0, 0xDA)})
_DEVICE = {1: "/DeviceGray", 3: "/DeviceRGB", 4: "/DeviceCMYK"}
_ICC_SPACE = {1: b"GRAY", 3: b"RGB ", 4: b"CMYK"}
_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_PNG_COMPONENTS = {0: 1, 2: 3, 3: 1}
_PHOTO_QUALITY = 90
_LONGEST_JPEG = 65_500
_LARGEST_PROFILE = 4_000_000


@dataclass(frozen=True, slots=True)
class EmbeddedImage:
    """An image XObject: its size, the dictionary entries that describe its encoding, and its compressed bytes."""

    width: int
    height: int
    entries: str
    components: int
    content: bytes
    profile: bytes = b""
    """Its ICC profile, for `components` colours; if it is set, the entries name no colour space."""


def embed_jpeg(path: Path, profile: bytes) -> EmbeddedImage | None:
    """Return the file's first JPEG unchanged; None if PDF readers could not show it."""
    return _jpeg(path.read_bytes(), profile)


def embed_photo(image: Image.Image, profile: bytes) -> EmbeddedImage | None:
    """Return a loaded image in grey or colours as a JPEG; None if it is too long, or has another mode."""
    if image.mode not in ("L", "RGB") or "transparency" in image.info or max(image.size) > _LONGEST_JPEG:
        return None
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=_PHOTO_QUALITY, subsampling=0)
    return _jpeg(buffer.getvalue(), profile)


def _jpeg(content: bytes, profile: bytes) -> EmbeddedImage | None:
    frame = _jpeg_frame(content)
    if frame is None:
        return None
    inverted = " /Decode [1 0 1 0 1 0 1 0]" if frame.components == 4 and frame.is_adobe else ""
    return _embedded(
        frame.width,
        frame.height,
        f"/BitsPerComponent 8 /Filter /DCTDecode{inverted}",
        frame.components,
        content[: frame.end],
        profile,
    )


def embed_png(path: Path, profile: bytes) -> EmbeddedImage | None:
    """Return the file's pixel data unchanged; None if the image is interlaced or not opaque."""
    content = path.read_bytes()
    is_interlaced = content[28:29] != b"\0"
    kind = content[25]
    if is_interlaced or kind not in _PNG_COMPONENTS or any(name == b"tRNS" for name, _ in _png_chunks(content)):
        return None
    return _png(content, profile)


def embed(image: Image.Image) -> EmbeddedImage:
    """Return a loaded image of any mode; transparent areas become white."""
    profile = image.info.get("icc_profile") or b""
    image = on_paper(image)
    if image.mode == "1":
        return min(_group_4(image), _deflated(image, b""), key=lambda image: len(image.content))
    if image.mode == "CMYK":
        packed = zlib.compress(image.tobytes(), 6)
        entries = "/BitsPerComponent 8 /Filter /FlateDecode"
        return _embedded(image.width, image.height, entries, 4, packed, profile)
    return _deflated(image, profile)


def _embedded(width: int, height: int, entries: str, components: int, content: bytes, profile: bytes) -> EmbeddedImage:
    fits = len(profile) < _LARGEST_PROFILE and profile[16:20] == _ICC_SPACE[components] and profile[36:40] == b"acsp"
    space = "" if fits else f" /ColorSpace {_DEVICE[components]}"
    return EmbeddedImage(width, height, entries + space, components, content, profile if fits else b"")


# ── PNG ──────────────────────────────────────────────────────────────────────────────────────────


def _deflated(image: Image.Image, profile: bytes) -> EmbeddedImage:
    """Return the image encoded by Pillow's PNG writer."""
    buffer = io.BytesIO()
    image.save(buffer, "PNG", compress_level=6, icc_profile=None)
    return _png(buffer.getvalue(), profile)


def _png(content: bytes, profile: bytes) -> EmbeddedImage:
    """Return a PNG's pixel data, which a PDF can contain unchanged."""
    width, height, depth, kind = struct.unpack(">IIBB", content[16:26])
    components = _PNG_COMPONENTS[kind]
    entries = (
        f"/BitsPerComponent {depth} /Filter /FlateDecode /DecodeParms "
        f"<< /Predictor 15 /Colors {components} /BitsPerComponent {depth} /Columns {width} >>"
    )
    chunks = list(_png_chunks(content))
    data = b"".join(chunk for name, chunk in chunks if name == b"IDAT")
    if kind != 3:
        return _embedded(width, height, entries, components, data, profile)
    palette = b"".join(chunk for name, chunk in chunks if name == b"PLTE")
    entries += f" /ColorSpace [/Indexed /DeviceRGB {len(palette) // 3 - 1} <{palette.hex()}>]"
    return EmbeddedImage(width, height, entries, components, data)


def _png_chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(_PNG_SIGNATURE)
    while at + 8 <= len(content):
        length, name = struct.unpack(">I4s", content[at : at + 8])
        yield name, content[at + 8 : at + 8 + length]
        at += 12 + length


# ── black and white ──────────────────────────────────────────────────────────────────────────────


def _group_4(image: Image.Image) -> EmbeddedImage:
    """Return the image encoded by libtiff's fax encoder, as one strip."""
    buffer = io.BytesIO()
    image.save(buffer, "TIFF", compression="group4", strip_size=1 << 31, dpi=(72, 72))
    written = Image.open(buffer)
    tags = written.tag_v2  # type: ignore[attr-defined]  # it is a TIFF
    (start,), (length,) = tags[TiffImagePlugin.STRIPOFFSETS], tags[TiffImagePlugin.STRIPBYTECOUNTS]
    is_black_one = tags[TiffImagePlugin.PHOTOMETRIC_INTERPRETATION] == 1
    entries = (
        f"/BitsPerComponent 1 /ColorSpace /DeviceGray /Filter /CCITTFaxDecode /DecodeParms << /K -1 "
        f"/Columns {image.width} /Rows {image.height} /BlackIs1 {str(is_black_one).lower()} >>"
    )
    return EmbeddedImage(image.width, image.height, entries, 1, buffer.getvalue()[start : start + length])


# ── JPEG ─────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _JpegFrame:
    width: int
    height: int
    components: int
    is_adobe: bool
    end: int


def _jpeg_frame(content: bytes) -> _JpegFrame | None:
    """Return the frame header and the end of the first JPEG in a file; None if a PDF cannot contain it."""
    at, is_adobe = 2, False
    found: tuple[int, int, int] | None = None
    while at + 4 <= len(content):
        if content[at] != 0xFF:
            return None
        marker = content[at + 1]
        if marker == 0xFF or marker in _JPEG_WITHOUT_LENGTH:
            if marker == 0xD9:
                return None
            at += 1 if marker == 0xFF else 2
            continue
        (length,) = struct.unpack(">H", content[at + 2 : at + 4])
        body = content[at + 4 : at + 2 + length]
        if marker == 0xEE and body.startswith(b"Adobe"):
            is_adobe = True
        elif 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            if marker not in _EMBEDDABLE_JPEG or len(body) < 6 or body[0] != 8:
                return None
            height, width = struct.unpack(">HH", body[1:5])
            found = width, height, body[5]
        elif marker == 0xDA:
            break
        at += 2 + length
    if found is None or found[2] not in _DEVICE or not found[0] or not found[1]:
        return None
    return _JpegFrame(*found, is_adobe, _jpeg_end(content, at))


def _jpeg_end(content: bytes, at: int) -> int:
    """Return the end of the JPEG whose first scan is at `at`: phones append more images to it."""
    while True:
        at = content.find(b"\xff", at)
        if at < 0 or at + 1 >= len(content):
            return len(content)
        marker = content[at + 1]
        if marker == 0xD9:
            return at + 2
        if marker in (0x00, 0xFF) or 0xD0 <= marker <= 0xD7:
            at += 1 if marker == 0xFF else 2
        else:
            at += 2 + int.from_bytes(content[at + 2 : at + 4], "big")
