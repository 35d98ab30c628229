"""Follows one job's events over a given number of connections, in a separate process.

It prints `connected N` once all streams are open, and when they have ended, the events of each follower as JSON.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import re
import sys
from collections import Counter

_AT_ONCE = 50
"""How many connections are opened at the same time."""
_EVENT_ID = re.compile(rb"^id: (\S+)$", re.MULTILINE)
_NICE = 5
"""The followers' lower priority: they share the cores with the server, which is measured."""


class Follower(asyncio.Protocol):
    """One connection, and the ids of the events that it received."""

    def __init__(self, request: bytes) -> None:
        loop = asyncio.get_running_loop()
        self._request = request
        self._raw = bytearray()
        self.answered: asyncio.Future[None] = loop.create_future()
        self.ended: asyncio.Future[None] = loop.create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        self._raw += data
        if not self.answered.done() and b"\r\n\r\n" in self._raw:
            self.answered.set_result(None)

    def connection_lost(self, exc: Exception | None) -> None:
        for flag in (self.answered, self.ended):
            if not flag.done():
                flag.set_result(None)

    def status(self) -> str:
        return self._raw.split(b"\r\n", 1)[0].decode("ascii", "replace")

    def event_ids(self) -> list[str]:
        body = _without_chunks(bytes(self._raw).partition(b"\r\n\r\n")[2])
        return [event_id.decode() for event_id in _EVENT_ID.findall(body)]


def _without_chunks(body: bytes) -> bytes:
    """Return the decoded body of a chunked response, as far as it has arrived."""
    whole, at = bytearray(), 0
    while (end := body.find(b"\r\n", at)) >= 0:
        size = int(body[at:end], 16)
        if size == 0:
            break
        whole += body[end + 2 : end + 2 + size]
        at = end + 2 + size + 2
    return bytes(whole)


async def _follow(port: int, job_id: str, count: int) -> list[Follower]:
    loop = asyncio.get_running_loop()
    request = (
        f"GET /api/v1/ocr/events/{job_id} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\n"
        "Connection: close\r\n\r\n"
    ).encode()
    gate = asyncio.Semaphore(_AT_ONCE)

    async def one() -> Follower:
        async with gate:
            _, follower = await loop.create_connection(lambda: Follower(request), "127.0.0.1", port)
            await follower.answered
        return follower

    followers = await asyncio.gather(*(one() for _ in range(count)))
    print(f"connected {len(followers)}", flush=True)
    await asyncio.gather(*(follower.ended for follower in followers))
    return followers


def main() -> int:
    """Run `follower_client.py PORT JOB_ID COUNT`; return the exit code."""
    port, job_id, count = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    os.nice(_NICE)
    followers = asyncio.run(_follow(port, job_id, count))
    statuses = Counter(follower.status() for follower in followers)
    got = Counter(tell(follower.event_ids()) for follower in followers)
    print(json.dumps({"statuses": statuses, "got": got}), flush=True)
    return 0


def tell(event_ids: list[str]) -> str:
    """Return a short text that is equal for the same events in the same order."""
    return f"{len(event_ids)} events, {hashlib.sha256(' '.join(event_ids).encode()).hexdigest()[:12]}"


if __name__ == "__main__":
    sys.exit(main())
