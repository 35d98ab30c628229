"""The local server is started before the arguments are parsed, if they are certain to need it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

from ocrdesk.cli import early_start
from ocrdesk.cli.app import app
from ocrdesk.local.server import attach, state
from tests.helpers.processes import run_ocrdesk


class Started:
    """Stands for a started server."""

    def __init__(self, data_dir: Path | None) -> None:
        self.data_dir = data_dir
        self.users, self.is_released = self, False

    def release(self) -> None:
        self.is_released = True


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Started]]:
    """What is started instead of servers."""
    all_started: list[Started] = []

    def begin(data_dir: Path | None = None) -> Started:
        all_started.append(Started(data_dir))
        return all_started[-1]

    monkeypatch.setattr(attach, "begin", begin)
    monkeypatch.delenv("OCRDESK_SERVER", raising=False)
    yield all_started
    early_start._early = None


@pytest.fixture
def page(tmp_path: Path) -> str:
    (tmp_path / "page.png").write_bytes(b"")
    return str(tmp_path / "page.png")


def test_the_options_are_those_of_the_command() -> None:
    group = typer.main.get_command(app)
    options = {
        name: parameter.is_flag  # type: ignore[attr-defined]
        for parameter in group.commands[early_start.COMMAND].params  # type: ignore[attr-defined]
        for name in parameter.opts
        if name.startswith("-") and name not in ("--server", "--api-key")
    }
    assert {name for name, is_flag in options.items() if is_flag} == early_start.FLAGS
    assert {name for name, is_flag in options.items() if not is_flag} == early_start.WITH_VALUE


def test_a_file_that_exists_starts_it_once(started: list[Started], page: str, tmp_path: Path) -> None:
    early_start.begin_early(["ocr", "-q", "--data-dir", str(tmp_path), "--mode=auto", page])
    assert [one.data_dir for one in started] == [tmp_path]
    assert early_start.begun([page], tmp_path) is started[0]
    assert len(started) == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ["ocr", "PAGE", "missing.png"],
        ["ocr", "--help", "PAGE"],
        ["ocr", "--server", "http://x", "PAGE"],
        ["ocr", "--sever", "PAGE"],
        ["ocr", "-qf", "md", "PAGE"],
        ["ocr", "PAGE", "--data-dir"],
        ["ocr"],
        ["desktop", "PAGE"],
        [],
    ],
)
def test_it_is_not_started_for_anything_uncertain(started: list[Started], page: str, arguments: list[str]) -> None:
    early_start.begin_early([page if word == "PAGE" else word for word in arguments])
    assert not started


def test_another_server_needs_none_here(started: list[Started], page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OCRDESK_SERVER", "http://127.0.0.1:1")
    early_start.begin_early(["ocr", page])
    assert not started


def test_a_start_for_other_arguments_is_given_up(started: list[Started], page: str, tmp_path: Path) -> None:
    early_start.begin_early(["ocr", page])
    assert early_start.begun([page], tmp_path) is started[1]
    assert (started[0].is_released, started[1].is_released) == (True, False)


def test_the_server_does_not_inherit_the_password_of_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    environments: list[dict[str, str]] = []
    monkeypatch.setattr(attach.subprocess, "Popen", lambda *_, env, **__: environments.append(env))
    monkeypatch.setenv("OCRDESK_PASSWORD", "secret of files")
    begun = attach.begin(tmp_path)
    assert begun is not None
    begun.users.release()
    (environment,) = environments
    assert environment["PATH"]
    assert "OCRDESK_PASSWORD" not in environment


def test_an_unknown_option_starts_nothing(tmp_path: Path, page: str) -> None:
    done = run_ocrdesk("ocr", "--data-dir", tmp_path / "data", "--bogus", page)
    assert done.returncode == 2
    assert not (tmp_path / "data" / state.LOG_FILE).exists()
