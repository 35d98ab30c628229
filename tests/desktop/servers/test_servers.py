"""A server keeps its identity when its key or address changes, and shows its host without credentials."""

from __future__ import annotations

from pathlib import Path

import pytest

from ocrdesk.desktop.servers.servers import LocalServer, RemoteServer, host_of, server_key, shown_host
from tests.helpers.processes import short_folder


def test_server_with_an_id_stays_the_same_with_another_address_and_key() -> None:
    before = RemoteServer("https://one.example", "key", server_id="42")
    after = RemoteServer("https://two.example", "other", server_id="42")
    assert server_key(before) == server_key(after)


def test_server_without_an_id_is_identified_by_its_address() -> None:
    assert server_key(RemoteServer("https://one.example")) != server_key(RemoteServer("https://two.example"))


def test_local_servers_with_other_folders_are_different() -> None:
    assert server_key(LocalServer()) == server_key(LocalServer())
    assert server_key(LocalServer(Path("/a"))) != server_key(LocalServer(Path("/b")))


def test_host_is_shown_with_its_port_and_without_credentials() -> None:
    assert shown_host("https://user:secret@ocr.example:8443/path") == "ocr.example:8443"
    assert host_of(RemoteServer("http://127.0.0.1:9")) == "127.0.0.1:9"
    assert host_of(LocalServer()) == ""


def test_key_does_not_appear_in_the_representation() -> None:
    assert "secret" not in repr(RemoteServer("https://one.example", "secret"))


def test_the_desktops_own_server_reads_no_file_of_the_working_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Others may write to the folder from which the desktop is started."""
    (tmp_path / ".env").write_text("MAX_PDF_PAGES 7\n")
    monkeypatch.chdir(tmp_path)
    with short_folder() as folder:
        connected = LocalServer(folder / "data").connect(lambda _: None)
        try:
            assert connected.client.health().status == "healthy"
        finally:
            connected.close()
