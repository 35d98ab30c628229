"""File names as text: printable on one line, valid Unicode on the wire, and short enough for a file system."""

from __future__ import annotations

import os
import re
from pathlib import PurePath

_LINE_BREAKING = "\x00-\x1f\x7f-\x9f\u2028\u2029"
_REORDERING = "\u202a-\u202e\u2066-\u2069"
"""Characters that make a terminal or a window show a name in another order than it has."""
_SURROGATES = "\ud800-\udfff"
"""What Python reads bytes as that are not UTF-8, and halves of characters in names on Windows."""
_NOT_PRINTABLE = re.compile(f"[{_LINE_BREAKING}{_REORDERING}{_SURROGATES}]")
_CONTROL = re.compile(f"[{_LINE_BREAKING}{_REORDERING}]+")
_SURROGATE = re.compile(f"[{_SURROGATES}]")


def printable_name(name: str | PurePath) -> str:
    r"""Return a name or a path on one line, for people: `\xe9` is a byte that is not UTF-8, `\n` a new line."""
    return _NOT_PRINTABLE.sub(_escaped, str(name))


def sent_name(name: str) -> str:
    """Return a name as it is sent to a server: valid Unicode on one line.

    U+FFFD stands for each byte that is not UTF-8, a space for control characters.
    """
    return _SURROGATE.sub("\ufffd", _CONTROL.sub(" ", name)).strip()


def shortened_name(name: str, max_bytes: int) -> str:
    """Return the beginning of a name, of at most this many bytes in the file system and whole characters."""
    name = name[:max_bytes]
    while len(os.fsencode(name)) > max_bytes:
        name = name[:-1]
    return name


def _escaped(found: re.Match[str]) -> str:
    code = ord(found[0])
    if 0xDC80 <= code <= 0xDCFF:  # a byte, as `surrogateescape` reads it
        return f"\\x{code - 0xDC00:02x}"
    return found[0].encode("unicode_escape").decode()
