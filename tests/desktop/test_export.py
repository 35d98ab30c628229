"""Results leave the window: files in every format under names of one's choice, and copied text with joined lines."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pikepdf
import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication

from ocrdesk.contract.states import JobState
from ocrdesk.desktop.export.actions import joined
from ocrdesk.desktop.export.plan import Export, PatternError, Wanted, completed, name_of, paths_of
from ocrdesk.desktop.export.saved_choices import ExportChoices
from ocrdesk.desktop.jobs.row import RowState
from ocrdesk.export.formats import FORMATS
from tests.desktop.conftest import Desktop
from tests.helpers.export_driver import ExportDriver
from tests.helpers.fake_server import FakeServer, make_job, make_page
from tests.helpers.sample_files import text_image

TODAY = date(2026, 11, 26)


def finished(desktop: Desktop, stage: FakeServer, *texts: str) -> None:
    """Puts a finished job for each text on the stage: `0.png` and so on."""
    for number, text in enumerate(texts):
        job = make_job(f"{number:032x}", f"{number}.png", JobState.FINISHED, page_count=1, pages_done=1)
        stage.put(job, [make_page(1, text)])
        stage.tell(job.job_id)
    desktop.wait(lambda: len(desktop.model.rows()) == len(texts))


def export(folder: Path = Path(), pattern: str = "{name}", *, replaces: bool = False) -> Export:
    return Export("text", ".txt", folder, pattern, replaces=replaces)


def test_choices_that_a_format_does_not_have_are_left_out(tmp_path: Path) -> None:
    chosen = Export("md", "", Path(), join_lines=True, omit_headers_footers=True)
    assert completed(chosen, tmp_path) == Export("md", ".md", tmp_path, omit_headers_footers=True)
    assert completed(Export("of an older version", "", Path()), tmp_path).suffix == ".pdf"


def press_export(desktop: Desktop, dialog: ExportDriver) -> str:
    """Return what the dialog says in the end."""
    dialog.start()
    desktop.wait(lambda: dialog.is_over, 90)
    return dialog.outcome


# ── names ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("pattern", "file_name", "expected"),
    [
        ("{name}", "scan.pdf", "scan.txt"),
        ("{date} {name} {number}", "scan.pdf", "2026-11-26 scan 007.txt"),
        ("a/b:{name}", 'what?*".png', "a_b_what___.txt"),
        ("", "scan.pdf", "_.txt"),
        ("{name}", "con.png", "con_.txt"),
        ("  {name}. ", "x.png", "x.txt"),
    ],
)
def test_names_follow_the_pattern_and_suit_every_system(pattern: str, file_name: str, expected: str) -> None:
    assert name_of(export(pattern=pattern), file_name, 7, TODAY) == expected


def test_long_names_fit_into_every_file_system() -> None:
    assert len(name_of(export(), "ü" * 300 + ".pdf", 1, TODAY).encode()) < 220


def test_unknown_field_is_named() -> None:
    with pytest.raises(PatternError, match="page"):
        name_of(export(pattern="{page}"), "x.pdf", 1, TODAY)


def test_no_two_files_take_one_name_and_none_is_lost(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("mine")
    wanted = [Wanted("1", "a.pdf"), Wanted("2", "A.png"), Wanted("3", "b.png")]
    names = [path.name for path in paths_of(export(tmp_path), wanted, TODAY)]
    assert names == ["a-2.txt", "A-3.txt" if (tmp_path / "A.txt").exists() else "A.txt", "b.txt"]
    replaced = [path.name for path in paths_of(export(tmp_path, replaces=True), wanted, TODAY)]
    assert replaced == ["a.txt", "A-2.txt", "b.txt"]


# ── the dialog ───────────────────────────────────────────────────────────────────────────────────


def test_a_result_is_written_in_every_format_that_the_server_offers(local: Desktop, tmp_path: Path) -> None:
    image = tmp_path / "letter.png"
    text_image("Take this along").save(image)
    local.driver.drop(image)
    local.wait(lambda: local.row("letter.png") is not None and local.row("letter.png").state is RowState.FINISHED, 90)
    out = tmp_path / "out"
    for form, found in FORMATS.items():
        dialog = local.driver.open_export()
        dialog.set_up(form, out)
        assert dialog.text("export_name_preview") == f"letter{found.suffix}"
        assert press_export(local, dialog) == f"letter{found.suffix} is written."
        assert (out / f"letter{found.suffix}").stat().st_size > 0 or form == "csv"  # there is no table
        dialog.dialog.close()
    assert (out / "letter.txt").read_text().split() == ["Take", "this", "along"]
    with pikepdf.open(out / "letter.pdf") as pdf:
        assert len(pdf.pages) == 1


def test_many_are_written_at_once_and_one_that_fails_stops_no_other(
    staged: Desktop, stage: FakeServer, tmp_path: Path
) -> None:
    finished(staged, stage, "First", "Second", "Third")
    staged.driver.job_list.selectAll()
    dialog = staged.driver.open_export()
    dialog.set_up("text", tmp_path, "{number} {name}")
    del stage.pages[f"{1:032x}"], stage.jobs[f"{1:032x}"]
    said = press_export(staged, dialog)
    assert said.startswith("2 files are written.")
    assert "Not written: 1.png: " in said
    assert sum(path.suffix == ".txt" for path in tmp_path.iterdir()) == 2


def test_a_folder_that_cannot_be_written_to_is_told_and_the_dialog_stays(
    staged: Desktop, stage: FakeServer, tmp_path: Path
) -> None:
    finished(staged, stage, "Text")
    (tmp_path / "file").write_text("no folder")
    dialog = staged.driver.open_export()
    dialog.set_up("text", tmp_path / "file" / "below")
    assert "Choose another." in press_export(staged, dialog)
    assert dialog.dialog.isVisible()
    assert dialog.is_enabled("export_button")


def test_a_wrong_pattern_is_told_before_anything_is_written(staged: Desktop, stage: FakeServer, tmp_path: Path) -> None:
    finished(staged, stage, "Text")
    dialog = staged.driver.open_export()
    dialog.set_up("text", tmp_path, "{page}")
    assert "There is no {page}" in dialog.text("export_name_preview")
    assert not dialog.is_enabled("export_button")


def test_choices_are_remembered(staged: Desktop, stage: FakeServer, tmp_path: Path) -> None:
    finished(staged, stage, "Text")
    dialog = staged.driver.open_export()
    dialog.set_up("md", tmp_path, "{name} {date}")
    press_export(staged, dialog)
    dialog.dialog.close()
    again = staged.driver.open_export()
    assert again.format == "md"
    assert (again.text("export_folder"), again.text("export_name")) == (str(tmp_path), "{name} {date}")


# ── copying ──────────────────────────────────────────────────────────────────────────────────────


def test_joined_text_has_a_paragraph_on_each_line() -> None:
    assert joined("One line\nand an-\nother.\n\nNext\f\nPage") == "One line and another.\n\nNext\n\nPage"
    assert joined("") == ""


def test_copied_lines_are_joined_when_wished_and_that_is_remembered(
    staged: Desktop, stage: FakeServer, tmp_path: Path
) -> None:
    finished(staged, stage, "One line\nand another.\n\nNext")
    staged.wait(lambda: "another" in staged.driver.shown_text)
    staged.driver.trigger("copy_text")
    assert "One line\nand another." in QApplication.clipboard().text()
    staged.driver.trigger("join_lines")
    staged.driver.trigger("copy_text")
    assert "One line and another." in QApplication.clipboard().text()
    assert ExportChoices(QSettings(str(tmp_path / "desktop.ini"), QSettings.Format.IniFormat)).joins_copied_lines


def test_the_choice_of_an_older_version_to_omit_headers_and_footers_is_kept(tmp_path: Path) -> None:
    file = tmp_path / "desktop.ini"
    file.write_text("[export]\nform=md\nwithout_furniture=true\n")
    choices = ExportChoices(QSettings(str(file), QSettings.Format.IniFormat))
    assert choices.last_export().omit_headers_footers
    choices.keep(omit_headers_footers=False)
    assert not choices.last_export().omit_headers_footers
