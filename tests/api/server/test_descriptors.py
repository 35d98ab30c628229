"""How many connections a number of file descriptors allows."""

from __future__ import annotations

import subprocess
import sys

import pytest

from ocrdesk_api.server.descriptors import connections_within


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
