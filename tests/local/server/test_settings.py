"""The user's settings for the local server."""

from __future__ import annotations

from pathlib import Path

import pytest

from ocrdesk.local.server.settings import LocalServerSettings, read_settings


@pytest.mark.parametrize("text", ["", "no json", "[]", '{"workers": -1, "port": "x", "is_shared": "yes"}'])
def test_invalid_settings_become_defaults(tmp_path: Path, text: str) -> None:
    (tmp_path / "engine.json").write_text(text)
    assert read_settings(tmp_path) == LocalServerSettings()


def test_an_unshared_server_listens_on_this_machine_only() -> None:
    settings = LocalServerSettings(port=8000)
    assert (settings.host, settings.listen_port) == ("127.0.0.1", 0)
