"""An engine that attacks from inside the process that opens files finds every way closed, also for a plain user."""

from __future__ import annotations

import contextlib
import json
import os
import platform
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from redis import Redis
from rq import Callback, Queue

from ocrdesk.client import Client
from ocrdesk.contract.jobs import JobOptions
from ocrdesk_worker.sandbox import confinement
from tests.helpers.plain_user import as_plain_user, give_to_plain_user
from tests.helpers.processes import clean_env, end, run_valkey, running_api, short_folder
from tests.helpers.sample_files import text_png
from tests.helpers.wait import wait_until

ROOT = Path(__file__).resolve().parents[3]
INTRUDER = ROOT / "tests" / "plugins" / "intruder" / "ocrdesk_intruder.py"
CANARY = "canary-that-no-parser-may-see"

pytestmark = [
    pytest.mark.skipif(
        set(confinement.MEASURES) - set(confinement.measures()) != set(),
        reason=f"this kernel offers only {', '.join(confinement.measures()) or 'nothing'}",
    ),
    pytest.mark.skipif(platform.machine() != "x86_64", reason="the attacks are system calls of x86-64"),
]


class Attacked:
    """A service whose pool runs as a plain user with the attacking engine."""

    def __init__(self, folder: Path, url: str, redis_url: str, pool: subprocess.Popen[bytes]) -> None:
        self.folder, self.url, self.redis_url, self.pool = folder, url, redis_url, pool

    @property
    def redis(self) -> Any:
        return Redis.from_url(self.redis_url)

    def processes(self) -> list[int]:
        """Return the ids of the pool and its workers, which run all the time."""
        return [self.pool.pid, *(child.pid for child in psutil.Process(self.pool.pid).children())]

    def log(self) -> str:
        return (self.folder / "pool.log").read_text()


@pytest.fixture(scope="module")
def attacked() -> Iterator[Attacked]:
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(short_folder())
        package = folder / "packages" / "ocrdesk_intruder"
        about = folder / "packages" / "ocrdesk_intruder-1.0.dist-info"
        for place in (package, about, folder / "blobs", folder / "home", folder / "tmp", folder / "valkey"):
            place.mkdir(parents=True)
        shutil.copy(INTRUDER, package / "__init__.py")
        (about / "METADATA").write_text("Metadata-Version: 2.1\nName: ocrdesk-intruder\nVersion: 1.0\n")
        (about / "entry_points.txt").write_text("[ocrdesk.engines]\nintruder = ocrdesk_intruder:FACTORY\n")
        (folder / "home" / "secret").write_text(CANARY)
        redis_url = stack.enter_context(run_valkey(folder / "valkey"))
        env = {"REDIS_URL": redis_url, "STORAGE_URL": (folder / "blobs").as_uri()}
        folder.chmod(0o755)
        give_to_plain_user(folder)
        url = stack.enter_context(running_api(before=as_plain_user(), **env))
        log = stack.enter_context((folder / "pool.log").open("wb"))
        pool = subprocess.Popen(
            [*as_plain_user(), sys.executable, "-m", "ocrdesk_worker", "--workers", "1"],
            env=clean_env(
                **env,
                PYTHONPATH=str(folder / "packages"),
                HOME=str(folder / "home"),
                TMPDIR=str(folder / "tmp"),
                METRICS_TOKEN=CANARY,
                LOCAL_TOKEN=CANARY,
            ),
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
        stack.callback(end, pool, 40)
        found = Attacked(folder, url.removesuffix("/api/v1"), redis_url, pool)
        wait_until(lambda: found.redis.smembers("rq:workers:ocrdesk-images"), "the pool's workers")
        yield found


def test_every_way_out_is_closed(attacked: Attacked) -> None:
    with socket.socket(socket.AF_UNIX) as abstract, socket.socket() as listener, Client(attacked.url) as client:
        name = f"ocrdesk-test-{os.getpid()}"
        abstract.bind("\0" + name)
        abstract.listen()
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        other = client.submit(text_png("Private"), JobOptions(engine="tesseract"), name="other.png")
        client.wait(other)
        blobs = attacked.folder / "blobs"
        target = {
            "blobs": str(blobs),
            "other_upload": str(blobs / other / "upload"),
            "home": str(attacked.folder / "home"),
            "processes": attacked.processes(),
            "redis_socket": attacked.redis_url.removeprefix("unix://"),
            "port": listener.getsockname()[1],
            "abstract": name,
            "canary": CANARY,
        }
        before = {path: path.read_bytes() for path in (blobs / other).iterdir()}
        assert before[blobs / other / "upload"]
        (attacked.folder / "packages" / "ocrdesk_intruder" / "target.json").write_text(json.dumps(target))
        job_id = client.submit(text_png("Attack"), JobOptions(engine="intruder"), name="attack.png")
        result = client.wait(job_id)
        assert result.error is None, attacked.log()
        words = dict(word.text.split("=", 1) for word in client.document(job_id).pages[0].words())
        after = {path: path.read_bytes() for path in (blobs / other).iterdir()}
    assert (words.pop("threads"), words.pop("scratch")) == ("works", "works")
    assert len(words) > 60
    assert {name: how for name, how in words.items() if how != "refused"} == {}
    assert after == before
    assert not list((attacked.folder / "home").glob("planted"))
    assert CANARY not in attacked.log()


def test_nothing_is_left_of_the_task(attacked: Attacked) -> None:
    with Client(attacked.url) as client:
        client.wait(client.submit(text_png("Attack"), JobOptions(engine="intruder"), name="attack.png"))
    tasks = [child for pid in attacked.processes()[1:] for child in psutil.Process(pid).children(recursive=True)]
    psutil.wait_procs(tasks, 30)
    wait_until(
        lambda: (
            not [path for path in (attacked.folder / "tmp").rglob("*") if path.is_file() and "lock" not in path.name]
        ),
        "empty scratch folders",
    )


@pytest.mark.parametrize("queue", ["ocrdesk", "ocrdesk-images", "ocrdesk-webhooks"])
def test_an_entry_that_names_another_function_does_not_run(attacked: Attacked, queue: str) -> None:
    ran = attacked.folder / "tmp" / f"ran-{queue}"
    entries = Queue(queue, connection=attacked.redis, serializer="json")
    for function in ("subprocess.getoutput", "os.system"):
        entries.enqueue(function, f"touch {ran}", on_failure=Callback(function), result_ttl=0)
    wait_until(lambda: not entries.job_ids, "the entries are taken")
    wait_until(lambda: attacked.log().count("is not one of ocrdesk") >= 2, "the lines of the log")
    with Client(attacked.url) as client:  # the worker lives, and works
        assert client.wait(client.submit(text_png("Still here"), name="a.png")).error is None, attacked.log()
    assert not ran.exists()
