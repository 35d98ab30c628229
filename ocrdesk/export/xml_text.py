"""Text made fit for XML 1.0: characters that it cannot hold are dropped, those that mean something are escaped."""

from __future__ import annotations

import re
from xml.sax import saxutils

from ocrdesk.layout.line_joining import one_line

# What section 2.2 of XML 1.0 leaves out of Char.
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'


def legal(text: str) -> str:
    """The text on one line, without the characters that XML 1.0 does not allow."""
    return _ILLEGAL.sub("", one_line(text))


def escape(text: str) -> str:
    """As content of an element."""
    return saxutils.escape(legal(text))


def quoted(text: str) -> str:
    """As an attribute's value, with the quotes around it."""
    return '"' + saxutils.escape(legal(text), {'"': "&quot;"}) + '"'


def document(*parts: str) -> str:
    """An XML declaration and what follows it, a line each."""
    return _DECLARATION + "".join(f"{part}\n" for part in parts)
