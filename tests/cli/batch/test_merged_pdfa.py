"""PDF/A files become one PDF/A file, if their colours are the same."""

from __future__ import annotations

import io
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String
from PIL import ImageCms

from ocrdesk.cli.batch.merge import MergeError, merge_pdfs
from tests.helpers.pdf_reading import pdfa_claim
from tests.helpers.sample_files import scan_pdf

SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
LAB = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()


def pdfa(part: str = "2", profile: bytes | None = SRGB) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(scan_pdf(["a"]))) as pdf:
        if profile is not None:
            stream = pdf.make_stream(profile, N=3)
            intent = Dictionary(S=Name("/GTS_PDFA1"), Info=String("x"), DestOutputProfile=stream)
            pdf.Root.OutputIntents = Array([pdf.make_indirect(intent)])
        with pdf.open_metadata() as metadata:
            metadata["pdfaid:part"] = part
            metadata["pdfaid:conformance"] = "A"
        pdf.save(out)
    return out.getvalue()


def joined(folder: Path, *contents: bytes, must_be_pdfa: bool = False) -> Path:
    parts = []
    for number, content in enumerate(contents):
        path = folder / str(number)
        path.write_bytes(content)
        parts.append((path, f"{number}.pdf"))
    merge_pdfs(parts, folder / "all.pdf", pdfa=must_be_pdfa)
    return folder / "all.pdf"


def profiles_of(path: Path) -> list[bytes]:
    with pikepdf.open(path) as pdf:
        return [it.DestOutputProfile.read_bytes() for it in pdf.Root.get("/OutputIntents", Array())]


@pytest.mark.parametrize(("levels", "expected"), [("22", "2"), ("12", "2"), ("1", "2"), ("23", "3")])
def test_the_joined_file_follows_the_highest_part_of_the_standard(tmp_path: Path, levels: str, expected: str) -> None:
    path = joined(tmp_path, *(pdfa(level) for level in levels), must_be_pdfa=True)
    assert pdfa_claim(path) == (expected, "B")
    assert profiles_of(path) == [SRGB]
    with pikepdf.open(path) as pdf:
        assert len(pdf.pages) == len(levels)
        assert "/ID" in pdf.trailer


def test_a_file_without_device_colours_needs_no_profile(tmp_path: Path) -> None:
    path = joined(tmp_path, pdfa(profile=None), pdfa())
    assert (pdfa_claim(path), profiles_of(path)) == (("2", "B"), [SRGB])


def test_profiles_that_differ_only_in_their_time_are_the_same(tmp_path: Path) -> None:
    later = bytearray(SRGB)
    later[24:36] = bytes(12)
    path = joined(tmp_path, pdfa(), pdfa(profile=bytes(later)), must_be_pdfa=True)
    assert profiles_of(path) == [SRGB]


@pytest.mark.parametrize(
    ("second", "reason"),
    [
        (scan_pdf(["b"]), "1.pdf is not PDF/A"),
        (pdfa(profile=LAB), "another colour profile"),
        (pdfa("4"), "newer part of the standard"),
    ],
)
def test_files_that_do_not_fit_are_joined_to_an_ordinary_pdf_or_refused(
    tmp_path: Path, second: bytes, reason: str
) -> None:
    path = joined(tmp_path, pdfa(), second)
    assert (pdfa_claim(path), profiles_of(path)) == ((None, None), [])
    before = path.read_bytes()
    with pytest.raises(MergeError, match=reason):
        joined(tmp_path, pdfa(), second, must_be_pdfa=True)
    assert path.read_bytes() == before
