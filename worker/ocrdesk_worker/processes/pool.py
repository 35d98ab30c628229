"""Keeps the worker processes of one machine alive."""

from __future__ import annotations

import contextlib
import gc
import logging
import os
import platform
import signal
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from types import FrameType

from ocrdesk import __version__
from ocrdesk.backend import logs
from ocrdesk.backend.outages.outage_log import RedisOutage
from ocrdesk.backend.outages.redis_errors import problem_of
from ocrdesk.backend.process_ids import own_process
from ocrdesk.backend.records import NodeInfo, ReleaseReason
from ocrdesk.backend.redis_connection import RedisFailure
from ocrdesk.backend.settings import Settings, SettingsError
from ocrdesk.backend.shared_settings import fingerprints
from ocrdesk.backend.storage.blob_store import BlobStore, StorageUnavailableError
from ocrdesk.backend.storage.folder_store import FolderStore
from ocrdesk.backend.storage.open_store import is_cloud
from ocrdesk.backend.tracing import traces
from ocrdesk.backend.webhooks.deliveries import Deliveries
from ocrdesk.contract.jobs import DEFAULT_LANGUAGES
from ocrdesk.export.package_names import NEW_FORMATS
from ocrdesk_worker import tasks  # noqa: F401  # tasks: loaded once, here, for every task process
from ocrdesk_worker.engines.languages.tessdata import are_linked, collect, installed_state, refresh_links
from ocrdesk_worker.engines.registry import Engines
from ocrdesk_worker.jobs import context
from ocrdesk_worker.processes.children import Children
from ocrdesk_worker.processes.first_workers import FirstWorkers
from ocrdesk_worker.processes.large_pages import merge_memory
from ocrdesk_worker.processes.reaper import EVERY_S, Reaper
from ocrdesk_worker.processes.rq_worker import UnitWorker
from ocrdesk_worker.processes.scratch import SWEEP_EVERY_S, PoolScratch, use_for_temporary_files
from ocrdesk_worker.processes.stopped_children import WAIT_OPTIONS, StoppedChildren
from ocrdesk_worker.processes.unit_ending import describe_status, reason_of
from ocrdesk_worker.processes.warm_up import load_rest
from ocrdesk_worker.sandbox import confinement, process_limits, secret_memory
from ocrdesk_worker.storage_process.remote_store import RemoteStore
from ocrdesk_worker.storage_process.supervisor import StorageProcess
from ocrdesk_worker.waiting_redis import connect_waiting

_log = logging.getLogger(__name__)

_TICK_S = 0.2
_HEARTBEAT_EVERY_S = 3.0
_RESPAWN_AFTER_S = 1.0
_WEBHOOKS_EVERY_S = 1.0
_LANGUAGES_EVERY_S = 1.0
_FOLDERS_EVERY_S = 1.0
_WAIT_FOR_STORAGE_S = 5.0
"""How long the main process waits for an answer of the storage process: meanwhile it sends no heartbeats."""


@dataclass(frozen=True, slots=True)
class WorkLimits:
    """What ends a worker process by itself: an empty queue, a number of units, or a time without one."""

    burst: bool = False
    max_units: int | None = None
    max_idle_s: int | None = None

    @property
    def end_it(self) -> bool:
        return self.burst or self.max_units is not None or self.max_idle_s is not None


