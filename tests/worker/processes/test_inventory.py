"""What the worker reports about this machine: engines with reasons, versions, languages."""

from __future__ import annotations

import json
import subprocess
import sys

from ocrdesk.contract.engines import INCLUDED_ENGINES
from ocrdesk_worker.processes.inventory import describe, languages
from tests.helpers.processes import clean_env


def test_every_engine_is_reported_and_can_be_used_or_has_a_reason() -> None:
    engines = describe()["engines"]
    assert isinstance(engines, dict)
    assert set(INCLUDED_ENGINES) <= set(engines)
    assert all(reason is None or reason.endswith(".") or "Get it with: " in reason for reason in engines.values())


def test_languages_are_reported_with_file_and_size() -> None:
    english = next(entry for entry in languages() if entry["name"] == "eng")
    assert str(english["file"]).endswith("eng.traineddata")
    assert int(str(english["size"])) > 1_000_000


def test_the_program_prints_the_report_as_json() -> None:
    command = [sys.executable, "-m", "ocrdesk_worker", "--describe"]
    done = subprocess.run(command, capture_output=True, text=True, env=clean_env(), check=True)
    assert json.loads(done.stdout)["engines"] == describe()["engines"]
