"""Makes small files whose every page names its file and its number in words that Tesseract reads without mistakes."""

from __future__ import annotations

from enum import StrEnum

from tests.helpers.sample_files import image_bytes, multipage_tiff, text_image, text_pdf

_DIGITS = ("ZERO", "ONE", "TWO", "THREE", "FOUR", "FIVE", "SIX", "SEVEN", "EIGHT", "NINE")
_SENTENCE = "The old bridge across the river was repaired in spring"

_SIZE = (1000, 270)
"""Of a page in pixels: small, because Tesseract's time follows it."""


class Kind(StrEnum):
    """Kinds of files. The last two are damaged."""

    IMAGE = "image"
    SCAN = "scan"
    TIFF = "tiff"
    TEXT_LAYER = "text layer"
    CUT_PDF = "cut PDF"
    CUT_IMAGE = "cut image"

    @property
    def is_damaged(self) -> bool:
        return self in (Kind.CUT_PDF, Kind.CUT_IMAGE)


def spoken(number: int) -> str:
    """Return a number digit by digit in words: `ONE ZERO FOUR`."""
    return " ".join(_DIGITS[int(digit)] for digit in str(number))


def page_words(file_number: int, page: int) -> list[str]:
    """Return the words that identify a page, in order."""
    return f"PAGE {spoken(page)} FILE {spoken(file_number)} END".split()


def is_page(text: str, file_number: int, page: int) -> bool:
    """Return whether a recognised text is that page's."""
    return " ".join(page_words(file_number, page)) in " ".join(text.split())


def page_text(file_number: int, page: int) -> str:
    return f"PAGE {spoken(page)}\nFILE {spoken(file_number)} END\n{_SENTENCE}"


def _scan(texts: list[str]) -> bytes:
    first, *rest = [text_image(text, _SIZE) for text in texts]
    return image_bytes(first, "PDF", save_all=True, append_images=rest, resolution=200)


def made(kind: Kind, file_number: int, pages: int) -> tuple[str, bytes]:
    """Return the name and the bytes of a file."""
    texts = [page_text(file_number, page) for page in range(1, pages + 1)]
    if kind is Kind.SCAN:
        return "scan.pdf", _scan(texts)
    if kind is Kind.TIFF:
        return "scan.tiff", multipage_tiff(texts)
    if kind is Kind.TEXT_LAYER:
        return "text.pdf", text_pdf([f"{text}\n{_SENTENCE}\n{_SENTENCE}" for text in texts])
    if kind is Kind.CUT_PDF:
        return "cut.pdf", _scan(texts)[:200]
    image = image_bytes(text_image(texts[0], _SIZE))
    return ("cut.png", image[: len(image) // 3]) if kind is Kind.CUT_IMAGE else ("page.png", image)
