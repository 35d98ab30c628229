"""How all keys begin: on a cluster with a hash tag, because one transaction writes keys of a job and of all jobs.

A cluster keeps keys with one tag in one slot, so on one node and its replicas. RQ reads its prefix when it is imported,
so this module reads REDIS_URL at once. Our programs load `.env` before they import it.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from ocrdesk.backend.redis_servers.redis_url import is_cluster

TAG = "{ocrdesk}"
_RQ_NAME = "RQ_KEY_PREFIX"


def _configured_url() -> str:
    values = {name.upper(): value for name, value in os.environ.items()}
    if url := values.get("REDIS_URL", ""):
        return url
    try:
        return Path(values["REDIS_URL_FILE"]).read_text("utf-8").strip() if values.get("REDIS_URL_FILE") else ""
    except (OSError, UnicodeDecodeError):
        return ""  # the settings say so


HAS_TAG = is_cluster(_configured_url())
PREFIX = TAG if HAS_TAG else "ocrdesk"
"""What our own keys begin with."""
RQ_PREFIX = f"{TAG}:rq" if HAS_TAG else "rq"
"""What RQ's keys begin with."""
os.environ[_RQ_NAME] = RQ_PREFIX


def mismatch(url: str) -> str:
    """Return why keys cannot be used at this address; empty if they can."""
    if is_cluster(url) and not HAS_TAG:
        return "REDIS_URL names a cluster, but did not when this program started. Set it in the environment or in .env."
    rq = sys.modules.get("rq.defaults")
    if rq is not None and rq.RQ_KEY_PREFIX != RQ_PREFIX:
        return f"RQ uses the prefix {rq.RQ_KEY_PREFIX} for its keys. Start this program with {_RQ_NAME}={RQ_PREFIX}."
    return ""
