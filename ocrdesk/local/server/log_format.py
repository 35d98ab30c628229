"""Log lines of `serve` itself: text at a terminal, else a JSON object a line, as its parts write them."""

from __future__ import annotations

import json
import logging
import os
import sys
from datetime import UTC, datetime


def configure(*, for_people: bool = False) -> None:
    """Sends lines to stderr, in the form that LOG_FORMAT and LOG_LEVEL say.

    `for_people`: text unless LOG_FORMAT says otherwise, in this process and in those that it starts.
    """
    if for_people:
        os.environ.setdefault("LOG_FORMAT", "text")
    form = os.environ.get("LOG_FORMAT", "auto").lower()
    handler = logging.StreamHandler()
    if form == "json" or (form != "text" and not sys.stderr.isatty()):
        handler.setFormatter(_JsonLine())
    else:
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    level = os.environ.get("LOG_LEVEL", "INFO").upper()
    known = level in ("DEBUG", "INFO", "WARNING", "ERROR")  # the parts refuse others, and say so
    logging.basicConfig(handlers=[handler], level=level if known else "INFO")


class _JsonLine(logging.Formatter):
    """A record as the parts' lines are: timestamp, level, logger, event."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "timestamp": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage(),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line)
