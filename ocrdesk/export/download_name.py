"""The name under which a result's file is saved: the Content-Disposition of its download."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote

from ocrdesk.contract.file_names import sent_name

_NOT_PLAIN = re.compile(r"[^ !#-$&-\[\]-~]")
"""Characters that a quoted file name cannot have, and %, which some browsers decode."""


def content_disposition(job_file_name: str, suffix: str, *, attached: bool) -> str:
    """Return the header that names the file after the job's own: the plain name, and where it is not plain, both forms.

    Old programs read `filename`, which allows ASCII only; others prefer `filename*` (RFC 6266).
    """
    file_name = sent_name(job_file_name)  # an older version may have stored another one
    name = (file_name.rpartition(".")[0] or file_name) + suffix
    letters = unicodedata.normalize("NFKD", name)
    plain = _NOT_PLAIN.sub("_", "".join(char for char in letters if not unicodedata.combining(char)))
    header = f'{"attachment" if attached else "inline"}; filename="{plain}"'
    return header if plain == name else f"{header}; filename*=UTF-8''{quote(name, safe='')}"
