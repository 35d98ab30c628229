"""File types by their first bytes: every type, and files that only look like one."""

from __future__ import annotations

import pytest

from ocrdesk.contract.media_types import ACCEPTED, SNIFF_BYTES, MediaType, sniff
from tests.helpers.sample_files import image_bytes, text_image, text_pdf

PICTURE = text_image("x", (60, 60))


@pytest.mark.parametrize(
    ("form", "media"),
    [
        ("PNG", MediaType.PNG),
        ("JPEG", MediaType.JPEG),
        ("TIFF", MediaType.TIFF),
        ("WEBP", MediaType.WEBP),
        ("BMP", MediaType.BMP),
        ("GIF", MediaType.GIF),
        ("PDF", MediaType.PDF),
    ],
)
def test_every_type_is_detected_from_its_content(form: str, media: MediaType) -> None:
    assert sniff(image_bytes(PICTURE, form)[:SNIFF_BYTES]) is media


@pytest.mark.parametrize(
    ("head", "media"),
    [
        (b"MM\x00*\x00\x00\x00\x08", MediaType.TIFF),
        (b"II+\x00\x08\x00\x00\x00", MediaType.TIFF),
        (b"MM\x00+\x00\x08\x00\x00", MediaType.TIFF),
        (b"GIF87a\x01\x00\x01\x00", MediaType.GIF),
        (b"\r\n\r\njunk of a mail gateway\r\n%PDF-1.3", MediaType.PDF),
        (b"\xef\xbb\xbf%PDF-1.7", MediaType.PDF),
        (b"x" * (SNIFF_BYTES - 5) + b"%PDF-", MediaType.PDF),
        (b"BM" + bytes(12) + b"\x0c\x00\x00\x00", MediaType.BMP),
    ],
)
def test_the_rarer_beginnings_are_known(head: bytes, media: MediaType) -> None:
    assert sniff(head) is media


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"\x89",
        b"\x89PNG",
        b"BM",
        b"BMW drives electric from now on.",
        b"BM" + bytes(16),
        b"RIFF\x00\x00\x00\x00WAVEfmt ",
        b"WEBP",
        b"II*",
        b"GIF88a",
        b"PK\x03\x04 a word document",
        b"<html>",
        b"%PD",
        b"x" * (SNIFF_BYTES - 4) + b"%PDF-",
        b"\x00" * SNIFF_BYTES,
        b"\x00\x00\x00\x0cjP  \r\n\x87\n",
        b"\x00\x00\x00 ftypheic",
    ],
)
def test_other_content_has_no_type(head: bytes) -> None:
    assert sniff(head) is None


def test_a_pdf_is_detected_from_its_first_bytes_alone() -> None:
    assert sniff(text_pdf(["x"])[:8]) is MediaType.PDF


def test_the_accepted_types_are_named_as_people_know_them() -> None:
    assert ACCEPTED == "PDF, PNG, JPEG, TIFF, WebP, BMP, GIF"
