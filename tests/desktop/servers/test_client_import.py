"""Threads that need the client first, at once, all find it complete."""

from __future__ import annotations

import subprocess
import sys

PROGRAM = """
import threading
from ocrdesk.desktop.servers.client_import import import_client

failures, start = [], threading.Barrier(8)

def work():
    start.wait()
    try:
        import_client()
        from ocrdesk.contract.capabilities import Capabilities
        from ocrdesk.client import Client
    except ImportError as error:
        failures.append(error)

threads = [threading.Thread(target=work) for _ in range(8)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
assert not failures, failures
"""


def test_threads_that_load_the_client_at_once_find_it_complete() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
