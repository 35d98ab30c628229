"""Log lines of `serve` follow LOG_FORMAT and LOG_LEVEL."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.helpers.processes import clean_env

PROGRAM = """
import logging, os, sys
from ocrdesk.local.server import log_format
log_format.configure(for_people=len(sys.argv) > 1)
logging.getLogger("ocrdesk").info("ready")
logging.getLogger("ocrdesk").warning("the api ended")
"""


def logged(*arguments: str, **env: str) -> list[str]:
    """Return the log lines of a process without a terminal."""
    command = [sys.executable, "-c", PROGRAM, *arguments]
    done = subprocess.run(command, env=clean_env(**env), capture_output=True, text=True, check=True)
    return done.stderr.splitlines()


@pytest.mark.parametrize("env", [{}, {"LOG_FORMAT": "JSON"}, {"log_format": "json"}])
def test_without_a_terminal_lines_are_json(env: dict[str, str]) -> None:
    lines = [json.loads(line) for line in logged(**env)]
    assert [(line["level"], line["logger"], line["event"]) for line in lines] == [
        ("info", "ocrdesk", "ready"),
        ("warning", "ocrdesk", "the api ended"),
    ]


def test_lines_are_text_for_people_unless_a_format_is_set() -> None:
    assert [line.split(" ", 2)[2] for line in logged("for-people")] == [
        "INFO ocrdesk: ready",
        "WARNING ocrdesk: the api ended",
    ]
    assert json.loads(logged("for-people", LOG_FORMAT="json")[0])["event"] == "ready"


@pytest.mark.parametrize("name", ["LOG_LEVEL", "log_level"])
def test_the_level_is_the_one_that_is_set(name: str) -> None:
    (line,) = logged(**{name: "warning"})
    assert json.loads(line)["event"] == "the api ended"
