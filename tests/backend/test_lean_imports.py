"""Libraries are loaded without what they would load only because it is installed."""

from __future__ import annotations

import subprocess
import sys

import pytest

from ocrdesk.backend.lean_imports import without

UNUSED = ("limits", "opentelemetry.sdk.metrics", "pydantic.v1", "valkey")


def test_a_hidden_module_can_be_imported_after_the_block() -> None:
    sys.modules.pop("colorsys", None)
    with without("colorsys", "json"), pytest.raises(ImportError):
        import colorsys
    import colorsys
    import json

    assert colorsys.rgb_to_hsv(0, 0, 0) == (0, 0, 0)
    assert json.dumps(1) == "1", "it was loaded before"


@pytest.mark.parametrize(
    "code", ["import ocrdesk_worker.processes.pool", "from ocrdesk_api.__main__ import load; load({})"]
)
def test_programs_start_without_parts_that_nothing_uses(code: str, redis_url: str) -> None:
    code = f"""
import sys
from ocrdesk.backend import logs
from ocrdesk.backend.settings import Settings
{code.format(f"Settings(redis_url={redis_url!r})")}
print(*sorted(set({UNUSED}) & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.split() == []
