"""`ocrdesk serve`, `api` and `worker`."""

from __future__ import annotations

import pytest

from tests.helpers.processes import run_ocrdesk


@pytest.mark.parametrize("command", ["api", "worker"])
@pytest.mark.parametrize(
    ("name", "value"), [("MAX_PDF_PAGES", "many"), ("STORAGE_URL", "s3://bucket"), ("REDIS_URL", "localhost:6379")]
)
def test_a_setting_that_cannot_be_used_is_named_and_ends_the_part(command: str, name: str, value: str) -> None:
    done = run_ocrdesk(command, timeout_s=30, **({"REDIS_URL": "redis://127.0.0.1:9/0"} | {name: value}))
    assert done.returncode == 2, done.stderr
    assert name in done.stderr
    assert "Traceback" not in done.stderr
