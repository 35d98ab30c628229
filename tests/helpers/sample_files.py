"""Makes input files for tests: images, TIFFs and PDFs with known words, and damaged ones, without any font."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence

from PIL import Image, ImageDraw, ImageFont

MARGIN = 40
_A4 = (595, 842)
# Table 20 of the PDF specification: pads passwords to 32 bytes.
_PASSWORD_PADDING = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")


def text_image(text: str, size: tuple[int, int] = (900, 220), font_size: int = 40) -> Image.Image:
    """Return an image with black lines of text on white, in mode RGB."""
    image = Image.new("RGB", size, "white")
    ImageDraw.Draw(image).multiline_text(
        (MARGIN, MARGIN), text, fill="black", font=ImageFont.load_default(size=font_size), spacing=24
    )
    return image


def image_bytes(image: Image.Image, form: str = "PNG", **options: object) -> bytes:
    """Return the image as a file in one of Pillow's formats."""
    buffer = io.BytesIO()
    image.save(buffer, form, **options)
    return buffer.getvalue()


def text_png(text: str, size: tuple[int, int] = (900, 220)) -> bytes:
    return image_bytes(text_image(text, size))


def multipage_tiff(texts: Sequence[str]) -> bytes:
    """Return a compressed TIFF at 300 dpi, with a page for each text."""
    first, *rest = [text_image(text) for text in texts]
    return image_bytes(
        first, "TIFF", save_all=True, append_images=rest, dpi=(300, 300), compression="tiff_adobe_deflate"
    )


def scan_pdf(texts: Sequence[str]) -> bytes:
    """Return a PDF whose pages are images only, as scanners make them."""
    first, *rest = [text_image(text, (1200, 800)) for text in texts]
    return image_bytes(first, "PDF", save_all=True, append_images=rest, resolution=200)


def text_pdf(texts: Sequence[str], *, size_pt: tuple[float, float] = _A4, rotate: int = 0) -> bytes:
    """Return a PDF of real text in Helvetica, with a page for each text."""
    return _pdf(texts, size_pt, rotate, None)


def encrypted_pdf(texts: Sequence[str], password: str = "secret") -> bytes:
    """Return a PDF that cannot be opened without its password (the standard handler's 40-bit RC4)."""
    return _pdf(texts, _A4, 0, password)


def truncated_pdf() -> bytes:
    """Return the first bytes of a PDF: a header and half an object."""
    return scan_pdf(["Cut off"])[:200]


def damaged_on_page_2() -> bytes:
    """Return a TIFF of two pages, the second of which cannot be read."""
    tiff = bytearray(multipage_tiff(["Good", "Bad"]))
    with Image.open(io.BytesIO(tiff)) as opened:
        opened.seek(1)
        (strip, *_) = opened.tag_v2[273]  # type: ignore[attr-defined]  # a TIFF has it
    tiff[strip + 2 : strip + 400] = b"\xff" * 398
    return bytes(tiff)


def _pdf(texts: Sequence[str], size_pt: tuple[float, float], rotate: int, password: str | None) -> bytes:
    file_id = hashlib.md5(b"ocrdesk").digest()
    lock = _Lock(password, file_id) if password is not None else None
    pages = range(len(texts))
    kids = " ".join(f"{4 + 2 * n} 0 R" for n in pages)
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {len(texts)} /Kids [{kids}] >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for n in pages:
        content = _page_content(texts[n], size_pt[1])
        if lock:
            content = lock.encrypt(content, number=5 + 2 * n)
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {size_pt[0]} {size_pt[1]}] /Rotate {rotate} "
            f"/Resources << /Font << /F1 3 0 R >> >> /Contents {5 + 2 * n} 0 R >>".encode()
        )
        objects.append(f"<< /Length {len(content)} >>\nstream\n".encode() + content + b"\nendstream")
    if lock:
        objects.append(lock.dictionary())
    return _assembled(objects, file_id, encrypted=lock is not None)


def _page_content(text: str, height_pt: float) -> bytes:
    lines = "".join(f"({line}) Tj T* " for line in text.split("\n"))
    return f"BT /F1 20 Tf 30 TL 72 {height_pt - 100} Td {lines}ET".encode("cp1252")


def _assembled(objects: list[bytes], file_id: bytes, *, encrypted: bool) -> bytes:
    out = io.BytesIO()
    out.write(b"%PDF-1.4\n")
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.write(b"".join(b"%010d 00000 n \n" % offset for offset in offsets))
    trailer = f"/Size {len(objects) + 1} /Root 1 0 R /ID [<{file_id.hex()}> <{file_id.hex()}>]"
    if encrypted:
        trailer += f" /Encrypt {len(objects)} 0 R"
    out.write(f"trailer\n<< {trailer} >>\nstartxref\n{start}\n%%EOF\n".encode())
    return out.getvalue()


class _Lock:
    """The standard security handler, revision 2 (PDF 1.4, sections 3.5.1 and 3.5.2)."""

    _PERMISSIONS = -44

    def __init__(self, password: str, file_id: bytes) -> None:
        padded = (password.encode() + _PASSWORD_PADDING)[:32]
        self._owner = _rc4(hashlib.md5(padded).digest()[:5], padded)
        permissions = self._PERMISSIONS.to_bytes(4, "little", signed=True)
        self._key = hashlib.md5(padded + self._owner + permissions + file_id).digest()[:5]
        self._user = _rc4(self._key, _PASSWORD_PADDING)

    def encrypt(self, data: bytes, number: int) -> bytes:
        key = hashlib.md5(self._key + number.to_bytes(3, "little") + b"\0\0").digest()[:10]
        return _rc4(key, data)

    def dictionary(self) -> bytes:
        return (
            f"<< /Filter /Standard /V 1 /R 2 /O <{self._owner.hex()}> /U <{self._user.hex()}> "
            f"/P {self._PERMISSIONS} >>".encode()
        )


def _rc4(key: bytes, data: bytes) -> bytes:
    state = list(range(256))
    j = 0
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) % 256
        state[i], state[j] = state[j], state[i]
    out = bytearray()
    i = j = 0
    for byte in data:
        i = (i + 1) % 256
        j = (j + state[i]) % 256
        state[i], state[j] = state[j], state[i]
        out.append(byte ^ state[(state[i] + state[j]) % 256])
    return bytes(out)
