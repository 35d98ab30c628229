"""The desktop's data folder, with one folder per server."""

from __future__ import annotations

import hashlib
from pathlib import Path

import platformdirs

from ocrdesk.desktop.servers.servers import Server, server_key


def app_folder() -> Path:
    return platformdirs.user_data_path("ocrdesk", appauthor=False) / "desktop"


def server_name(server: Server) -> str:
    """Return a server's name: its address, or `local` for the local server, with its folder if named."""
    if not server.is_local:
        return str(getattr(server, "url", type(server).__name__)).rstrip("/")
    folder = getattr(server, "data_dir", None)
    return f"local:{folder}" if folder else "local"


def servers_folder() -> Path:
    """Return the parent of all servers' folders."""
    return app_folder() / "servers"


def server_folder(server: Server) -> Path:
    """Return the server's folder; its name reveals nothing about the server."""
    return servers_folder() / hashlib.sha256(server_key(server).encode()).hexdigest()[:16]
