"""A task process writes only its log lines to stderr, not the output of libraries."""

from __future__ import annotations

import json
import subprocess
import sys

from tests.helpers.processes import clean_env

# A real worker and a real fork; only the work of the task process is replaced.
_PROGRAM = """
import logging, os
from rq import Worker
from ocrdesk.backend import logs
from ocrdesk.backend.redis_connection import connect
from ocrdesk.backend.records import Attempt
from ocrdesk.backend.settings import Settings
from ocrdesk_worker.jobs import context
from ocrdesk_worker.engines.registry import Engines
from ocrdesk_worker.engines.languages.tessdata import collect
from ocrdesk_worker.processes.rq_worker import UnitWorker

def read_a_file(self, job, queue):
    os.write(1, b"a library's words")
    os.write(2, b"a library's words")
    logging.getLogger("ocrdesk_worker").info("a line of ours")

logs.configure()
Worker.main_work_horse = read_a_file
settings = Settings.from_environment()
worker = UnitWorker(connect(settings, text=False), "node", "name", context.make(settings, Engines(collect())))
worker.pid, worker._attempt, worker._limit_s = os.getpid(), Attempt("id", "node", "name"), 10.0
pid = os.fork()
if pid == 0:
    worker.main_work_horse(None, None)
    os._exit(0)
assert os.waitpid(pid, 0)[1] == 0
"""


def test_output_of_libraries_in_a_process_is_discarded(redis_url: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM], env=clean_env(REDIS_URL=redis_url), capture_output=True, text=True, check=True
    )
    assert done.stdout == ""
    assert [json.loads(line)["event"] for line in done.stderr.splitlines()] == ["a line of ours"]
