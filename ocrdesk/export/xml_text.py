"""Escapes text for XML 1.0.

Characters that XML does not allow are dropped.
"""

from __future__ import annotations

import re
from xml.sax import saxutils

from ocrdesk.layout.line_joining import one_line

# The characters that are not Char in section 2.2 of XML 1.0.
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'


def legal(text: str) -> str:
    """Return the text on one line, without the characters that XML 1.0 does not allow."""
    return allowed(one_line(text))


def allowed(text: str) -> str:
    """Return the text without the characters that XML 1.0 does not allow. All white space stays."""
    return _ILLEGAL.sub("", text)


def escape(text: str) -> str:
    """Return the text as the content of an element."""
    return saxutils.escape(legal(text))


def escape_piece(text: str) -> str:
    """Return a piece of a line as the content of an element. All white space stays."""
    return saxutils.escape(allowed(text))


def quoted(text: str) -> str:
    """Return the text as the value of an attribute, with quotes around it."""
    return '"' + saxutils.escape(legal(text), {'"': "&quot;"}) + '"'


def document(*parts: str) -> str:
    """Return an XML declaration followed by the parts, each on its own line."""
    return _DECLARATION + "".join(f"{part}\n" for part in parts)
