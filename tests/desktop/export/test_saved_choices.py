"""The choices of the last export."""

from __future__ import annotations

from pathlib import Path

from ocrdesk.desktop.export.saved_choices import ExportChoices
from ocrdesk.desktop.system.settings_file import open_settings
from tests.desktop.conftest import Desktop
from tests.helpers.export_jobs import add_finished_jobs, press_export
from tests.helpers.fake_server import FakeServer


def test_choices_are_remembered(staged: Desktop, stage: FakeServer, tmp_path: Path) -> None:
    add_finished_jobs(staged, stage, "Text")
    dialog = staged.driver.open_export()
    dialog.set_up("md", tmp_path, "{name} {date}")
    press_export(staged, dialog)
    dialog.dialog.close()
    again = staged.driver.open_export()
    assert again.format == "md"
    assert (again.text("export_folder"), again.text("export_name")) == (str(tmp_path), "{name} {date}")


def test_choice_of_an_older_version_to_omit_headers_and_footers_is_kept(tmp_path: Path) -> None:
    file = tmp_path / "desktop.ini"
    file.write_text("[export]\nform=md\nwithout_furniture=true\n")
    choices = ExportChoices(open_settings(file))
    assert choices.last_export().omit_headers_footers
    choices.keep(omit_headers_footers=False)
    assert not choices.last_export().omit_headers_footers
