"""The options of searchable PDFs in the export dialog."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pikepdf

from ocrdesk.contract.pdf_options import PdfOptions
from ocrdesk.desktop.export.saved_choices import ExportChoices
from ocrdesk.desktop.jobs.row import RowState
from ocrdesk.desktop.system.settings_file import open_settings
from tests.desktop.conftest import Desktop
from tests.helpers.export_jobs import add_finished_jobs, press_export
from tests.helpers.fake_server import FakeServer
from tests.helpers.sample_files import scan_pdf
from tests.helpers.special_pdfs import signed_pdf


def test_a_signed_file_is_written_when_that_is_allowed(local: Desktop, tmp_path: Path) -> None:
    contract = tmp_path / "contract.pdf"
    contract.write_bytes(signed_pdf(scan_pdf(["A contract"])))
    local.driver.drop(contract)
    local.wait(lambda: local.row(contract.name) is not None and local.row(contract.name).state is RowState.FINISHED, 90)
    dialog = local.driver.open_export()
    dialog.set_up("pdf", tmp_path / "out")
    refused = press_export(local, dialog)
    assert refused.startswith("Not written: contract.pdf: A change makes the PDF's signature invalid.")
    dialog.tick("export_pdf_invalidate_signatures")
    dialog.tick("export_pdf_pdfa")
    assert press_export(local, dialog) == "contract.pdf was written."
    with pikepdf.open(tmp_path / "out" / "contract.pdf") as pdf, pdf.open_metadata() as metadata:
        assert metadata["pdfaid:part"] == "2"


def test_they_are_shown_for_searchable_pdfs_and_remembered(staged: Desktop, stage: FakeServer, tmp_path: Path) -> None:
    add_finished_jobs(staged, stage, "Text")
    dialog = staged.driver.open_export()
    dialog.set_up("text", tmp_path)
    assert not dialog.is_shown("export_pdf_options")
    dialog.set_up("pdf", tmp_path)
    assert dialog.is_shown("export_pdf_options")
    dialog.tick("export_pdf_rotate", is_on=False)
    for name in ("deskew", "pdfa", "unlock", "invalidate_signatures"):
        dialog.tick(f"export_pdf_{name}")
    press_export(staged, dialog)
    dialog.dialog.close()
    again = staged.driver.open_export()
    found = [again.is_on(f"export_pdf_{it.name}") for it in fields(PdfOptions)]
    assert found == [False, True, True, False, False], "what weakens a file is chosen for each export"


def test_a_dragged_result_is_like_the_last_export(tmp_path: Path) -> None:
    choices = ExportChoices(open_settings(tmp_path / "desktop.ini"))
    assert choices.last_export().pdf == PdfOptions()
    choices.keep_pdf(PdfOptions(rotate=False, deskew=True, pdfa=True, unlock=True, invalidate_signatures=True))
    assert choices.last_export().pdf == PdfOptions(rotate=False, deskew=True, pdfa=True)
