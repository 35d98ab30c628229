"""Keeps a session connected: connects, lists the jobs, follows the events, and does it again when cut off.

It runs on a thread of its own, and says what happens through `report`.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from ocrdesk.client import Client, ClientError, EventStream, RateLimitedError, ServerUnavailableError
from ocrdesk.contract.events import Event
from ocrdesk.contract.jobs import JobView
from ocrdesk.desktop.i18n.error_reason import short_reason
from ocrdesk.desktop.servers.servers import Connection, Server
from ocrdesk.local.server.attach import LocalServerError

_LISTED_AT_ONCE = 250
"""Jobs that the window takes in at once: more would hold it up for longer than a frame or two."""
_FIRST_PAUSE_S = 0.3
_LONGEST_PAUSE_S = 5.0
_JOBS_A_CALL = 500


@dataclass(frozen=True, slots=True)
class Progress:
    """What is being waited for, in a few words."""

    message: str


@dataclass(frozen=True, slots=True)
class Connected:
    """A server answers; its jobs are on their way."""

    connection: Connection


@dataclass(frozen=True, slots=True)
class Listed:
    """Some of the jobs as they are, newest first; every event reported later is newer or already in them."""

    jobs: tuple[JobView, ...]
    is_last: bool
    """All jobs have been told of now."""


@dataclass(frozen=True, slots=True)
class Lost:
    """The server went away; it is being tried again."""

    reason: str


@dataclass(frozen=True, slots=True)
class Refused:
    """It cannot work before somebody changes something; nothing is tried again by itself."""

    reason: str
    error: Exception | None = None
    """What the reason was read from."""


Report: TypeAlias = Progress | Connected | Listed | Event | Lost | Refused


def keep_connected(server: Server, report: Callable[[Report], None], stopped: threading.Event) -> None:
    """Returns when `stopped` is set, or after a Refused."""
    pause_s = _FIRST_PAUSE_S

    def listed(client: Client) -> None:
        nonlocal pause_s
        jobs: list[JobView] = []
        for job in client.iter_jobs(page_size=_JOBS_A_CALL):
            jobs.append(job)
            if len(jobs) == _LISTED_AT_ONCE:
                report(Listed(tuple(jobs), is_last=False))
                jobs = []
        report(Listed(tuple(jobs), is_last=True))
        pause_s = _FIRST_PAUSE_S

    while not stopped.is_set():
        try:
            connection = server.connect(lambda message: report(Progress(message)))
            if stopped.is_set():  # the window closed meanwhile: nobody else will let go of it
                connection.close()
                return
            report(Connected(connection))
            _follow(connection.client, listed, report, stopped)
        except (ServerUnavailableError, RateLimitedError) as error:
            report(Lost(short_reason(error)))
        except (LocalServerError, ClientError) as error:
            report(Refused(short_reason(error), error))
            return
        stopped.wait(pause_s)
        pause_s = min(pause_s * 2, _LONGEST_PAUSE_S)


def _follow(
    client: Client, listed: Callable[[Client], None], report: Callable[[Report], None], stopped: threading.Event
) -> None:
    """Events until the connection breaks. The list is read after the stream is open, so nothing falls between."""
    for event in EventStream(client, retry=False, on_connected=lambda: listed(client)):
        if stopped.is_set():
            return
        report(event)
