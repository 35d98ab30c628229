"""`ocrdesk languages`: its output and exit codes, and that a running local server picks up changes."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.helpers import plain_http
from tests.helpers.language_mirror import ServedMirror, real_pack, serving_mirror
from tests.helpers.processes import Backend, run_ocrdesk, running_backend, short_folder
from tests.helpers.sample_files import text_png
from tests.helpers.wait import wait_until


@pytest.fixture
def served(tmp_path: Path) -> Iterator[ServedMirror]:
    """A mirror with German under the name of a language that is not installed."""
    with serving_mirror(tmp_path / "mirror") as mirror:
        mirror.put("tlh", real_pack("deu"))
        yield mirror


class LanguagesCommand:
    """`ocrdesk languages` on a separate data folder."""

    def __init__(self, data_dir: Path, **env: str) -> None:
        self.data_dir, self.env = data_dir, env

    def __call__(self, command: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        done = run_ocrdesk("languages", command, *arguments, OCRDESK_DATA_DIR=str(self.data_dir), **self.env)
        assert "Traceback" not in done.stderr, done.stderr
        return done

    def names(self) -> set[str]:
        done = self("list", "--json")
        assert done.returncode == 0
        return {entry["name"] for entry in map(json.loads, done.stdout.splitlines()) if entry["installed"]}


@pytest.fixture
def languages(tmp_path: Path, served: ServedMirror) -> LanguagesCommand:
    return LanguagesCommand(
        tmp_path / "data", OCRDESK_LANGUAGE_MIRROR=served.url, XDG_CACHE_HOME=str(tmp_path / "cache")
    )


def test_the_list_names_each_language_where_it_comes_from_and_what_can_be_added(languages: LanguagesCommand) -> None:
    done = languages("list")
    assert done.returncode == 0
    lines = {line.split()[0]: line for line in done.stdout.splitlines()}
    assert "English" in lines["eng"]
    assert "MB" in lines["eng"]
    assert "eng.traineddata" in lines["eng"]
    assert "can be added" in lines["tlh"]
    assert "osd" not in lines
    assert "ocrdesk languages add NAME" in done.stderr


def test_a_language_is_added_listed_and_removed(languages: LanguagesCommand) -> None:
    done = languages("add", "tlh")
    assert (done.returncode, done.stdout) == (0, "")
    assert "tlh was added" in done.stderr.replace(" (tlh)", "")
    assert "tlh" in languages.names()
    again = languages("add", "tlh")
    assert again.returncode == 0
    assert "already installed" in again.stderr
    assert languages("remove", "tlh").returncode == 0
    assert "tlh" not in languages.names()


def test_a_failed_language_is_reported_and_the_others_are_added(languages: LanguagesCommand, tmp_path: Path) -> None:
    file = tmp_path / "qya.traineddata"
    shutil.copyfile(real_pack("deu"), file)
    bad = tmp_path / "xal.traineddata"
    bad.write_bytes(b"no data")
    done = languages("add", "sjn", bad, file, "tlh")
    assert done.returncode == 1
    assert "does not have sjn; it has tlh" in done.stderr
    assert "xal.traineddata cannot be used: it is not a traineddata file" in done.stderr
    assert {"qya", "tlh"} <= languages.names()


def test_included_languages_are_neither_downloaded_nor_removed(languages: LanguagesCommand) -> None:
    added = languages("add", "eng")
    assert added.returncode == 0
    assert "already installed" in added.stderr
    removed = languages("remove", "eng")
    assert removed.returncode == 1
    assert "ocrdesk: eng " in removed.stderr


def test_without_a_mirror_it_explains_how_to_add_languages(languages: LanguagesCommand) -> None:
    languages.env["OCRDESK_LANGUAGE_MIRROR"] = ""
    done = languages("add", "tlh", "deu_latf")
    assert done.returncode == 2
    for part in (
        "apt-get install tesseract-ocr-tlh tesseract-ocr-deu-latf",
        "tlh.traineddata",
        "OCRDESK_LANGUAGE_MIRROR",
    ):
        assert part in done.stderr
    listed = languages("list")
    assert listed.returncode == 0
    assert "OCRDESK_LANGUAGE_MIRROR" in listed.stderr


def test_an_option_names_the_mirror_too(languages: LanguagesCommand, served: ServedMirror) -> None:
    languages.env["OCRDESK_LANGUAGE_MIRROR"] = ""
    assert languages("add", "--mirror", served.url, "tlh").returncode == 0


def test_an_unavailable_mirror_and_a_wrong_one_have_different_exit_codes(languages: LanguagesCommand) -> None:
    away = languages("add", "--mirror", "http://127.0.0.1:9/packs", "tlh")
    assert away.returncode == 3
    assert "cannot be reached" in away.stderr
    assert languages("add", "--mirror", "gopher://nowhere", "tlh").returncode == 2
    listed = languages("list", "--mirror", "http://127.0.0.1:9/packs")
    assert listed.returncode == 0
    assert "eng" in listed.stdout
    assert "cannot be reached" in listed.stderr


@pytest.mark.parametrize("name", ["a-b", "auto", "osd", "x" * 80])
def test_an_invalid_language_name_is_a_usage_error(languages: LanguagesCommand, name: str) -> None:
    assert languages("add", name).returncode == 2


def test_a_folder_becomes_a_mirror(languages: LanguagesCommand, tmp_path: Path) -> None:
    folder = tmp_path / "mirror"
    (folder / "index.json").unlink()
    (folder / "bad.traineddata").write_bytes(b"bad")
    done = languages("index", folder)
    assert done.returncode == 1
    assert "bad.traineddata is excluded" in done.stderr
    (folder / "bad.traineddata").unlink()
    assert languages("index", folder).returncode == 0
    assert languages("add", "tlh").returncode == 0
    assert languages("index", tmp_path / "nowhere").returncode == 2


# ── with a running server ────────────────────────────────────────────────────────────────────────


@pytest.fixture
def serving() -> Iterator[Backend]:
    with short_folder() as folder, running_backend(folder / "data", workers=1) as backend:
        yield backend


def test_a_running_server_picks_up_added_and_removed_languages(
    serving: Backend, served: ServedMirror, tmp_path: Path
) -> None:
    languages = LanguagesCommand(serving.data_dir, OCRDESK_LANGUAGE_MIRROR=served.url)
    picture = tmp_path / "hello.png"
    picture.write_bytes(text_png("Hello world"))

    def ocr() -> subprocess.CompletedProcess[str]:
        return run_ocrdesk("ocr", "-l", "tlh", "--data-dir", serving.data_dir, picture)

    def offered() -> set[str]:
        answer = plain_http.get(f"{serving.api}/capabilities", headers={"X-API-Key": serving.token}, trust_env=False)
        return set(answer.json()["languages"])

    before = ocr()
    assert before.returncode == 1
    assert "The language tlh is not installed" in before.stderr
    assert "ocrdesk languages add tlh (or: apt-get install tesseract-ocr-tlh)" in before.stderr
    assert languages("add", "tlh").returncode == 0
    assert "tlh" in offered()  # `add` has waited for it
    after = ocr()
    assert (after.returncode, after.stdout) == (0, "Hello world\n"), after.stderr
    assert languages("remove", "tlh").returncode == 0
    wait_until(lambda: "tlh" not in offered(), "the language's end")
    assert "not installed" in ocr().stderr
