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
        ("AVIF", MediaType.AVIF),
        ("JPEG2000", MediaType.JPEG_2000),
        ("PPM", MediaType.PNM),
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
        (b"P4\n# scanned\n2480 3508\n\xff", MediaType.PNM),
        (b"P2 # grey #\n# two lines\n3\n# of comments\n2 15\n", MediaType.PNM),
        (b"\xff\x4f\xff\x51\x00\x29", MediaType.JPEG_2000),
        (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", MediaType.HEIC),
        (b"\x00\x00\x00\x1cftypmif1\x00\x00\x00\x00mif1heicmiaf", MediaType.HEIC),
        (b"\x00\x00\x00\x1cftypmif1\x00\x00\x00\x00mif1avifmiaf", MediaType.AVIF),
        (b"\x00\x00\x00\x14ftypmsf1\x00\x00\x00\x00hevc", MediaType.HEIC),
        (b"\x00\x00\x00 ftypheic", MediaType.HEIC),
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
        b"\x00\x00\x00\x0cjP  ",
        b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00isommp42",
        b"\x00\x00\x00\x14ftypqt  \x00\x00\x00\x00qt  avif",
        b"\x00\x00\x00\x00ftyp",
        b"P4 is a processor of 2000 and 2001.",
        b"P6 12\n",
        b"P7\nWIDTH 4\n",
        b"P9 3 3 255\n",
    ],
)
def test_other_content_has_no_type(head: bytes) -> None:
    assert sniff(head) is None


def test_a_pdf_is_detected_from_its_first_bytes_alone() -> None:
    assert sniff(text_pdf(["x"])[:8]) is MediaType.PDF


def test_the_accepted_types_are_named_as_people_know_them() -> None:
    assert ACCEPTED == "PDF, PNG, JPEG, TIFF, WebP, HEIC, AVIF, JPEG 2000, PPM/PGM/PBM, BMP, GIF"
