"""Redis's protocol, as far as a recorder and a replay need it: commands as bytes, and bytes as commands and replies."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import hiredis

Command = tuple[bytes, ...]
"""A command's name and arguments."""


def encoded(commands: Sequence[Sequence[bytes]]) -> bytes:
    """Return commands as they are sent."""
    parts = []
    for command in commands:
        parts.append(b"*%d\r\n" % len(command))
        parts += [b"$%d\r\n%b\r\n" % (len(argument), argument) for argument in command]
    return b"".join(parts)


class Commands:
    """Reads commands from what a client sends."""

    def __init__(self) -> None:
        self._reader = hiredis.Reader()

    def feed(self, data: bytes) -> Iterator[Command]:
        """Yield the commands that are complete with these bytes. Raises hiredis.ProtocolError."""
        self._reader.feed(data)
        while (found := self._reader.gets()) is not False:
            yield tuple(found)


def replies() -> hiredis.Reader:
    """Return a reader of what a server sends. Its errors are values, not raised."""
    return hiredis.Reader(replyError=ReplyError)


class ReplyError(Exception):
    """The server refused a command."""
