"""When traces are on, and what they cost when they are off."""

from __future__ import annotations

import subprocess
import sys

import pytest

from ocrdesk.backend.tracing import traces
from ocrdesk.installation import this_installation
from tests.helpers.processes import clean_env

ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT"
LOAD = (
    "import sys, ocrdesk.backend.job_log, ocrdesk_worker.processes.pool; from ocrdesk.backend.tracing import traces; "
)


@pytest.mark.parametrize(
    ("environment", "wanted"),
    [
        ({}, False),
        ({ENDPOINT: ""}, False),
        ({ENDPOINT: "http://127.0.0.1:4318"}, True),
        ({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://127.0.0.1:4318/v1/traces"}, True),
        ({ENDPOINT: "http://127.0.0.1:4318", "OTEL_SDK_DISABLED": "true"}, False),
        ({ENDPOINT: "http://127.0.0.1:4318", "OTEL_TRACES_EXPORTER": "none"}, False),
    ],
)
def test_environment_decides(environment: dict[str, str], wanted: bool) -> None:
    assert traces.are_wanted(environment) is wanted


def run(code: str, **extra: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in clean_env(**extra).items() if not name.startswith("OTEL_") or name in extra}
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=kept)


def test_worker_without_traces_makes_and_loads_nothing() -> None:
    """redis-py loads a part of OpenTelemetry if it is installed, so this test prevents that."""
    code = "import sys; sys.modules['opentelemetry'] = None; " + LOAD
    code += "traces.start('x', in_background=False); traces.flush(); "
    code += "print(*(name for name in sys.modules if name.startswith(('opentelemetry', 'ocrdesk.backend.trace_'))))"
    assert run(code).stdout.split() == ["opentelemetry"]


def test_missing_package_is_a_warning_that_names_the_extra() -> None:
    code = (
        LOAD + "import logging; logging.basicConfig(); sys.modules['opentelemetry.sdk'] = None; "
        "traces.start('x', in_background=False); print(traces.current_traceparent())"
    )
    done = run(code, **{ENDPOINT: "http://127.0.0.1:4318"})
    assert done.stdout.strip() == "None"
    assert this_installation().add_extra("otel") in done.stderr
