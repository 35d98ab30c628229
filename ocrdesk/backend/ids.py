"""The forms of ids that callers send. An id is checked before it becomes part of a Redis key or of a path.

Without the check, `ID:pages` would name a key of another type, of any caller's job.
"""

from __future__ import annotations

import re

_JOB_ID = re.compile(r"[0-9a-f]{32}")
_KEY_ID = re.compile(r"[0-9a-f]{16}")


def is_job_id(text: str) -> bool:
    """Return whether a text has the form of a job's id, as `uuid4().hex` makes it."""
    return _JOB_ID.fullmatch(text) is not None


def is_key_id(text: str) -> bool:
    """Return whether a text has the form of an API key's id."""
    return _KEY_ID.fullmatch(text) is not None
