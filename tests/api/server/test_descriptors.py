"""How many connections a number of file descriptors allows."""

from __future__ import annotations

import resource
import subprocess
import sys
from itertools import count
from pathlib import Path

import psutil  # type: ignore[import-untyped]  # its stubs are a package of their own
import pytest

from ocrdesk_api.server.descriptors import MINIMUM, connections_within
from tests.helpers import plain_http
from tests.helpers.processes import running_api_process
from tests.helpers.sample_files import text_png


@pytest.mark.parametrize(
    ("descriptors", "wanted", "connections"),
    [(1 << 20, 4_000, 4_000), (20_000, 4_000, 4_000), (1_024, 4_000, 384), (1_024, 100, 100), (256, 4_000, 64)],
)
def test_descriptors_are_left_for_redis_and_files(descriptors: int, wanted: int, connections: int) -> None:
    assert connections_within(descriptors, wanted) == connections


def test_the_soft_limit_is_raised_to_the_hard_one() -> None:
    script = (
        "import resource; resource.setrlimit(resource.RLIMIT_NOFILE, (100, 300)); "
        "from ocrdesk_api.server.descriptors import raise_descriptor_limit as up; "
        "print(up(), *resource.getrlimit(resource.RLIMIT_NOFILE))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.split() == ["300", "300", "300"]


def test_too_few_are_refused_at_the_start_with_what_to_do() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "ocrdesk_api", "--port", "0"],
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (MINIMUM - 1, MINIMUM - 1)),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 2
    assert "ulimit -n" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_file_that_cannot_be_opened_is_a_503_and_the_next_upload_works(redis_url: str, tmp_path: Path) -> None:
    files = {"file": ("a.png", text_png("A"))}
    with (
        running_api_process(REDIS_URL=redis_url, STORAGE_URL=tmp_path.as_uri()) as api,
        plain_http.Client(base_url=api.api, timeout=30, trust_env=False) as http,
    ):
        assert http.post("/ocr/submit", files=files).status_code == 202
        process = psutil.Process(api.process.pid)
        limits = process.rlimit(psutil.RLIMIT_NOFILE)
        process.rlimit(psutil.RLIMIT_NOFILE, (_lowest_free(process.pid), limits[1]))  # the connection stays open
        refused = http.post("/ocr/submit", files=files)
        process.rlimit(psutil.RLIMIT_NOFILE, limits)
        assert (refused.status_code, refused.json()["code"]) == (503, "too_many_connections"), refused.text
        assert int(refused.headers["retry-after"]) > 0
        assert http.post("/ocr/submit", files=files).status_code == 202


def _lowest_free(pid: int) -> int:
    """Return the lowest number that no descriptor of a process has: with it as the limit, none can be opened."""
    used = {int(number.name) for number in Path(f"/proc/{pid}/fd").iterdir()}
    return next(number for number in count() if number not in used)
