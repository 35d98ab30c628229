"""The client of this machine's own server: it trusts only that server."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import httpx2

from ocrdesk.client import Client, ClientError, RetryPolicy, ServerUnavailableError
from ocrdesk.client.tls import tls_context
from ocrdesk.contract.error_messages import error_message
from ocrdesk.local.server.discovery import is_at
from ocrdesk.local.server.outages import outage_message
from ocrdesk.local.server.state import ServerState


def load() -> None:
    """Load what the first client and the search for its server load, for who waits for a server."""
    for module in ("http.client", "psutil"):
        import_module(module)
    httpx2.Client(trust_env=False, verify=tls_context("http:")).close()


class LocalClient(Client):
    """Sends the token to this server only, and not to what has its port after its end."""

    def __init__(self, server: ServerState, token: str, data_dir: Path, *, retry_policy: float | RetryPolicy) -> None:
        def check(host: str, port: int) -> None:
            if not is_at(server, host, port):
                raise ServerUnavailableError(error_message("local_server_gone"), is_undone=True)

        super().__init__(server.url, token, retry_policy=retry_policy, check_server=check)
        self._data_dir = data_dir

    def _error_from(self, answer: httpx2.Response) -> ClientError:
        error = super()._error_from(answer)
        if isinstance(error, ServerUnavailableError) and (message := outage_message(error.message_id, self._data_dir)):
            return type(error)(message, error.retry_after_s, code=error.code, is_undone=error.is_undone)
        return error
