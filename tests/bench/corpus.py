"""The external corpus for measuring accuracy: page images, receipts and documents, each with its ground truth."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from scoring import PlacedWord, hocr_words

NEEDED = """\
--corpus DIR is needed. DIR may contain:
  pages/image/NAME.png (or .jpg, .tif), pages/truth/NAME.hocr   words and their boxes (ocrx_word) in the image's pixels
  receipts/NAME.jpg, receipts/NAME.txt                          the receipt's lines, in any order
  documents/NAME.pdf (or .tif, .png), NAME.txt or NAME.gold.txt the first page's text"""

ENGLISH = ("eng",)
_PAGE_KINDS = (".png", ".jpg", ".jpeg", ".tif", ".tiff")
_DOCUMENT_KINDS = (".pdf", ".tif", ".png")
_TEXT_KINDS = (".gold.txt", ".txt")
_SEVERAL_LANGUAGES = {"eurotext": ("eng", "deu", "fra", "ita", "spa", "por")}
"""The languages of documents in more than English, by name."""


@dataclass(frozen=True, slots=True)
class Case:
    """A file whose first page is read, and the truth: words with boxes, or a text."""

    name: str
    path: Path
    languages: tuple[str, ...]
    words: tuple[PlacedWord, ...] = ()
    text: str = ""


def pages(folder: Path) -> Iterator[Case]:
    """Yield the page images that have an hOCR truth."""
    for truth in sorted((folder / "pages" / "truth").glob("*.hocr")):
        if path := _beside(folder / "pages" / "image", truth.stem, _PAGE_KINDS):
            yield Case(truth.stem, path, ENGLISH, words=tuple(hocr_words(truth.read_text("utf-8", "replace"))))


def receipts(folder: Path) -> Iterator[Case]:
    """Yield the receipts that have a text."""
    for path in sorted((folder / "receipts").glob("*.jpg")):
        truth = path.with_suffix(".txt")
        if truth.is_file():
            yield Case(path.stem, path, ENGLISH, text=truth.read_text("utf-8", "replace"))


def documents(folder: Path, installed: tuple[str, ...]) -> Iterator[Case]:
    """Yield the documents that have a text; if they have several languages, with those that are installed."""
    for truth in sorted((folder / "documents").glob("*.txt")):
        suffix = next(kind for kind in _TEXT_KINDS if truth.name.endswith(kind))
        name = truth.name.removesuffix(suffix)
        if path := _beside(truth.parent, name, _DOCUMENT_KINDS):
            wanted = _SEVERAL_LANGUAGES.get(name, ENGLISH)
            languages = tuple(language for language in wanted if language in installed)
            yield Case(name, path, languages or ENGLISH, text=truth.read_text("utf-8", "replace"))


def _beside(folder: Path, name: str, kinds: tuple[str, ...]) -> Path | None:
    return next((path for kind in kinds if (path := folder / f"{name}{kind}").is_file()), None)
