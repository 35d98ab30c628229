"""Log lines of the api and the worker: one a line on stderr, never a document's text or a key."""

from __future__ import annotations

import logging
import sys


def configure(level: int = logging.INFO) -> None:
    """Sends every logger's lines to stderr in one form."""
    logging.basicConfig(
        level=level, stream=sys.stderr, force=True, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    # uvicorn says at INFO that it starts and stops; its own line for people is the command's
    logging.getLogger("uvicorn").setLevel(logging.WARNING)
    # RQ prints a task's arguments and return value at INFO; ours say what matters.
    logging.getLogger("rq").setLevel(logging.WARNING)
