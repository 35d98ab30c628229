"""Options of the command line for PDFs: passwords from everywhere, and searchable PDFs as they are wanted."""

from __future__ import annotations

import os
from pathlib import Path

import pikepdf
import pytest

from ocrdesk.cli.pdf_options import read_password, unused_options
from ocrdesk.contract.pdf_options import PdfOptions
from tests.cli.conftest import Ocr
from tests.helpers.locked_pdfs import locked_pdf
from tests.helpers.processes import Backend, run_ocrdesk
from tests.helpers.sample_files import text_pdf
from tests.helpers.special_pdfs import signed_pdf

WORD = "Forget-me-not"


@pytest.fixture
def locked(tmp_path: Path) -> Path:
    path = tmp_path / "payslip.pdf"
    path.write_bytes(locked_pdf(text_pdf(["Payslip of May"]), "256-bit AES", user=WORD))
    return path


def test_the_password_may_come_from_an_argument_a_file_or_the_environment(
    backend: Backend, ocr: Ocr, locked: Path, tmp_path: Path
) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text(WORD + "\n")
    for done in (
        ocr("--password", WORD, locked),
        ocr("--password-file", secret, locked),
        run_ocrdesk("ocr", "--data-dir", backend.data_dir, locked, OCRDESK_PASSWORD=WORD),
    ):
        assert (done.returncode, done.stdout) == (0, "Payslip of May\n"), done.stderr


def test_a_wrong_password_is_said_and_not_repeated(ocr: Ocr, locked: Path) -> None:
    done = ocr("--password", "daisy", locked)
    assert done.returncode == 1
    assert "password does not open" in done.stderr
    assert "On the command line: --ask-password, or --password-file FILE." in done.stderr
    assert "daisy" not in done.stderr


def test_a_searchable_pdf_keeps_the_password_unless_it_is_unlocked(ocr: Ocr, locked: Path, tmp_path: Path) -> None:
    assert ocr("--password", WORD, locked, "-o", tmp_path / "kept.pdf").returncode == 0
    assert ocr("--password", WORD, locked, "-o", tmp_path / "open.pdf", "--unlock").returncode == 0
    with pytest.raises(pikepdf.PasswordError):
        pikepdf.open(tmp_path / "kept.pdf")
    pikepdf.open(tmp_path / "kept.pdf", password=WORD).close()
    pikepdf.open(tmp_path / "open.pdf").close()


def test_a_signed_file_is_read_with_a_note_and_changed_only_on_request(ocr: Ocr, tmp_path: Path) -> None:
    path, out = tmp_path / "contract.pdf", tmp_path / "out.pdf"
    path.write_bytes(signed_pdf(text_pdf(["A contract"])))
    text = ocr(path)
    assert (text.returncode, text.stdout) == (0, "A contract\n")
    assert "signed" in text.stderr
    refused = ocr(path, "-o", out)
    assert refused.returncode == 1
    assert "On the command line: --invalidate-signatures." in refused.stderr
    assert not out.exists()
    assert ocr(path, "-o", out, "--invalidate-signatures").returncode == 0
    assert out.exists()


def test_merged_files_are_one_pdfa(ocr: Ocr, folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "both.pdf"
    assert ocr(folder / "one.png", folder / "two.png", "-o", out, "--merge", "--pdfa").returncode == 0
    with pikepdf.open(out) as pdf, pdf.open_metadata() as metadata:
        assert (metadata["pdfaid:part"], len(pdf.pages)) == ("2", 2)


def test_options_of_searchable_pdfs_are_refused_for_other_formats(ocr: Ocr, locked: Path) -> None:
    done = ocr("--no-rotate", "--pdfa", locked)
    assert done.returncode == 2
    assert "applies to pdf, not to text" in " ".join(done.stderr.split())


def test_names_of_options_are_those_of_the_command_line() -> None:
    options = PdfOptions(rotate=False, unlock=True, invalidate_signatures=True)
    assert unused_options(options) == "--no-rotate, --unlock, --invalidate-signatures"


def test_the_environment_does_not_keep_the_password(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("OCRDESK_PASSWORD", WORD)
    assert read_password(None, None, ask=False) == WORD
    assert "OCRDESK_PASSWORD" not in os.environ
    monkeypatch.setenv("OCRDESK_PASSWORD", WORD)
    assert read_password("other", None, ask=False) == "other"


@pytest.mark.parametrize("content", [None, b"", b"\n", b"\xff\xfe"], ids=["missing", "empty", "blank", "not UTF-8"])
def test_a_password_file_without_a_password_is_an_error(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "secret.txt"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ValueError, match="password file"):
        read_password(None, path, ask=False)


def test_one_source_of_the_password_is_enough(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="choose one"):
        read_password("tulip", tmp_path / "secret.txt", ask=False)
