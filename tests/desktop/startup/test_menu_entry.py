"""The desktop entry and the AppStream file have everything that software centres and "Open with" need."""

from __future__ import annotations

import configparser
import shutil
import subprocess
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from ocrdesk.contract.media_types import MediaType
from ocrdesk.desktop.startup import menu_entry
from tests.helpers.wait import wait_until

PACKAGING = Path(__file__).resolve().parents[3] / "packaging"
METAINFO = PACKAGING / "ocrdesk.metainfo.xml"


OTHER_NAMES = {
    *("image/apng", "image/heif"),
    *("image/x-portable-pixmap", "image/x-portable-graymap", "image/x-portable-bitmap"),
}
"""What file managers call some files of the supported types."""


def parsed(text: str) -> configparser.ConfigParser:
    entry = configparser.ConfigParser(interpolation=None, strict=True)
    entry.optionxform = str  # type: ignore[assignment,method-assign]
    entry.read_string(text)
    return entry


def test_entry_opens_all_supported_types() -> None:
    entry = parsed((PACKAGING / menu_entry.NAME).read_text())["Desktop Entry"]
    assert set(entry["MimeType"].strip(";").split(";")) == {media.value for media in MediaType} | OTHER_NAMES
    assert entry["Exec"] == "ocrdesk desktop %F"
    for key in ("Name", "Comment", "Icon", "Type", "Categories", "StartupWMClass", "Comment[de]"):
        assert entry[key]
    assert entry["Categories"].endswith(";")


def test_entry_s_action_reads_a_part_of_the_screen() -> None:
    entry = parsed((PACKAGING / menu_entry.NAME).read_text())
    assert entry["Desktop Entry"]["Actions"] == "region;"
    assert entry["Desktop Action region"]["Exec"] == "ocrdesk --region"


def test_appstream_file_names_the_entry_and_the_same_types() -> None:
    root = ET.parse(METAINFO).getroot()
    assert root.get("type") == "desktop-application"
    assert root.findtext("launchable") == menu_entry.NAME
    assert {media.text for media in root.iter("mediatype")} == {media.value for media in MediaType} | OTHER_NAMES
    for tag in ("id", "name", "summary", "metadata_license", "project_license", "content_rating"):
        assert root.find(tag) is not None, tag
    assert not root.findtext("summary", "").endswith(".")


@pytest.mark.skipif(not shutil.which("appstreamcli"), reason="appstreamcli is not installed")
def test_appstream_file_has_no_errors() -> None:
    done = subprocess.run(
        ["appstreamcli", "validate", "--no-net", "--no-color", METAINFO], capture_output=True, text=True, timeout=60
    )
    assert not [line for line in done.stdout.splitlines() if line.startswith("E:")]


def test_installed_entry_names_this_installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    files = menu_entry.install()
    assert [str(file.relative_to(tmp_path)) for file in files] == [
        "applications/ocrdesk.desktop",
        "icons/hicolor/scalable/apps/ocrdesk.svg",
    ]
    entry = parsed(files[0].read_text())
    command = entry["Desktop Entry"]["TryExec"]
    assert Path(command).is_absolute()
    assert entry["Desktop Entry"]["Exec"] == f'"{command}" desktop %F'
    assert entry["Desktop Action region"]["Exec"] == f'"{command}" --region'


@pytest.mark.skipif(not shutil.which("desktop-file-validate"), reason="desktop-file-validate is not installed")
def test_entry_is_valid_also_for_older_systems(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    for entry in (PACKAGING / menu_entry.NAME, menu_entry.install()[0]):
        subprocess.run(["desktop-file-validate", "--no-hints", entry], check=True, timeout=60)


@pytest.mark.skipif(not shutil.which("gio"), reason="gio is not installed")
@pytest.mark.parametrize("folder", ["plain", 'a b$c`d"e', "ü\\g"])
def test_desktop_that_opens_files_with_the_entry_passes_their_names(tmp_path: Path, folder: str) -> None:
    command = tmp_path / folder / "ocrdesk"
    told = tmp_path / "told"
    command.parent.mkdir()
    command.write_text(f"#!/bin/sh\nprintf '%s\\n' \"$@\" > '{told}.part'; mv '{told}.part' '{told}'\n")
    command.chmod(0o755)
    entry = tmp_path / menu_entry.NAME
    entry.write_text(menu_entry.entry_text(command))
    files = [str(tmp_path / name) for name in ("a b.png", "c%20ü$d.pdf")]
    subprocess.run(["gio", "launch", entry, *files], check=True, timeout=60)
    wait_until(told.exists, "the start", 30)
    assert told.read_text().splitlines() == ["desktop", *files]


def test_odd_folder_is_quoted_as_the_specification_asks() -> None:
    exec_line = parsed(menu_entry.entry_text(Path("/opt/a b$c%d/ocrdesk")))["Desktop Entry"]["Exec"]
    assert exec_line == r'"/opt/a b\\$c%%d/ocrdesk" desktop %F'


def test_folder_that_cannot_be_written_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "applications").write_text("in the way")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    with pytest.raises(menu_entry.MenuEntryError, match="could not be written"):
        menu_entry.install()
