"""Searchable PDFs keep passwords and restrictions, unless they are unlocked."""

from __future__ import annotations

from pathlib import Path

import pikepdf
import pytest

from ocrdesk.contract.media_types import MediaType
from ocrdesk.contract.pdf_options import PdfOptions
from ocrdesk_worker.render.locked_pdf import unlock
from ocrdesk_worker.searchable_pdf.protection import LockedOriginal
from ocrdesk_worker.searchable_pdf.writer import write_searchable_pdf
from tests.helpers.locked_pdfs import METHODS, NO_COPYING, locked_pdf
from tests.helpers.sample_files import scan_pdf
from tests.helpers.searchable_pdfs import page_of, word
from tests.worker.conftest import Save

PAGE = page_of([word("Scanned", (50, 50, 300, 90))], size=(1200, 800))


def written(source: Path, out: Path, original: LockedOriginal | None = None, *, unlocked: bool = False) -> Path:
    write_searchable_pdf(
        source, MediaType.PDF, iter([PAGE]), out, options=PdfOptions(unlock=unlocked), original=original
    )
    return out


def text_in(path: Path, password: str = "") -> bytes:
    with pikepdf.open(path, password=password) as pdf:
        return b"".join(it.read_bytes() for it in pdf.pages[0].obj.Contents)


@pytest.mark.parametrize("method", METHODS)
def test_restrictions_stay(save: Save, tmp_path: Path, method: str) -> None:
    source = save(locked_pdf(scan_pdf(["Scanned"]), method, owner="gardener"))
    out = written(source, tmp_path / "out.pdf")
    assert b"Tj" in text_in(out)
    for path in (source, out):
        with pikepdf.open(path) as pdf:
            assert METHODS[method][0] == pdf.encryption.R
            assert not pdf.allow.extract
            assert pdf.allow.print_highres == (method == "40-bit RC4" or NO_COPYING.print_highres)
    with pikepdf.open(out, password="gardener") as pdf:
        assert pdf.owner_password_matched
    assert out.stat().st_size < source.stat().st_size + 4000


@pytest.mark.parametrize("method", METHODS)
def test_unlocking_drops_them(save: Save, tmp_path: Path, method: str) -> None:
    out = written(save(locked_pdf(scan_pdf(["Scanned"]), method)), tmp_path / "out.pdf", unlocked=True)
    with pikepdf.open(out) as pdf:
        assert not pdf.is_encrypted


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("given", ["tulip", "gardener"])
def test_a_password_stays(save: Save, tmp_path: Path, method: str, given: str) -> None:
    locked = save(locked_pdf(scan_pdf(["Scanned"]), method, user="tulip", owner="gardener"))
    unlocked = unlock(locked, given, tmp_path)
    assert unlocked
    original = LockedOriginal(unlocked.protected, unlocked.key)
    out = written(unlocked.copy, tmp_path / "out.pdf", original)
    with pytest.raises(pikepdf.PasswordError):
        pikepdf.open(out)
    for password in {"tulip", given}:
        assert b"Tj" in text_in(out, password)
    with pikepdf.open(out, password="tulip") as pdf:
        assert pdf.encryption.R == 6
        assert not pdf.allow.extract
    assert b"Tj" in text_in(written(unlocked.copy, tmp_path / "open.pdf", original, unlocked=True))
