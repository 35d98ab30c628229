"""The export dialog writes files in every format, and reports failures."""

from __future__ import annotations

import threading
from pathlib import Path

import pikepdf
from PySide6.QtCore import Qt

from ocrdesk.desktop.jobs.row import RowState
from ocrdesk.export.formats import FORMATS
from tests.desktop.conftest import Desktop
from tests.helpers.export_jobs import add_finished_jobs, press_export
from tests.helpers.fake_server import FakeServer
from tests.helpers.sample_files import text_image


def test_result_is_written_in_every_format(local: Desktop, tmp_path: Path) -> None:
    image = tmp_path / "letter.png"
    text_image("Take this along").save(image)
    local.driver.drop(image)
    local.wait(lambda: local.row("letter.png") is not None and local.row("letter.png").state is RowState.FINISHED, 90)
    out = tmp_path / "out"
    for form, found in FORMATS.items():
        dialog = local.driver.open_export()
        dialog.set_up(form, out)
        assert dialog.text("export_name_preview") == f"letter{found.suffix}"
        if form == "csv":
            assert press_export(local, dialog) == "No table was found in letter.png."
            assert not (out / "letter.csv").exists()
        else:
            assert press_export(local, dialog) == f"letter{found.suffix} was written."
            assert (out / f"letter{found.suffix}").stat().st_size > 0
        dialog.dialog.close()
    assert (out / "letter.txt").read_text().split() == ["Take", "this", "along"]
    with pikepdf.open(out / "letter.pdf") as pdf:
        assert len(pdf.pages) == 1


def test_one_failed_file_does_not_stop_the_others(staged: Desktop, stage: FakeServer, tmp_path: Path) -> None:
    add_finished_jobs(staged, stage, "First", "Second", "Third")
    staged.driver.job_list.selectAll()
    dialog = staged.driver.open_export()
    dialog.set_up("text", tmp_path, "{number} {name}")
    del stage.pages[f"{1:032x}"], stage.jobs[f"{1:032x}"]
    said = press_export(staged, dialog)
    assert said.startswith("2 files were written.")
    assert "Not written: 1.png: " in said
    assert sum(path.suffix == ".txt" for path in tmp_path.iterdir()) == 2


def test_dialog_stays_open_if_it_cannot_write_to_the_folder(staged: Desktop, stage: FakeServer, tmp_path: Path) -> None:
    add_finished_jobs(staged, stage, "Text")
    (tmp_path / "file").write_text("no folder")
    dialog = staged.driver.open_export()
    dialog.set_up("text", tmp_path / "file" / "below")
    assert "Choose another folder." in press_export(staged, dialog)
    assert dialog.dialog.isVisible()
    assert dialog.is_enabled("export_button")


def test_wrong_pattern_is_reported_before_the_export(staged: Desktop, stage: FakeServer, tmp_path: Path) -> None:
    add_finished_jobs(staged, stage, "Text")
    dialog = staged.driver.open_export()
    dialog.set_up("text", tmp_path, "{page}")
    assert "Unknown field {page}" in dialog.text("export_name_preview")
    assert not dialog.is_enabled("export_button")


def test_escape_stops_the_export_and_the_dialog_says_how_far_it_got(
    staged: Desktop, stage: FakeServer, tmp_path: Path
) -> None:
    add_finished_jobs(staged, stage, "First", "Second", "Third", "Fourth")
    staged.driver.job_list.selectAll()
    dialog = staged.driver.open_export()
    dialog.set_up("text", tmp_path)
    stage.result_gate = threading.Event()
    stage.result_asked.clear()
    dialog.start()
    staged.wait(stage.result_asked.is_set)
    staged.qtbot.keyClick(dialog.dialog, Qt.Key.Key_Escape)
    assert dialog.dialog.isVisible()
    stage.result_gate.set()
    staged.wait(lambda: dialog.is_over)
    assert "was written." in dialog.outcome
    assert dialog.outcome.endswith("Stopped: 3 files were not written.")
    assert len(list(tmp_path.glob("*.txt"))) == 1
    assert dialog.is_enabled("export_button")
    with staged.qtbot.waitSignal(dialog.dialog.finished):
        staged.qtbot.keyClick(dialog.dialog, Qt.Key.Key_Escape)


def test_empty_result_is_reported_and_an_existing_file_stays(
    staged: Desktop, stage: FakeServer, tmp_path: Path
) -> None:
    add_finished_jobs(staged, stage, "", "Some text")
    (tmp_path / "0.txt").write_text("older")
    staged.driver.job_list.selectAll()
    dialog = staged.driver.open_export()
    dialog.set_up("text", tmp_path)
    dialog.tick("export_replace_files")
    assert press_export(staged, dialog) == "1.txt was written.\nNo text was found in 0.png."
    assert sorted(path.name for path in tmp_path.glob("*.txt")) == ["0.txt", "1.txt"]
    assert (tmp_path / "0.txt").read_text() == "older"
