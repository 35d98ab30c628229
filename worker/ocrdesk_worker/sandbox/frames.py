"""Frames on a pipe: a kind, a length, and that many bytes. The reader trusts neither."""

from __future__ import annotations

import os
import struct
from enum import Enum
from typing import NamedTuple

_HEAD = struct.Struct("<cI")
_AT_ONCE = 1 << 20


class Kind(Enum):
    """What a frame contains. JSON, except for data, and for ends, which are empty."""

    REQUEST = b"Q"
    DATA = b"D"
    END = b"E"
    ANSWER = b"A"
    PAGE = b"P"
    PROBLEM = b"X"
    NEEDS_PROGRAMS = b"N"
    LOG_LINE = b"L"


class Frame(NamedTuple):
    """A frame as it was read."""

    kind: Kind
    body: bytes


class FrameError(Exception):
    """The other process sent what is no frame, or one that is too long."""


def write_frame(descriptor: int, kind: Kind, body: bytes = b"") -> None:
    """Write a frame. Raises OSError: BrokenPipeError if nobody reads any more."""
    rest = memoryview(_HEAD.pack(kind.value, len(body)) + body)
    while rest:
        rest = rest[os.write(descriptor, rest[:_AT_ONCE]) :]


def read_frame(descriptor: int, longest: int) -> Frame | None:
    """Read a frame of up to `longest` bytes; None if the pipe has ended. Raises FrameError."""
    head = _read(descriptor, _HEAD.size)
    if not head:
        return None
    if len(head) < _HEAD.size:
        raise FrameError("it ends within a frame")
    name, length = _HEAD.unpack(head)
    try:
        kind = Kind(name)
    except ValueError:
        raise FrameError("a frame has an unknown kind") from None
    if length > longest:
        raise FrameError(f"a frame has {length} bytes, {longest} are allowed")
    body = _read(descriptor, length)
    if len(body) < length:
        raise FrameError("it ends within a frame")
    return Frame(kind, body)


def _read(descriptor: int, length: int) -> bytes:
    """Read so many bytes, or fewer if the pipe ends. Memory grows with what arrives, not with what was announced."""
    parts: list[bytes] = []
    missing = length
    while missing and (part := os.read(descriptor, min(missing, _AT_ONCE))):
        parts.append(part)
        missing -= len(part)
    return b"".join(parts)