class Pool:
    """Forks worker processes, sends heartbeats and recovers lost work until SIGTERM or SIGINT. Has no threads."""

    def __init__(
        self,
        settings: Settings,
        workers: int,
        *,
        sole: bool = False,
        parent_pid: int | None = None,
        name: str | None = None,
        limits: WorkLimits | None = None,
    ) -> None:
        """`sole`: no other pool can be alive on this Redis, so everything that is held can be released at once.

        `parent_pid`: the parent process; the pool ends with it. `name`: begins the node's name, instead of the host's.
        `limits`: the pool ends after its workers have ended by them, and due webhooks are delivered.
        """
        self._settings = settings
        self._workers = workers
        self._sole = sole
        self._parent_pid = parent_pid
        self._limits = limits or WorkLimits()
        self.node = f"{name or platform.node() or 'host'}-{uuid.uuid4().hex[:8]}"
        self._children = Children()
        self._leases_left = sole
        """Whether webhook workers that ended may have left leases that nobody else can hold."""
        self._storage: StorageProcess | None = None
        """What reaches the bucket, if files are in one: this process forks and must not do that itself."""
        self._ended_workers: dict[str, ReleaseReason] = {}
        """Workers that ended and may still hold units. These are released as soon as Redis answers."""
        self._stopped_children = StoppedChildren()
        self._stopping = False
        self._done_workers = 0
        """Workers that ended by the limits."""
        self._problem = ""
        """Why workers cannot work now, or empty."""
        self._outage = RedisOutage(_log)
        self._due: dict[str, float] = {}
        self._is_complete = False
        """Whether this process has loaded all that units may need. A sole pool is asked for a page before it has."""
        self._first_workers = FirstWorkers()
        """Workers that were forked before that."""

    def run(self) -> int:
        """Run until told to stop; return the exit code, 0 after an orderly stop."""
        if self._parent_pid is not None:
            process_limits.set_parent_death_signal(self._parent_pid)
        logs.bind(node=self.node)
        process_limits.adopt_orphans()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._request_stop)
        traces.start("ocrdesk-worker", in_background=False)
        self._scratch = PoolScratch.create(self._settings.scratch_dir)
        use_for_temporary_files(self._scratch.own)
        if is_cloud(self._settings):
            self._storage = StorageProcess(self._scratch.own)
        try:
            self._load()
        except SettingsError:
            if self._storage:
                self._storage.stop()
            self._scratch.remove()
            raise
        self._is_complete = not self._sole or self._limits.end_it
        if not self._is_complete:
            self._announce()  # what follows takes a tenth of a second, as does the way of a first job to the queue
        self._context.engines.preload(DEFAULT_LANGUAGES)
        if self._is_complete:
            load_rest(self._context.engines)
        confinement.prepare()
        gc.freeze()  # children must not scan shared objects: that would copy their pages
        gc.enable()
        if not self._sole and not self._limits.end_it:  # others are soon asked for a page: it takes a third of a second
            merge_memory()
        if self._is_complete:
            self._announce()
        confinement.log_measures()
        engines, languages = ", ".join(self._info.engines), ", ".join(self._info.languages)
        _log.info("%d workers with %s, languages %s", self._workers, engines, languages)
        if not self._is_complete:
            self._begin_early()
        while not self._stopping and self._done_workers < self._workers:
            self._tick()
            self._first_workers.wait_for_end(_TICK_S)
        if not self._stopping:
            self._deliver_due_webhooks()
        self._stop()
        return 0

    def _load(self) -> None:
        """Load what every unit needs, but for Tesseract's models, and make what describes this pool."""
        self._installed = installed_state()
        data = collect()
        engines = Engines(data)
        installed = [name for name, reason in engines.installed().items() if reason is None]
        unusable = tuple((one.name, one.reason) for one in engines.unusable())
        store = self._storage.store(_WAIT_FOR_STORAGE_S) if self._storage else None
        self._context = context.make(self._settings, engines, blobs=store)
        self._info = NodeInfo(
            self.node,
            self._workers,
            tuple(installed),
            data.languages,
            __version__,
            unusable,
            settings=fingerprints(self._settings, self._context.blobs),
            process=own_process(),
            helpers=0 if self._limits.end_it else 2,
            sandbox=confinement.measures(),
            formats=tuple(map(str, NEW_FORMATS)),
        )
        self._reaper = Reaper(self._context)
        self._deliveries = Deliveries.open(self._settings)

    def _begin_early(self) -> None:
        """Let workers begin, and load the rest meanwhile. Each is replaced by a complete one after its first unit."""
        self._check_folders()
        if not self._problem:
            for _ in range(self._workers):
                self._spawn()
            self._first_workers.add(self._children.workers)
        gc.disable()
        load_rest(self._context.engines)
        gc.freeze()
        gc.enable()
        self._is_complete = True

    def _request_stop(self, number: int, frame: FrameType | None) -> None:  # noqa: ARG002
        self._stopping = True

    def _announce(self) -> None:
        """Write the first heartbeat, as soon as Redis answers."""
        while not self._stopping:
            try:
                if self._sole:
                    self._context.ledger.nodes.remove_all()
                    self._context.ledger.lost_work.expire_all()
                self._context.ledger.nodes.heartbeat(self._info)
                self._outage.written()
                return
            except RedisFailure as error:
                if problem_of(error) is None:
                    raise
                self._outage.failed(error)
                time.sleep(_TICK_S)

    def _tick(self) -> None:
        self._reap_children()
        self._stopped_children.kill_overdue()
        if self._is_due("folders", _FOLDERS_EVERY_S):
            if self._storage:
                self._storage.keep_alive()
            self._check_folders()
        children, wanted = self._children, self._workers - self._done_workers
        while not self._problem and len(children.workers) < wanted and self._is_due("spawn", 0):
            self._spawn()
        makes_images = not self._limits.end_it and not self._problem
        if makes_images and not children.image_workers and self._is_due("image worker", _RESPAWN_AFTER_S):
            self._spawn_image_worker()
        if self._leases_left and self._is_due("leases", 0.5):
            self._guarded(self._release_deliveries)
        if self._is_due("webhooks", _WEBHOOKS_EVERY_S):
            self._guarded(self._push_webhooks)
        if not children.webhook_workers and not self._leases_left and self._is_due("webhook worker", _RESPAWN_AFTER_S):
            self._guarded(self._spawn_webhook_worker)
        if self._is_due("heartbeat", _HEARTBEAT_EVERY_S):
            self._guarded(self._send_heartbeat)
        if self._is_due("languages", _LANGUAGES_EVERY_S):
            self._update_languages()
        if self._ended_workers and self._is_due("release", 0.5):
            self._guarded(self._release_ended_workers)
        if self._is_due("reaper", EVERY_S):
            self._guarded(self._reaper.run)
        if not self._problem and self._is_due("sweep", SWEEP_EVERY_S):
            self._scratch.sweep(set(self._children.unit_workers().values()))
        if self._parent_pid is not None and os.getppid() != self._parent_pid:
            self._stopping = True

    def _check_folders(self) -> None:
        """Let no worker take work while it could not write temporary files or results. Running tasks end first."""
        problem = _folder_problem(self._context.blobs, self._scratch)
        if bool(problem) == bool(self._problem):
            return
        self._problem = problem
        if problem:
            _log.error("%s: workers wait until it can be used", problem)
            self._children.signal_unit_workers(signal.SIGTERM)  # once: a second one would end the tasks
        else:
            _log.info("the folders can be used again")
            self._info = replace(self._info, settings=fingerprints(self._settings, self._context.blobs))
        self._info = replace(self._info, workers=0 if problem else self._workers)
        self._guarded(lambda: self._context.ledger.nodes.heartbeat(self._info))

    def _update_languages(self) -> None:
        """Pick up languages that were added or removed, and announce them at once. Make lost links again.

        Processes that were forked before share the folder of links, so they see the change too.
        """
        now, engines = installed_state(), self._context.engines
        if now == self._installed and are_linked(engines.data):
            return
        try:
            refresh_links(engines.data)
        except OSError as error:
            _log.warning("the language data cannot be listed: %s", error.strerror)
            return
        self._installed = now
        languages = engines.data.languages
        if languages != self._info.languages:
            _log.info("languages are now %s", ", ".join(languages))
            self._info = replace(self._info, languages=languages)
            self._guarded(lambda: self._context.ledger.nodes.heartbeat(self._info))

    def _is_due(self, what: str, every_s: float) -> bool:
        now = time.monotonic()
        if now < self._due.get(what, 0.0):
            return False
        self._due[what] = now + every_s
        return True

    def _guarded(self, action: Callable[[], object]) -> None:
        try:
            action()
        except RedisFailure as error:
            self._outage.failed(error)
        except Exception:  # of one job or record: the pool goes on with the others
            _log.exception("a part of the pool's work failed; it is tried again")

    def _send_heartbeat(self) -> None:
        """Report that this pool is alive. As the only regular write, it tells when an outage has ended."""
        self._context.ledger.nodes.heartbeat(self._info)
        self._outage.written()

    # ── children ─────────────────────────────────────────────────────────────────────────────────

    def _spawn(self) -> None:
        name = f"{self.node}-{uuid.uuid4().hex[:6]}"
        self._children.fork(self._children.workers, name, self._work)

    def _spawn_image_worker(self) -> None:
        name = f"{self.node}-images-{uuid.uuid4().hex[:6]}"
        self._children.fork(self._children.image_workers, name, self._make_images)

    def _spawn_webhook_worker(self) -> None:
        """Start what sends webhooks: a pool that ends by itself has it only while a batch waits.

        So it never has to be told to stop while it waits. Redis might have handed it a batch in that instant, which
        nobody would send before its leases end.
        """
        if self._limits.end_it and not self._deliveries.is_batch_waiting():
            return
        name = f"{self.node}-webhooks-{uuid.uuid4().hex[:6]}"
        self._children.fork(self._children.webhook_workers, name, self._send_webhooks)

    def _work(self, name: str) -> None:
        """Run one worker process."""
        work = _context_of(name, self._context, self._scratch)
        worker = UnitWorker(connect_waiting(self._settings), self.node, name, work)
        secret_memory.find(secret_memory.secrets_of(self._settings))
        limits = self._limits
        units = limits.max_units if self._is_complete else 1
        worker.work(limits.burst, "WARNING", max_jobs=units, max_idle_time=limits.max_idle_s)

    def _make_images(self, name: str) -> None:
        """Run the image worker."""
        work = _context_of(name, self._context, self._scratch)
        worker = UnitWorker(connect_waiting(self._settings), self.node, name, work, only_images=True)
        secret_memory.find(secret_memory.secrets_of(self._settings))
        worker.work(False, "WARNING")

    def _send_webhooks(self, name: str) -> None:
        """Run the webhook worker; in a pool that ends by itself, only until no batch waits."""
        from ocrdesk_worker.webhooks import rq_worker  # the others do not need what it imports

        rq_worker.run(self._settings, name, burst=self._limits.end_it)

    def _reap_children(self) -> None:
        while True:
            try:
                pid, status = os.waitpid(-1, WAIT_OPTIONS)
            except ChildProcessError:
                self._children.clear()
                return
            if pid == 0:
                return
            if not self._stopped_children.has_ended(pid, status):
                continue
            if image_worker := self._children.image_workers.pop(pid, None):
                self._ended_workers[image_worker] = _lost_or_handed_back(status)
                if not self._stopping and not self._problem:
                    _log.warning("the image worker ended (%s): starting another", describe_status(status))
            name = self._children.workers.pop(pid, None)
            if self._children.webhook_workers.pop(pid, None):
                self._leases_left = self._sole
                if not self._stopping and not (self._limits.end_it and status == 0):
                    _log.warning("the webhook worker ended (%s): starting another", describe_status(status))
            if name is None:
                continue  # a task process whose worker ended first
            is_replaced = self._first_workers.remove(name) and status == 0
            if self._limits.end_it and status == 0 and not self._problem:
                self._done_workers += 1
            elif not self._stopping and not self._problem and not is_replaced:
                _log.warning("worker %s ended (%s): starting another", name, describe_status(status))
                self._due["spawn"] = time.monotonic() + _RESPAWN_AFTER_S
            self._ended_workers[name] = _lost_or_handed_back(status)

    def _release_ended_workers(self) -> None:
        """Release the units that ended workers held. Raises RedisFailure; then it is tried again."""
        ended = dict(self._ended_workers)
        for entry in self._context.ledger.leases.active():
            if reason := ended.get(entry.attempt.worker):
                with self._context.lines_about(entry.unit):
                    self._context.ledger.leases.release(
                        entry.attempt.id,
                        ReleaseReason.HANDED_BACK if self._stopping or self._problem else reason,
                        inflight_limit=self._context.inflight_limit(),
                    )
        for name in ended:
            self._ended_workers.pop(name, None)

    def _push_webhooks(self) -> None:
        self._due["webhooks"] = time.monotonic() + _HEARTBEAT_EVERY_S  # while Redis is unavailable, try less often
        self._deliveries.push_due()
        self._due["webhooks"] = time.monotonic() + _WEBHOOKS_EVERY_S

    def _release_deliveries(self) -> None:
        """Repeat at once the deliveries of a webhook worker that ended. Only for a sole pool: it ends all leases."""
        self._deliveries.release_all()
        self._leases_left = False

    def _deliver_due_webhooks(self) -> None:
        """Let the webhook worker finish its batches, and another one deliver what is due."""
        self._wait_for_webhook_workers()
        self._guarded(self._deliveries.push_due)
        self._guarded(self._spawn_webhook_worker)
        self._wait_for_webhook_workers()

    def _wait_for_webhook_workers(self) -> None:
        while self._children.webhook_workers and not self._stopping:
            self._reap_children()
            time.sleep(0.05)

    def _stop(self) -> None:
        """Let running tasks finish within the grace period, then hand the rest back to the queue."""
        self._children.signal_all(signal.SIGTERM)
        deadline = time.monotonic() + self._settings.worker_grace_s
        while self._children and time.monotonic() < deadline:
            self._reap_children()
            if self._is_due("heartbeat", _HEARTBEAT_EVERY_S):
                self._guarded(lambda: self._context.ledger.nodes.heartbeat(self._info))
            time.sleep(0.05)
        for name in self._children.unit_workers().values():
            self._ended_workers[name] = ReleaseReason.HANDED_BACK
        self._children.signal_all(signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            if self._storage:
                self._storage.stop()
            while True:  # the workers, then the task processes that the kernel ends with them
                os.wait()
        self._guarded(self._release_ended_workers)
        self._guarded(self._reaper.end)
        self._guarded(lambda: self._context.ledger.nodes.remove(self.node))
        self._scratch.remove()


def _context_of(name: str, pool: context.Context, scratch: PoolScratch) -> context.Context:
    """Return what a worker process works with; its connections are its own."""
    store = RemoteStore(scratch.own) if isinstance(pool.blobs, RemoteStore) else None
    return context.make(pool.settings, pool.engines, scratch.worker_folder(name), store)


def _folder_problem(blobs: BlobStore, scratch: PoolScratch) -> str:
    try:
        blobs.check()
    except StorageUnavailableError as error:
        what = "folder" if isinstance(blobs, FolderStore) else "bucket"
        return f"the {what} in STORAGE_URL cannot be used ({error.strerror})"
    try:
        scratch.keep()
    except OSError as error:
        return f"the folder in SCRATCH_DIR cannot be used ({error.strerror})"
    return ""


def _lost_or_handed_back(status: int) -> ReleaseReason:
    """Return why the units of a worker that ended with this wait status are given back: it opens no files itself."""
    reason = reason_of(status)
    return reason if reason is ReleaseReason.HANDED_BACK else ReleaseReason.LOST
