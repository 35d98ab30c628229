"""Files that wait in a window whose server does not respond."""

from __future__ import annotations

from pathlib import Path

from ocrdesk.desktop.servers.servers import RemoteServer
from ocrdesk.desktop.session.session import ConnectionState
from tests.desktop.conftest import Desktop, OpenDesktop
from tests.helpers.fake_server import FakeServer


def open_disconnected(open_desktop: OpenDesktop, stage: FakeServer) -> Desktop:
    """Open a window whose server does not respond, so that dropped files wait."""
    stage.break_off()
    desktop = open_desktop(RemoteServer(stage.url))
    desktop.wait_for(ConnectionState.UNREACHABLE)
    return desktop


def drop_files(desktop: Desktop, folder: Path, *names: str) -> list[str]:
    """Drop new files and return the keys of their rows."""
    for name in names:
        (folder / name).write_bytes(b"picture of " + name.encode())
    desktop.driver.drop(*(folder / name for name in names))
    desktop.wait(lambda: all(desktop.row(name) for name in names))
    return [desktop.row(name).key for name in names]
