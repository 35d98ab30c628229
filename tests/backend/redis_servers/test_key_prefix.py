"""The prefix of keys follows REDIS_URL as it is when a program starts."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.helpers.processes import clean_env

PROGRAM = """
from ocrdesk.backend import redis_keys
from ocrdesk.backend.redis_servers.key_prefix import mismatch
from rq import Queue
import sys
keys = redis_keys.job("1"), redis_keys.rq_queue("main"), Queue.redis_queue_namespace_prefix
print(*keys, mismatch(sys.argv[1]), sep="|")
"""
CLUSTER, SINGLE = "redis+cluster://one", "redis://one"


def _printed(url: str, program: str = PROGRAM, **env: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", program, url], env=clean_env(**env), capture_output=True, text=True, check=True
    )
    return done.stdout.strip("\n").split("|")


def test_all_keys_on_a_cluster_have_one_hash_tag() -> None:
    expected = ["{ocrdesk}:job:1", "{ocrdesk}:rq:queue:main", "{ocrdesk}:rq:queue:", ""]
    assert _printed(CLUSTER, REDIS_URL=CLUSTER) == expected


def test_address_of_a_cluster_may_be_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "url").write_text(f"{CLUSTER}\n")
    assert _printed(CLUSTER, REDIS_URL_FILE=str(tmp_path / "url"))[0] == "{ocrdesk}:job:1"


def test_other_servers_have_the_keys_of_earlier_versions() -> None:
    assert _printed(SINGLE, REDIS_URL=SINGLE) == ["ocrdesk:job:1", "rq:queue:main", "rq:queue:", ""]


def test_cluster_that_was_not_known_at_the_start_is_refused() -> None:
    assert "names a cluster, but did not when this program started" in _printed(CLUSTER)[-1]


def test_rq_with_another_prefix_is_refused() -> None:
    early = _printed(CLUSTER, "import rq\n" + PROGRAM, REDIS_URL=CLUSTER)
    assert early[-1].endswith("Start this program with RQ_KEY_PREFIX={ocrdesk}:rq.")
