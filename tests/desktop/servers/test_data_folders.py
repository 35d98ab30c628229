"""Each server has a separate folder, under a name that never changes."""

from __future__ import annotations

from pathlib import Path

import pytest

from ocrdesk.desktop.servers.data_folders import server_folder, server_name, servers_folder
from ocrdesk.desktop.servers.servers import LocalServer, RemoteServer, Server


@pytest.mark.parametrize(
    ("server", "name"),
    [
        # the names under which version 0.1 stored pending files
        (LocalServer(), "f971795df3b9ef06"),
        (RemoteServer("https://ocr.example", server_id="42"), "73475cb40a568e8d"),
    ],
)
def test_folder_of_a_server_keeps_its_name(server: Server, name: str) -> None:
    assert server_folder(server) == servers_folder() / name


def test_folder_reveals_nothing_about_the_server() -> None:
    assert "example" not in server_folder(RemoteServer("https://ocr.example")).name


def test_servers_are_named_by_their_address() -> None:
    assert server_name(RemoteServer("https://ocr.example/")) == "https://ocr.example"
    assert server_name(LocalServer()) == "local"
    assert server_name(LocalServer(Path("/data"))) == "local:/data"
