"""Starts, watches and stops the parts."""

from __future__ import annotations

import contextlib
import ctypes
import errno
import logging
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from ocrdesk import __version__
from ocrdesk.contract.error_messages import ErrorMessage, error_message, os_reason
from ocrdesk.local import environment
from ocrdesk.local.errors import AlreadyRunningError, LocalServerError
from ocrdesk.local.file_lock import FileLock
from ocrdesk.local.own_programs import own_program
from ocrdesk.local.paths import create_private, make_private, require_room, run_dir, unusable
from ocrdesk.local.server import state, valkey
from ocrdesk.local.server.discovery import url_host
from ocrdesk.local.server.outages import outage_message
from ocrdesk.local.server.own_files import OwnFiles
from ocrdesk.local.server.state import ServerState

_log = logging.getLogger("ocrdesk")

LINGER_S = 5.0
"""How long an on-demand server waits for a next user after its last."""

_TICK_S = 0.1
_READY_TIMEOUT_S = 240.0
"""Only a guard against a part that hangs. Shorter than the wait of who starts the server, who then gets this reason."""
_REFUSAL_TIMEOUT_S = 5.0
"""How long Valkey may refuse to write, for example on a full disk, before starting is given up."""
_STOP_TIMEOUT_S = 8.0
"""For a part to stop; the workers also get WORKER_GRACE_S for their pages."""
_VALKEY_STOP_TIMEOUT_S = 15.0
_DEFAULT_GRACE_S = 2.0
"""For the pages in progress. Shorter than the workers' own default, because the user waits for the server to stop."""
_RESPAWN_PAUSE_S = 1.0
LOOPBACK = ("127.0.0.1", "localhost", "::1")
_PR_SET_PDEATHSIG = 1


