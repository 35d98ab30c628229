"""Log format of `serve`."""

from __future__ import annotations

import json
import logging
import os
import sys
from datetime import UTC, datetime

from ocrdesk.local import environment


def configure(*, for_people: bool = False) -> None:
    """Log to stderr as LOG_FORMAT, ENV and LOG_LEVEL say; by default text in a terminal, otherwise JSON lines.

    `for_people`: text unless LOG_FORMAT is set, in this process and in those that it starts.
    """
    if for_people and not environment.text("LOG_FORMAT"):
        os.environ["LOG_FORMAT"] = "text"
    form = environment.text("LOG_FORMAT", "auto").lower()
    if form == "auto" and (kind := environment.text("ENV")):
        form = "text" if kind.lower() == "development" else "json"
    handler = logging.StreamHandler()
    if form == "json" or (form != "text" and not sys.stderr.isatty()):
        handler.setFormatter(_JsonLine())
    else:
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    level = environment.text("LOG_LEVEL", "INFO").upper()
    known = level in ("DEBUG", "INFO", "WARNING", "ERROR")  # the api and the workers refuse others with a message
    logging.basicConfig(handlers=[handler], level=level if known else "INFO")


class _JsonLine(logging.Formatter):
    """Formats a record like the lines of the api and the workers: timestamp, level, logger, event."""

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
