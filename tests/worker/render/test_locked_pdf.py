"""PDFs with passwords: a copy without it has the same pages, and the key opens the original."""

from __future__ import annotations

from pathlib import Path

import pikepdf
import pytest

from ocrdesk.contract.errors import ErrorCode
from ocrdesk_worker.errors import ProcessingError
from ocrdesk_worker.render.locked_pdf import unlock
from tests.helpers.locked_pdfs import METHODS, locked_pdf
from tests.helpers.pdf_reading import pdfium_text
from tests.helpers.sample_files import text_pdf, truncated_pdf
from tests.worker.conftest import Save


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("which", ["user", "owner"])
def test_either_password_opens_the_file(save: Save, tmp_path: Path, method: str, which: str) -> None:
    path = save(locked_pdf(text_pdf(["Payslip"]), method, user="tulip", owner="gardener"))
    unlocked = unlock(path, {"user": "tulip", "owner": "gardener"}[which], tmp_path)
    assert unlocked is not None
    assert pdfium_text(unlocked.copy).strip() == "Payslip"
    with pikepdf.open(unlocked.protected, password=unlocked.key.hex(), hex_password=True) as pdf:
        assert len(pdf.pages) == 1
    with pikepdf.open(unlocked.protected, password="tulip") as pdf:
        assert pdf.user_password_matched


@pytest.mark.parametrize("method", METHODS)
def test_letters_beyond_ascii_are_encoded_as_the_file_has_them(save: Save, tmp_path: Path, method: str) -> None:
    path = save(locked_pdf(text_pdf(["Payslip"]), method, user="Größe€"))
    unlocked = unlock(path, "Gro\u0308ße€", tmp_path)
    assert unlocked is not None
    pikepdf.open(unlocked.protected, password="Größe€").close()


@pytest.mark.parametrize("method", METHODS)
def test_another_password_is_refused(save: Save, tmp_path: Path, method: str) -> None:
    path = save(locked_pdf(text_pdf(["Payslip"]), method, user="tulip"))
    with pytest.raises(ProcessingError) as raised:
        unlock(path, "Tulip", tmp_path)
    assert raised.value.info.code is ErrorCode.WRONG_PASSWORD
    assert "ulip" not in str(raised.value)
    assert not (tmp_path / "unlocked.pdf").exists()


@pytest.mark.parametrize(
    "content",
    [text_pdf(["Open"]), locked_pdf(text_pdf(["Open"]), "256-bit AES"), truncated_pdf(), b"%PDF-1.7 nothing"],
    ids=["plain", "owner's password only", "truncated", "damaged"],
)
def test_a_file_that_needs_no_password_stays(save: Save, tmp_path: Path, content: bytes) -> None:
    assert unlock(save(content), "tulip", tmp_path) is None
    assert not (tmp_path / "unlocked.pdf").exists()
