"""File names as text: printable on one line, valid Unicode on the wire, and short enough for a file system.

A name must not look like another one. Characters that reverse its direction, and those that cannot be seen, are
removed. Two kinds have a use in names and stay where they have it: the marks that order a name with right-to-left
letters (they cannot reverse letters), and the joiners of Persian, Indic scripts and emoji.
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Callable
from pathlib import PurePath

_LINE_BREAKING = "\x00-\x1f\x7f-\x9f\u2028\u2029"
_REORDERING = "\u202a-\u202e\u2066-\u2069"
"""Characters that make a terminal or a window show a name in another order than it has."""
_INVISIBLE = (
    "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u2060-\u2065\u206a-\u206f\u2800\u3164\ufeff\uffa0"
    "\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
"""Characters without a shape (Default_Ignorable_Code_Point), and a Braille pattern without dots."""
_MARKS = "\u061c\u200e\u200f"
_JOINERS = "\u200c\u200d"
_SURROGATES = "\ud800-\udfff"
"""What Python reads bytes as that are not UTF-8, and halves of characters in names on Windows."""
_NOT_PRINTABLE = re.compile(f"[{_LINE_BREAKING}{_REORDERING}{_INVISIBLE}{_SURROGATES}]")
_CONTROL = re.compile(f"[{_LINE_BREAKING}{_REORDERING}]+")
_UNSEEN = re.compile(f"[{_INVISIBLE}]+")
_MARK = re.compile(f"[{_MARKS}]")
_JOINER = re.compile(f"(?<![^\x00-\x7f])[{_JOINERS}]|(?<=[{_JOINERS}])[{_JOINERS}]")
"""A joiner without use: it needs a letter or an emoji beyond ASCII before it."""
_SURROGATE = re.compile(f"[{_SURROGATES}]")
_RIGHT_TO_LEFT = ("R", "AL")


def printable_name(name: str | PurePath) -> str:
    r"""Return a name or a path on one line, for people: `\xe9` is a byte that is not UTF-8, `\n` a new line."""
    return _useless_escaped(_NOT_PRINTABLE.sub(_escaped, str(name)), _escaped)


def sent_name(name: str) -> str:
    """Return a name as it is sent to a server: valid Unicode on one line.

    U+FFFD stands for each byte that is not UTF-8, a space for control characters. Characters that cannot be seen are
    left out.
    """
    visible = _useless_escaped(_CONTROL.sub(" ", _UNSEEN.sub("", name)), "")
    return _SURROGATE.sub("\ufffd", visible).strip()


def _useless_escaped(name: str, replacement: str | Callable[[re.Match[str]], str]) -> str:
    """Replace joiners and marks where they have no use: joiners without a letter, marks in a left-to-right name."""
    name = _JOINER.sub(replacement, name)
    letters = (char for char in name if char not in _MARKS)
    if any(unicodedata.bidirectional(char) in _RIGHT_TO_LEFT for char in letters):
        return name
    return _MARK.sub(replacement, name)


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
