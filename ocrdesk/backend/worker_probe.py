"""Checks the worker pools of this machine or container, for health checks."""

from __future__ import annotations

import psutil  # type: ignore[import-untyped]  # its stubs are a package of their own

from ocrdesk.backend.ledger.nodes import Nodes
from ocrdesk.backend.process_ids import is_running, process_space
from ocrdesk.backend.records import NodeInfo
from ocrdesk.backend.redis_connection import RedisFailure, RedisUnavailable, connect
from ocrdesk.backend.settings import Settings

_STOPPED = (psutil.STATUS_STOPPED, psutil.STATUS_TRACING_STOP)


class ProbeError(Exception):
    """The workers are not healthy; the message says why in one line."""


def check_workers(settings: Settings, pid: int | None = None) -> str:
    """Return a line on the healthy worker pools of this machine. Raises ProbeError.

    A pool is healthy if it sends heartbeats, all its processes run, and none is stopped. `pid`: only the pool with this
    main process counts; without it, a pool that has ended counts for nothing while another one runs.
    """
    try:
        nodes = Nodes(connect(settings, text=True)).live()
    except RedisUnavailable:
        raise ProbeError("Redis does not respond, so the workers get no work. Check REDIS_URL.") from None
    except RedisFailure as error:
        raise ProbeError(f"Redis refuses the connection ({type(error).__name__}). Check REDIS_URL.") from None
    here = process_space()
    own = {node.process.pid: node for node in nodes if node.process and node.process.space == here}
    if pid is not None:
        own = {number: node for number, node in own.items() if number == pid}
    if not own:
        raise ProbeError(f"{_pool(pid)} has sent no heartbeat lately. It may be starting, or use another REDIS_URL.")
    running = {number: node for number, node in own.items() if node.process and is_running(node.process)}
    if not running:
        raise ProbeError(f"{_pool(min(own))} has ended.")
    for number, node in running.items():
        _check_processes(number, node)
    return f"healthy; workers: {sum(node.workers for node in running.values())}"


def _check_processes(pid: int, node: NodeInfo) -> None:
    """Raise ProbeError unless the pool, its workers and its helpers run."""
    try:
        pool = psutil.Process(pid)
        if pool.status() in _STOPPED:
            raise ProbeError(f"{_pool(pid)} is stopped. Continue it with SIGCONT, or restart it.")
        states = {child.pid: _status(child) for child in pool.children()}
    except psutil.NoSuchProcess:
        raise ProbeError(f"{_pool(pid)} has ended.") from None
    for child, status in states.items():
        if status in _STOPPED:
            raise ProbeError(f"The worker process {child} is stopped. Continue it with SIGCONT, or end it.")
    alive = sum(status not in (None, psutil.STATUS_ZOMBIE) for status in states.values())
    expected = node.workers + node.helpers
    if alive < expected:
        raise ProbeError(f"{_pool(pid)} has {alive} of its {expected} processes. It may be starting others.")


def _status(process: psutil.Process) -> str | None:
    try:
        return str(process.status())
    except psutil.NoSuchProcess:
        return None


def _pool(pid: int | None) -> str:
    return "The worker pool of this machine" if pid is None else f"The worker pool (process {pid})"
