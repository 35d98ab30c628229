"""Processes are distinguished across restarts and containers."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace

import psutil
import pytest

from ocrdesk.backend.process_ids import is_running, own_process, process_space, started
from ocrdesk.backend.records import ProcessId


def test_this_process_runs_and_a_later_one_of_its_number_would_not_be_it() -> None:
    own = own_process()
    assert own.pid == os.getpid()
    assert is_running(own)
    assert not is_running(replace(own, started="1"))


def test_an_ended_process_does_not_run() -> None:
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    identity = ProcessId(process_space(), child.pid, started(child.pid))
    assert is_running(identity)
    child.kill()
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)  # it is a zombie until it is waited for
    assert not is_running(identity)
    child.wait()
    assert not is_running(identity)
    with pytest.raises(psutil.NoSuchProcess):
        started(child.pid)


def test_processes_of_one_machine_share_a_space() -> None:
    said = subprocess.run(
        [sys.executable, "-c", "from ocrdesk.backend.process_ids import process_space; print(process_space())"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout.strip() == process_space()


def test_another_process_namespace_is_another_space() -> None:
    command = ["unshare", "--fork", "--pid", "--mount-proc", sys.executable, "-c"]
    code = "from ocrdesk.backend.process_ids import process_space; print(process_space())"
    try:
        said = subprocess.run([*command, code], capture_output=True, text=True, check=False)
    except FileNotFoundError:
        pytest.skip("unshare is not installed")
    if said.returncode:
        pytest.skip(f"this system allows no process namespaces: {said.stderr.strip()}")
    assert said.stdout.strip() not in ("", process_space())
