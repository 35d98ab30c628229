"""Reads PDFs with other programs: text by Poppler and PDFium, a check by qpdf."""

from __future__ import annotations

import html
import re
import shutil
import subprocess
from pathlib import Path
from typing import NamedTuple

import pikepdf
import pypdfium2 as pdfium
import pytest

needs_pdftotext = pytest.mark.skipif(not shutil.which("pdftotext"), reason="pdftotext (poppler-utils) is not installed")
needs_qpdf = pytest.mark.skipif(not shutil.which("qpdf"), reason="qpdf is not installed")
_WORD = re.compile(r'<word xMin="(.+?)" yMin="(.+?)" xMax="(.+?)" yMax="(.+?)">(.*?)</word>')
_PAGE = re.compile(r'<page width="(.+?)" height="(.+?)">')
_DIRECTION_MARKS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")


class Found(NamedTuple):
    """A word and its place in points, from the upper left corner of the page as it is shown."""

    text: str
    place: tuple[float, float, float, float]


def pdfa_claim(path: Path) -> tuple[str | None, str | None]:
    """Return the part of PDF/A and the conformance that a file's metadata name."""
    with pikepdf.open(path) as pdf, pdf.open_metadata() as metadata:
        return metadata.get("pdfaid:part"), metadata.get("pdfaid:conformance")


def poppler_words(path: Path, number: int = 1) -> tuple[tuple[float, float], list[Found]]:
    """Return the displayed page's size in points, and its words."""
    said = _run("pdftotext", "-bbox", "-cropbox", "-f", str(number), "-l", str(number), str(path), "-")
    size = _PAGE.search(said)
    assert size
    words = [
        Found(html.unescape(text), (float(left), float(top), float(right), float(bottom)))
        for left, top, right, bottom, text in _WORD.findall(said)
    ]
    return (float(size[1]), float(size[2])), words


def poppler_text(path: Path) -> str:
    return _DIRECTION_MARKS.sub("", _run("pdftotext", "-raw", str(path), "-"))


def pdfium_text(path: Path, number: int = 1) -> str:
    document = pdfium.PdfDocument(path)
    text: str = document[number - 1].get_textpage().get_text_range()
    document.close()
    return text


def pdfium_place(path: Path, wanted: str, number: int = 1) -> tuple[float, float, float, float]:
    """Return left, bottom, right and top of the only place with that text, in the page's own space."""
    document = pdfium.PdfDocument(path)
    text = document[number - 1].get_textpage()
    searcher = text.search(wanted, match_case=True)
    at = searcher.get_next()
    assert at, f"{wanted} is not found"
    assert searcher.get_next() is None, f"{wanted} is found twice"
    boxes = [text.get_charbox(index) for index in range(at[0], at[0] + at[1])]
    document.close()
    return min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes)


def assert_sound(path: Path) -> None:
    """Check that qpdf reports no problem."""
    if shutil.which("qpdf"):
        done = subprocess.run(["qpdf", "--check", path], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


def _run(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout
