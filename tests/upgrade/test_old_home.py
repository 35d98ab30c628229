"""The window opens with the home folder of version 0.1, and shows and does what that version did."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from configparser import RawConfigParser
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.helpers import plain_http
from tests.helpers.processes import clean_env, run_valkey, short_folder
from tests.helpers.wait import wait_until
from tests.upgrade.old_data import DATA, load_redis, restore_home

_PROBE = Path(__file__).with_name("window_probe.py")
_SERVERS, _KEYS, _LANGUAGES, _WATCHED, _BEHAVIOUR, _APPEARANCE, _SHORTCUTS, _PRIVACY = range(8)
"""The settings' panes, in the order of their list."""


@dataclass(frozen=True)
class OldHome:
    """A home with an open window, and what that window showed."""

    path: Path
    shown: dict[str, Any]

    @property
    def data(self) -> Path:
        """The data folder."""
        return self.path / ".local/share/ocrdesk"

    @property
    def shortcuts(self) -> dict[str, str]:
        """The shortcuts of actions, by version 0.1's names for them."""
        ini = RawConfigParser()
        ini.optionxform = str  # type: ignore[assignment,method-assign]  # as the standard library says to
        ini.read(DATA / "desktop/home/.config/ocrdesk/desktop.ini")
        return dict(ini["shortcuts"])

    def settings(self, pane: int, kind: str) -> list[Any]:
        """Return the values of the controls of a class in one of the settings' panes."""
        return [value for each, value in self.shown["panes"][pane] if each == kind]

    def spoken(self, name: str) -> str:
        """Return what the list says about the only job with this file name."""
        [words] = [words for shown, words in self.shown["jobs"] if shown == name]
        return str(words)

    def get(self, path: str) -> Any:
        """Return a response of the local server that the window has started."""
        state = json.loads((self.data / "backend.json").read_text())
        headers = {"X-API-Key": (self.data / "token").read_text().strip()}
        answer = plain_http.get(f"{state['url']}/api/v1{path}", headers=headers, timeout=60, trust_env=False)
        answer.raise_for_status()
        return answer.json()

    def job_id(self, name: str) -> str:
        [found] = [job["job_id"] for job in self.get("/ocr/jobs")["jobs"] if job["file_name"] == name]
        return str(found)


@pytest.fixture(scope="module")
def home() -> Iterator[OldHome]:
    with short_folder() as folder:
        path = folder / "home"
        restore_home(path)
        data = path / ".local/share/ocrdesk"
        with run_valkey(data) as url:
            load_redis(url, DATA / "desktop" / "redis.json")
        keys = OldHome(path, {}).shortcuts
        wanted = [keys[name] for name in ("SettingsDoor.settings", "OutActions.export", "LibraryPlace.action")]
        with subprocess.Popen(
            [sys.executable, str(_PROBE), *wanted, "ferry"],
            env=_environment(path, folder),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as window:
            line = window.stdout.readline() if window.stdout else ""
            if line:
                yield OldHome(path, json.loads(line))
            _, complaints = window.communicate(timeout=60)
            assert window.returncode == 0, complaints
        wait_until(lambda: not (data / "backend.json").exists(), "the end of the local server")


def _environment(home: Path, folder: Path) -> dict[str, str]:
    """Return the environment of a user of that home, without a display or a keyring."""
    kept = {name: value for name, value in clean_env().items() if not name.startswith("XDG_")}
    own = {"HOME": str(home), "XDG_RUNTIME_DIR": str(folder), "QT_QPA_PLATFORM": "offscreen", "LC_ALL": "C.UTF-8"}
    return kept | own | {"DBUS_SESSION_BUS_ADDRESS": f"unix:path={os.devnull}", "OCR_TIMEOUT_PER_PAGE": "120"}


def test_the_servers_are_the_same(home: OldHome) -> None:
    [servers] = home.settings(_SERVERS, "list")
    assert len(servers) == 2
    assert servers[1][0] == "Office"


def test_the_local_server_is_set_up_the_same(home: OldHome) -> None:
    assert home.settings(_SERVERS, "number")[0] == 1
    assert home.get("/health/ready")["workers"] == 1


def test_new_jobs_get_the_same_options(home: OldHome) -> None:
    assert home.settings(_LANGUAGES, "choice") == ["tesseract", "force"]
    assert home.settings(_LANGUAGES, "text") == ["http://127.0.0.1:9/languages"]
    ticked = [is_ticked for words, is_ticked in home.settings(_LANGUAGES, "list")[-1] if "(auto)" in words]
    assert ticked == [True]


def test_the_watched_folder_is_watched_and_its_files_are_not_read_again(home: OldHome) -> None:
    [folders] = home.settings(_WATCHED, "list")
    assert [name for name, _ in folders] == [str(home.path / "watched")]
    assert home.settings(_WATCHED, "switch")[0] is True
    assert "Finished" in home.spoken("old.png")  # one row; reading the file again would have added another
    assert "Finished" in home.spoken("new.png")


def test_the_switches_are_as_they_were(home: OldHome) -> None:
    assert home.settings(_BEHAVIOUR, "switch") == [False, True, False]
    assert home.settings(_BEHAVIOUR, "choice") == ["en"]
    assert home.settings(_APPEARANCE, "switch") == [False, False, True]
    assert home.settings(_PRIVACY, "switch") == [True]


def test_every_action_has_the_keys_that_it_was_given(home: OldHome) -> None:
    [table] = home.settings(_SHORTCUTS, "table")
    assert {keys for _, keys in table} == set(home.shortcuts.values())
    by_title = dict(table)
    for title, name in (
        ("Export", "OutActions.export"),
        ("Quit", "WindowActions.quit"),
        ("Undo", "ReviewActions.undo"),
        ("Pause", "JobActions.pause"),
        ("Library", "LibraryPlace.action"),
        ("Paste", "WaysIn.paste"),
    ):
        assert by_title[title] == home.shortcuts[name]


def test_options_switched_on_in_the_menus_stay_on(home: OldHome) -> None:
    names = ("OutActions.join_lines", "ReviewActions.plain_text", "ReviewActions.thumbnails")
    assert {home.shortcuts[name] for name in names} <= set(home.shown["checked"])


def test_the_export_dialog_has_the_last_choices(home: OldHome) -> None:
    controls = home.shown["export"]
    assert next(value for kind, value in controls if kind == "choice")[0] == "text"
    assert [value for kind, value in controls if kind == "text"] == [str(home.path / "exported"), "{name}-{number}"]
    assert [value for kind, value in controls if kind == "switch"] == [True, True, True]


def test_pending_files_are_restored(home: OldHome) -> None:
    assert "Paused" in home.spoken("paused.png")
    assert "none of the types that can be read" in home.spoken("refused.png")
    assert "Paused" in home.spoken("manual.tiff")
    assert "2 of 8" in home.spoken("manual.tiff")


def test_a_file_that_waited_is_sent_and_read_once(home: OldHome) -> None:
    job_id = home.job_id("waiting.png")
    wait_until(lambda: home.get(f"/ocr/jobs/{job_id}")["status"] == "finished", "the waiting file's end")
    assert "This file waits" in home.get(f"/ocr/result/{job_id}")["text"]


def test_a_correction_that_was_not_saved_reaches_the_server(home: OldHome) -> None:
    job_id = home.job_id("letter.png")
    wait_until(lambda: home.get(f"/ocr/result/{job_id}")["text"].startswith("Gamma meadow green"), "the corrected text")
    word = home.get(f"/ocr/jobs/{job_id}/document")["pages"][0]["blocks"][0]["lines"][0]["words"][0]
    assert (word["text"], word["source"]) == ("Gamma", "corrected")


def test_the_library_finds_what_was_read_before(home: OldHome) -> None:
    """This includes files that would not be added again: they were read before the library was last switched on."""
    assert [name for name, _ in home.shown["hits"]] == ["born-digital.pdf"] * 4
    assert all("ferry" in words for _, words in home.shown["hits"])
