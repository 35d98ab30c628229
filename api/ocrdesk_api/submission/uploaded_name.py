"""Reads the file's name from the headers of its part of an upload."""

from __future__ import annotations

import os
import re
from urllib.parse import unquote

from ocrdesk.contract.file_names import sent_name

_MAX_CHARACTERS = 200
_UNNAMED = "file"
_QUOTED = re.compile(r'"(?:\\.|[^"\\])*"')
_EXTENDED = re.compile(r";\s*filename\*\s*=\s*(utf-8|iso-8859-1)'[^']*'([^;\s]+)", re.IGNORECASE)
_ENCODED_BY_FORMS = re.compile("%(22|0[AaDd])")
"""The characters that the forms of HTML encode in names: a quotation mark and the ends of lines."""


def uploaded_name(content_disposition: bytes, plain: bytes) -> str:
    """Return the file's name: valid Unicode on one line, without folders, shortened if necessary.

    `plain` is the header's parameter `filename`. The parameter `filename*`, which some clients send as well, has
    precedence: beside it they send a name in ASCII. Bytes that are not UTF-8 become U+FFFD.
    """
    unquoted = _QUOTED.sub("", content_disposition.decode("latin-1"))
    if extended := _EXTENDED.search(unquoted):
        name = unquote(extended[2], encoding=extended[1], errors="replace")
    else:
        name = _ENCODED_BY_FORMS.sub(lambda found: chr(int(found[1], 16)), plain.decode("utf-8", "replace"))
    bare = sent_name(os.path.basename(name.replace("\\", "/")))  # noqa: PTH119  # the names of folders may be empty
    return bare[-_MAX_CHARACTERS:] or _UNNAMED
