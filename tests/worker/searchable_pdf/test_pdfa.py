"""PDF/A-2b: what is added and removed, what is refused, and PDF/A that stays what it is."""

from __future__ import annotations

import io
import struct
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf, String
from PIL import Image

from ocrdesk.contract.errors import ErrorCode
from ocrdesk.contract.media_types import MediaType
from ocrdesk.contract.pdf_options import PdfOptions
from ocrdesk_worker.errors import ProcessingError
from ocrdesk_worker.searchable_pdf.writer import write_searchable_pdf
from tests.helpers.locked_pdfs import locked_pdf
from tests.helpers.pdf_reading import assert_sound, pdfa_claim
from tests.helpers.sample_files import image_bytes, scan_pdf, text_pdf
from tests.helpers.searchable_pdfs import page_of, word
from tests.helpers.special_pdfs import changed_pdf, with_attachments
from tests.worker.conftest import Save

PAGE = page_of([word("Scanned", (50, 50, 300, 90))], size=(1200, 800))


def written(save: Save, tmp_path: Path, content: bytes, **options: bool) -> Path:
    out = tmp_path / f"out{len(list(tmp_path.iterdir()))}.pdf"
    write_searchable_pdf(save(content), MediaType.PDF, iter([PAGE]), out, options=PdfOptions(**options))
    assert_sound(out)
    return out


def test_a_scan_gets_what_pdfa_needs(save: Save, tmp_path: Path) -> None:
    content = scan_pdf(["Scanned"])
    out = written(save, tmp_path, content, pdfa=True)
    assert pdfa_claim(out) == ("2", "B")
    with pikepdf.open(out) as pdf:
        (intent,) = pdf.Root.OutputIntents
        assert Name("/GTS_PDFA1") == intent.S
        profile = intent.DestOutputProfile.read_bytes()
        assert b"acsp" in profile[:40]
        year_to_second = struct.unpack(">6H", profile[24:36])
        assert year_to_second == (2026, 1, 1, 0, 0, 0), "the time of writing makes each file another one"
        assert "/ID" in pdf.trailer
        assert pdf.pdf_version <= "1.7"
        fonts = [it for it in pdf.objects if isinstance(it, Dictionary) and it.get("/Type") == Name.FontDescriptor]
        assert all("/FontFile2" in font for font in fonts)
    assert out.stat().st_size < len(content) + 8000


def test_the_same_input_gives_the_same_bytes(save: Save, tmp_path: Path) -> None:
    content = scan_pdf(["Scanned"])  # its own date would be another one a second later
    one, two = (written(save, tmp_path, content, pdfa=True) for _ in range(2))
    assert one.read_bytes() == two.read_bytes()


def forbidden_extras(pdf: Pdf) -> None:
    script = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))
    pdf.Root.OpenAction = script
    pdf.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array([String("a"), script])))
    pdf.Root.AcroForm = Dictionary(Fields=Array(), XFA=Array(), NeedAppearances=True)
    link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 9, 9], F=2, A=Dictionary(S=Name.Launch))
    pdf.pages[0].obj.Annots = Array([pdf.make_indirect(link)])
    pdf.pages[0].obj.AA = Dictionary(O=script)
    next(iter(pdf.pages[0].get_images().values())).Interpolate = True


def test_what_pdfa_forbids_and_nobody_sees_is_removed(save: Save, tmp_path: Path) -> None:
    content = with_attachments({"a.txt": b"attached"}, changed_pdf(forbidden_extras))
    with pikepdf.open(written(save, tmp_path, content, pdfa=True)) as pdf:
        assert "/OpenAction" not in pdf.Root
        assert "/Collection" not in pdf.Root
        assert not {"/JavaScript", "/EmbeddedFiles"} & set(pdf.Root.Names.keys())
        assert not {"/XFA", "/NeedAppearances"} & set(pdf.Root.AcroForm.keys())
        page = pdf.pages[0].obj
        assert "/AA" not in page
        assert "/A" not in page.Annots[0]
        assert page.Annots[0].F == 4
        assert next(iter(pdf.pages[0].get_images().values())).Interpolate is False


def cmyk_scan() -> bytes:
    return image_bytes(Image.new("CMYK", (1200, 800), (0, 0, 0, 40)), "PDF", resolution=200)


def note_without_appearance(pdf: Pdf) -> None:
    note = Dictionary(Type=Name.Annot, Subtype=Name.Text, Rect=[0, 0, 20, 20], Contents=String("Hello"))
    pdf.pages[0].obj.Annots = Array([note])


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (text_pdf(["Helvetica is not in the file"]), "Helvetica"),
        (cmyk_scan(), "CMYK"),
        (changed_pdf(note_without_appearance), "Text"),
        (locked_pdf(scan_pdf(["Scanned"]), "256-bit AES"), "protected"),
    ],
    ids=["fonts", "colours", "annotation", "restrictions"],
)
def test_what_cannot_become_pdfa_is_refused_with_the_reason(
    save: Save, tmp_path: Path, content: bytes, reason: str
) -> None:
    with pytest.raises(ProcessingError) as raised:
        written(save, tmp_path, content, pdfa=True)
    assert raised.value.info.code is ErrorCode.PDFA_IMPOSSIBLE
    assert reason in str(raised.value)


def test_restrictions_can_be_dropped_for_it(save: Save, tmp_path: Path) -> None:
    content = locked_pdf(scan_pdf(["Scanned"]), "256-bit AES")
    assert pdfa_claim(written(save, tmp_path, content, pdfa=True, unlock=True)) == ("2", "B")


def test_a_font_that_nothing_uses_does_not_matter(save: Save, tmp_path: Path) -> None:
    def add(pdf: Pdf) -> None:
        font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
        pdf.pages[0].obj.Resources.Font = Dictionary(F1=pdf.make_indirect(font))

    assert pdfa_claim(written(save, tmp_path, changed_pdf(add), pdfa=True)) == ("2", "B")


def pdfa_3(pdf: Pdf) -> None:
    with pdf.open_metadata() as metadata:
        metadata["pdfaid:part"] = "3"
        metadata["pdfaid:conformance"] = "B"
        metadata["dc:title"] = "Minutes"


def profile_of(change: Callable[[Pdf], None]) -> bytes:
    """Return a PDF/A of our own making, marked by another program."""
    buffer = io.BytesIO()
    with pikepdf.open(io.BytesIO(scan_pdf(["Scanned"]))) as pdf:
        change(pdf)
        profile = pdf.make_stream(b"profile", N=3)
        intent = Dictionary(Type=Name.OutputIntent, S=Name("/GTS_PDFA1"), DestOutputProfile=profile)
        pdf.Root.OutputIntents = Array([intent])
        pdf.save(buffer)
    return buffer.getvalue()


def test_pdfa_stays_what_it_is(save: Save, tmp_path: Path) -> None:
    out = written(save, tmp_path, profile_of(pdfa_3))
    assert pdfa_claim(out) == ("3", "B")
    with pikepdf.open(out) as pdf:
        assert pdf.Root.OutputIntents[0].DestOutputProfile.read_bytes() == b"profile"
        assert "/ID" in pdf.trailer
