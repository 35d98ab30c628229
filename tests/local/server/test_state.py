"""State and token of the local server."""

from __future__ import annotations

import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from ocrdesk.contract.error_messages import error_message
from ocrdesk.local.server import state
from ocrdesk.local.server.state import ServerState
from tests.helpers.damaged_files import DAMAGES, each_damage


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_token_is_private_stable_and_long(tmp_path: Path) -> None:
    token = state.token(tmp_path)
    assert state.token(tmp_path) == token
    assert len(token) >= 40
    assert all(mode(path) == 0o600 for path in tmp_path.iterdir())


def test_two_data_folders_have_two_tokens(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    assert state.token(tmp_path / "a") != state.token(tmp_path / "b")


def test_a_state_is_read_as_it_was_written_and_private(tmp_path: Path) -> None:
    running = ServerState(pid=1, url="http://127.0.0.1:1", on_demand=True, version="1")
    assert state.read_state(tmp_path) is None
    state.write_state(tmp_path, running)
    assert state.read_state(tmp_path) == running
    assert [mode(path) for path in tmp_path.iterdir()] == [0o600]
    state.remove_state(tmp_path)
    state.remove_state(tmp_path)
    assert state.read_state(tmp_path) is None


@pytest.mark.parametrize("content", ["", "{", "[]", '{"pid": 1}', '{"of": "a later version"}', "null"])
def test_a_state_that_cannot_be_understood_is_none(tmp_path: Path, content: str) -> None:
    (tmp_path / "backend.json").write_text(content)
    assert state.read_state(tmp_path) is None


def test_reason_of_a_failed_start_is_left_as_data(tmp_path: Path) -> None:
    reason = error_message("folder_unusable", folder="/a", cause=error_message("os_permission"))
    assert state.read_start_error(tmp_path) is None
    state.write_start_error(tmp_path, reason)
    assert state.read_start_error(tmp_path) == reason
    state.remove_start_error(tmp_path)
    state.remove_start_error(tmp_path)
    assert state.read_start_error(tmp_path) is None


RUNNING = ServerState(pid=1, url="http://127.0.0.1:1", on_demand=True, version="1")


@each_damage
def test_a_token_file_that_holds_none_is_replaced_by_a_new_token(
    tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    first = state.token(tmp_path)
    damage(tmp_path / "token")
    assert state.read_token(tmp_path) is None
    second = state.token(tmp_path)
    assert second not in {first, ""}
    assert state.token(tmp_path) == state.read_token(tmp_path) == second
    assert mode(tmp_path / "token") == 0o600


@each_damage
def test_a_running_server_restores_its_files(tmp_path: Path, damage: Callable[[Path], None]) -> None:
    token = state.token(tmp_path)
    state.write_state(tmp_path, RUNNING)
    damage(tmp_path / "token")
    damage(tmp_path / "backend.json")
    assert state.read_state(tmp_path) is None
    state.restore(tmp_path, RUNNING, token)
    assert state.read_state(tmp_path) == RUNNING
    assert state.token(tmp_path) == token


def test_state_files_that_cannot_be_read_count_as_missing_and_are_removed(tmp_path: Path) -> None:
    for damage in DAMAGES:
        damage(tmp_path / "backend.json")
        damage(tmp_path / "start-error.json")
        assert state.read_state(tmp_path) is None
        assert state.read_start_error(tmp_path) is None
        state.remove_state(tmp_path)
        state.remove_start_error(tmp_path)
    assert not (tmp_path / "backend.json").exists()
