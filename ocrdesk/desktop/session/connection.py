"""Connects, lists jobs, follows events, reconnects.

It runs on a thread of its own and calls `report`.
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

_JOBS_PER_REPORT = 250
"""More jobs in one report would block the window for longer than a frame or two."""
_FIRST_PAUSE_S = 0.3
_LONGEST_PAUSE_S = 5.0
_JOBS_PER_CALL = 500


@dataclass(frozen=True, slots=True)
class Progress:
    """What the connection waits for, in a few words."""

    message: str


@dataclass(frozen=True, slots=True)
class Connected:
    """The server answers; its jobs follow."""

    connection: Connection


@dataclass(frozen=True, slots=True)
class Listed:
    """Some of the jobs, newest first; every later event is newer or already included."""

    jobs: tuple[JobView, ...]
    is_last: bool
    """All jobs have been reported."""


@dataclass(frozen=True, slots=True)
class Lost:
    """The connection was lost; the next attempt follows."""

    reason: str


@dataclass(frozen=True, slots=True)
class Refused:
    """It cannot work until the user changes something; there is no further attempt."""

    reason: str
    error: Exception | None = None
    """The exception behind the reason."""


Report: TypeAlias = Progress | Connected | Listed | Event | Lost | Refused


def keep_connected(server: Server, report: Callable[[Report], None], stopped: threading.Event) -> None:
    """Stay connected until `stopped` is set, or until a Refused is reported."""
    pause_s = _FIRST_PAUSE_S

    def listed(client: Client) -> None:
        nonlocal pause_s
        jobs: list[JobView] = []
        for job in client.iter_jobs(page_size=_JOBS_PER_CALL):
            jobs.append(job)
            if len(jobs) == _JOBS_PER_REPORT:
                report(Listed(tuple(jobs), is_last=False))
                jobs = []
        report(Listed(tuple(jobs), is_last=True))
        pause_s = _FIRST_PAUSE_S

    while not stopped.is_set():
        try:
            connection = server.connect(lambda message: report(Progress(message)))
            if stopped.is_set():  # the window was closed: nothing else will close the connection
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
    """Report events until the connection breaks. List jobs after the stream is open, so that nothing is missed."""
    for event in EventStream(client, retry=False, on_connected=lambda: listed(client)):
        if stopped.is_set():
            return
        report(event)
