"""Connects to the named server, or to this machine's, which is started if necessary."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from ocrdesk.client import Client, RetryPolicy, ServerUnavailableError
from ocrdesk.contract.error_messages import error_message

if TYPE_CHECKING:
    from ocrdesk.local.server.attach import Beginning

RETRY_POLICY = RetryPolicy(busy_s=600.0, unavailable_s=120.0)
NO_WAIT_IF_BUSY = RetryPolicy(busy_s=0.0, unavailable_s=RETRY_POLICY.unavailable_s)


@contextlib.contextmanager
def open_client(
    server: str | None, api_key: str | None, data_dir: Path | None, begun: Beginning | None = None
) -> Iterator[Client]:
    """Connect to the given server, or to the local server, which is started if necessary or was `begun`.

    Raises ServerUnavailableError, AuthError, LocalServerError.
    """
    if server:
        with Client(server if "://" in server else f"http://{server}", api_key, retry_policy=RETRY_POLICY) as client:
            client.capabilities()  # report a wrong address or key before files are sent
            yield client
        return
    from ocrdesk.local.server.attach import attach

    with attach(data_dir, begun=begun) as attachment, attachment.client() as client:
        try:
            yield client
        except ServerUnavailableError as error:
            if attachment.is_running():
                raise
            raise ServerUnavailableError(error_message("local_server_gone")) from error