@dataclass(slots=True)
class Part:
    """One child process. `command` is called at each start."""

    name: str
    command: Callable[[], list[str]]
    env: dict[str, str] = field(default_factory=dict)
    pass_fds: tuple[int, ...] = ()
    process: subprocess.Popen[bytes] | None = None
    next_start: float = 0.0

    def start(self) -> None:
        self.process = subprocess.Popen(
            self.command(),
            env=environment.with_variables(self.env),
            pass_fds=self.pass_fds,
            stdin=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C reaches the supervisor alone, which stops the parts in order
            preexec_fn=_stop_with_parent(os.getpid()) if sys.platform == "linux" else None,
        )

    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def stop(self, timeout_s: float) -> None:
        """Terminate the process; kill it after `timeout_s`."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            _log.warning("the %s did not stop and was killed", self.name)
            self.process.kill()
            self.process.wait()


def _stop_with_parent(parent_pid: int) -> Callable[[], None]:
    """Let the kernel stop a child when this process ends in any way. Safe, as this process has no threads."""
    prctl = ctypes.CDLL(None).prctl

    def in_child() -> None:
        prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent_pid:
            os._exit(1)

    return in_child


class Supervisor:
    """Runs the server of one data folder in the foreground, until SIGTERM or SIGINT."""

    def __init__(
        self,
        data_dir: Path,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        workers: int = 0,
        on_demand: bool = False,
    ) -> None:
        self._data_dir = make_private(data_dir)
        self._host, self._port, self._workers, self._on_demand = host, port, workers, on_demand
        self._lock = FileLock(self._data_dir / state.LOCK_FILE)
        self._users = FileLock(self._data_dir / state.USERS_FILE)
        self._parts: list[Part] = []
        self._listening: subprocess.Popen[bytes] | None = None
        """The Valkey whose socket was in its place since it started."""
        self._stopping = False
        self._is_replaced = False
        self._token = ""
        self._unused_since: float | None = None
        self.url = ""

    def _stop_on_signals(self) -> None:
        if sys.platform != "win32":
            for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
                signal.signal(number, self._request_stop)

    def run(self, on_ready: Callable[[str, int], None] | None = None) -> int:
        """Serve until told to stop and return the exit code. Calls `on_ready(url, workers)` when all parts are up.

        Raises AlreadyRunningError or LocalServerError and leaves nothing running.
        """
        self._stop_on_signals()
        try:
            self._take_lock()
            try:
                self._serve(on_ready)
            finally:
                self._stop()
        except OSError as error:
            raise unusable(self._data_dir, error) from error
        return 0

    def _serve(self, on_ready: Callable[[str, int], None] | None) -> None:
        """Run the parts until told to stop. Raises OSError, LocalServerError."""
        require_room(self._data_dir)
        state.remove_leftovers(self._data_dir)
        self._token = state.token(self._data_dir)
        with contextlib.closing(self._listen()) as listener:
            self.url = f"http://{url_host(self._host)}:{listener.getsockname()[1]}"
            self._run_dir = run_dir(self._data_dir)
            valkey.stop_orphan(self._run_dir)
            self._start_parts(listener)
            workers = self._wait_until_ready()
            me = ServerState(os.getpid(), self.url, self._on_demand, __version__)
            files = OwnFiles(self._data_dir, self._lock, me, self._token)
            if not self._stopping:
                state.write_state(self._data_dir, me)
                if on_ready:
                    on_ready(self.url, workers)
            while not self._stopping:
                self._tick(files)
                if not self._stopping:
                    self._restore_socket(listener)
                time.sleep(_TICK_S)

    def _request_stop(self, number: int, frame: FrameType | None) -> None:  # noqa: ARG002
        self._stopping = True

    # ── starting ─────────────────────────────────────────────────────────────────────────────────

    def _take_lock(self) -> None:
        """Lock the data folder; wait for an unused on-demand server to end."""
        if self._lock.acquire():
            return
        other = state.read_state(self._data_dir)
        if other and other.on_demand and not self._on_demand and self._lock.acquire(timeout_s=LINGER_S + 5):
            return
        folder = str(self._data_dir)
        raise AlreadyRunningError(
            error_message("local_server_already_running", folder=folder, pid=other.pid, url=other.url)
            if other
            else error_message("local_server_already_starting", folder=folder)
        )

    def _listen(self) -> socket.socket:
        """Return the api's socket, bound here so that it survives a restart and a port in use is reported immediately.

        A killed server leaves its state file, and its api takes a moment to end and free the port.
        """
        killed_before = state.read_state(self._data_dir) is not None
        deadline = time.monotonic() + (_STOP_TIMEOUT_S if killed_before else 0.0)
        while True:
            try:
                return self._bind()
            except OSError as error:
                if error.errno == errno.EADDRINUSE and time.monotonic() < deadline and not self._stopping:
                    time.sleep(_TICK_S)
                    continue
                raise LocalServerError(
                    error_message("port_unusable", host=self._host, port=self._port, cause=os_reason(error))
                ) from error

    def _bind(self) -> socket.socket:
        family = socket.AF_INET6 if ":" in self._host else socket.AF_INET
        listener = socket.socket(family, socket.SOCK_STREAM)
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((self._host, self._port))
            listener.listen(1024)
        except BaseException:
            listener.close()
            raise
        return listener

    def _start_parts(self, listener: socket.socket) -> None:
        self._parts = self._make_parts(listener)
        for part in self._parts:
            part.start()

    def _make_parts(self, listener: socket.socket) -> list[Part]:
        me = str(os.getpid())
        create_private(self._data_dir / "blobs")
        shared = {
            "REDIS_URL": f"unix://{self._run_dir / valkey.SOCKET_NAME}",
            "STORAGE_URL": (self._data_dir / "blobs").resolve().as_uri(),
            "LOCAL_TOKEN": self._token,
            "OCRDESK_DATA_DIR": str(self._data_dir.resolve()),  # it contains added languages
            "WORKER_GRACE_S": environment.text("WORKER_GRACE_S", f"{_DEFAULT_GRACE_S:g}"),
            "OMP_THREAD_LIMIT": "1",
        }
        for_api = dict(shared)
        if self._host in LOOPBACK:
            for_api["ALLOWED_HOSTS"] = environment.text("ALLOWED_HOSTS", ",".join(LOOPBACK))
        if self._on_demand:
            # only the token is accepted
            for_api |= {"API_KEY_ENABLED": "true", "API_KEYS": "", "REGISTRATION_ENABLED": "false"}
        return [
            Part("valkey", lambda: valkey.command(self._run_dir, self._data_dir)),
            Part(
                "workers",
                lambda: own_program(
                    *("ocrdesk_worker", "--no-env-file", "--sole", "--parent", me),
                    *("--workers", str(self._workers)),
                ),
                shared,
            ),
            Part(
                "api",
                lambda: own_program(
                    *("ocrdesk_api", "--no-env-file"),
                    *("--fd", str(listener.fileno()), "--parent", me),
                ),
                for_api,
                pass_fds=(listener.fileno(),),
            ),
        ]

    def _wait_until_ready(self) -> int:
        """Wait for the api and a worker; return the number of workers. Raises LocalServerError."""
        deadline = time.monotonic() + _READY_TIMEOUT_S
        refused_since: float | None = None
        while not self._stopping:
            for part in self._parts:
                if not part.is_running():
                    raise LocalServerError(self._why_ended(part))
            workers, refusal = self._readiness()
            if workers:
                return workers
            if refusal is None:
                refused_since = None
            elif time.monotonic() - (refused_since := refused_since or time.monotonic()) > _REFUSAL_TIMEOUT_S:
                raise LocalServerError(refusal)
            if time.monotonic() > deadline:
                raise LocalServerError(error_message("local_server_not_ready", limit=f"{_READY_TIMEOUT_S:g}"))
            time.sleep(0.02)
        return 0

    def _why_ended(self, part: Part) -> ErrorMessage:
        exit_code = str(part.process.returncode if part.process else None)
        if part.name == "valkey":
            reason = valkey.last_log_line(self._data_dir) or f"exit code {exit_code}"
            folder = str(self._data_dir / valkey.FOLDER)
            return error_message("local_server_data_unusable", folder=folder, reason=reason)
        return error_message("local_server_part_ended", part=part.name, exit_code=exit_code)

    def _readiness(self) -> tuple[int, ErrorMessage | None]:
        """Return the number of workers of a ready server, else 0; and why Valkey refuses to write, if it does."""
        if not valkey.is_ready(self._run_dir):
            return 0, None
        host = "127.0.0.1" if self._host in ("", "0.0.0.0") else "::1" if self._host == "::" else self._host  # noqa: S104
        import http.client  # only now: the parts load meanwhile
        import json

        connection = http.client.HTTPConnection(host, int(self.url.rpartition(":")[2]), timeout=5)
        try:
            connection.request("GET", "/api/v1/health/ready")
            answer = connection.getresponse()
            report = json.loads(answer.read())
            if answer.status == 200:
                return int(report["workers"]), None
            if report.get("redis") != "refuses writes":
                return 0, None
            found = report["findings"][0]
            problem = ErrorMessage(found["message"], found["message_id"], found["params"])
            return 0, outage_message(problem.message_id, self._data_dir) or problem
        except (OSError, http.client.HTTPException, ValueError, LookupError, TypeError, AttributeError):
            return 0, None
        finally:
            connection.close()

    # ── running ──────────────────────────────────────────────────────────────────────────────────

    def _tick(self, files: OwnFiles) -> None:
        if not files.keep():
            self._is_replaced = self._stopping = True  # before a part is restarted: its data belongs to another server
            return
        now = time.monotonic()
        for part in self._parts:
            if part.is_running():
                continue
            if part.next_start == 0.0:
                code = part.process.returncode if part.process else None
                _log.warning("the %s ended (exit code %s) and will be restarted", part.name, code)
                part.next_start = now + _RESPAWN_PAUSE_S
            elif now >= part.next_start:
                part.next_start = 0.0
                part.start()
        if self._on_demand:
            self._end_when_unused(now)

    def _restore_socket(self, listener: socket.socket) -> None:
        """Start the parts again if Valkey's socket was deleted: no part could connect to it any more.

        The system deletes the folder for sockets when its user logs out.
        """
        server = self._parts[0]
        if (self._run_dir / valkey.SOCKET_NAME).exists():
            self._listening = server.process
        elif server.is_running() and self._listening is server.process:
            _log.warning("the folder %s was deleted, so all parts are started again", self._run_dir)
            self._stop_parts()
            self._run_dir = run_dir(self._data_dir)
            self._start_parts(listener)

    def _end_when_unused(self, now: float) -> None:
        """Stop after `LINGER_S` without users. Holding their shared lock exclusively proves that there are none."""
        if not self._users.acquire():
            self._unused_since = None
            return
        if self._unused_since is None:
            self._unused_since = now
        if now - self._unused_since >= LINGER_S:
            self._stopping = True
        else:
            self._users.release()

    # ── stopping ─────────────────────────────────────────────────────────────────────────────────

    def _stop(self) -> None:
        """Stop the api first, so that no jobs arrive, and Valkey last, so that the workers can return their pages."""
        if not self._is_replaced:
            with contextlib.suppress(OSError):  # it names a process that does not run any more
                state.remove_state(self._data_dir)
        if self._parts:
            _log.info(
                "stopping: pages in progress have %g s to finish; the others are recognised at the next start",
                environment.seconds("WORKER_GRACE_S", _DEFAULT_GRACE_S),
            )
        self._stop_parts()
        if self._parts and not self._is_replaced:
            (self._run_dir / valkey.SOCKET_NAME).unlink(missing_ok=True)
            with contextlib.suppress(OSError):
                self._run_dir.rmdir()
        self._users.release()
        self._lock.release()

    def _stop_parts(self) -> None:
        grace_s = environment.seconds("WORKER_GRACE_S", _DEFAULT_GRACE_S)
        timeouts_s = {
            "api": _STOP_TIMEOUT_S,
            "workers": _STOP_TIMEOUT_S + grace_s,
            "valkey": _VALKEY_STOP_TIMEOUT_S,
        }
        order = list(timeouts_s)
        for part in sorted(self._parts, key=lambda part: order.index(part.name)):
            part.stop(timeouts_s[part.name])
