"""Where the desktop keeps what is its own: a folder of the user's, with a part for each server."""

from __future__ import annotations

import hashlib
from pathlib import Path

import platformdirs

from ocrdesk.desktop.servers.servers import Server, server_key


def app_folder() -> Path:
    return platformdirs.user_data_path("ocrdesk", appauthor=False) / "desktop"


def server_name(server: Server) -> str:
    """What tells a server from others: its address; `local` for this computer's own, with its folder if named."""
    if not server.is_local:
        return str(getattr(server, "url", type(server).__name__)).rstrip("/")
    folder = getattr(server, "data_dir", None)
    return f"local:{folder}" if folder else "local"


def servers_folder() -> Path:
    """The parts of all servers."""
    return app_folder() / "servers"


def server_folder(server: Server) -> Path:
    """The server's own part of the folder; its name says nothing of the server."""
    return servers_folder() / hashlib.sha256(server_key(server).encode()).hexdigest()[:16]
