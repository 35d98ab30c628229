"""Configures logging: JSON, or text on a terminal.

Modules log with `logging` and pass fields as `extra`. Fields that are bound here (request_id, job_id, …) are added to
every line of the current request or unit, also to those of libraries. No line contains a document's text or a key:
exceptions are logged with their traceback and without values, because most messages may quote user data (see
`describe`).
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextvars import ContextVar
from datetime import UTC, datetime
from types import MappingProxyType, TracebackType
from typing import Literal, TextIO

from ocrdesk.backend.lean_imports import without

with without("opentelemetry.sdk.metrics"):  # the client's own metrics, which it has only if a program asks for them
    from redis.exceptions import ConnectionError as RedisConnectionError
    from redis.exceptions import TimeoutError as RedisTimeoutError

Form = Literal["auto", "json", "text"]

_OURS = ("ocrdesk", "ocrdesk_api", "ocrdesk_worker")
_TELLING = (
    OSError,  # its path is ours: uploads are stored under job ids
    MemoryError,
    ImportError,
    NameError,
    AttributeError,
    TypeError,
    NotImplementedError,
    RuntimeError,
    RedisConnectionError,
    RedisTimeoutError,
)
"""Exceptions whose messages never quote what a user sent."""


def configure(form: Form = "auto", level: str = "INFO", stream: TextIO | None = None) -> None:
    """Write the lines of all loggers to stderr in one form. `auto`: text on a terminal, otherwise JSON.

    `level` applies to ocrdesk's own loggers. Libraries log from WARNING upwards, because below that they quote
    requests, arguments of tasks and metadata of files.
    """
    out = stream or sys.stderr
    as_text = form == "text" or (form == "auto" and out.isatty())
    handler = logging.StreamHandler(out)
    handler.addFilter(_withhold)
    handler.setFormatter(_Formatter(_as_text if as_text else _as_json))
    logging.basicConfig(handlers=[handler], force=True, level=max(logging.WARNING, logging.getLevelName(level)))
    for name in _OURS:
        logging.getLogger(name).setLevel(level)
    logging.captureWarnings(True)
    logging.raiseExceptions = False  # otherwise a broken line would be printed with its arguments
    sys.excepthook = _log_uncaught


def adopt(names: Iterable[str], *, silenced: Iterable[str] = ()) -> None:
    """Write the lines of loggers that have handlers of their own like all others; drop those of `silenced`."""
    for name in names:
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [], True
    for name in silenced:
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [logging.NullHandler()], False


# ── fields of every line ─────────────────────────────────────────────────────────────────────────


_NONE: Mapping[str, object] = MappingProxyType({})
_bound: ContextVar[Mapping[str, object]] = ContextVar("bound", default=_NONE)
"""The fields of this thread or task. Never changed, only replaced: tasks and threads share it."""


def bind(**fields: object) -> None:
    """Add fields to every line of this thread or task from now on."""
    _bound.set({**_bound.get(), **fields})


def rebind(**fields: object) -> None:
    """Replace all bound fields by these."""
    _bound.set(fields)


@contextlib.contextmanager
def bound(**fields: object) -> Iterator[None]:
    """Add fields within a block; those that are None are omitted."""
    added = {name: value for name, value in fields.items() if value is not None}
    before = _bound.get()
    bind(**added)
    try:
        yield
    finally:
        kept = {name: value for name, value in _bound.get().items() if name not in added}
        _bound.set(kept | {name: before[name] for name in added if name in before})


def request_id() -> str | None:
    """Return the id of the current request; None outside a request."""
    found = _bound.get().get("request_id")
    return found if isinstance(found, str) else None


def log_stream_alone() -> None:
    """Let only log lines reach stderr from now on, because output of C libraries may quote the file they read."""
    own = os.fdopen(os.dup(2), "w", buffering=1)
    for handler in logging.getLogger().handlers:
        if isinstance(handler, logging.StreamHandler):
            handler.setStream(own)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    os.close(nowhere)


# ── exceptions ───────────────────────────────────────────────────────────────────────────────────


def describe(error: BaseException) -> str:
    """Return an exception in one line: its type, and its message if that cannot quote what a user sent."""
    kind = type(error)
    name = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
    if isinstance(error, _TELLING) or kind.__module__.partition(".")[0] in _OURS:
        return f"{name}: {error}"
    return f"{name} (its message is withheld: it may quote a document)"


def _traceback(error: BaseException) -> str:
    """Return the frames and types of an exception and of its causes, oldest first."""
    parts: list[str] = []
    link: BaseException | None = error
    seen: set[int] = set()
    while link is not None and id(link) not in seen:
        seen.add(id(link))
        frames = "".join(traceback.format_list(traceback.extract_tb(link.__traceback__)))
        parts.append(f"Traceback (most recent call last):\n{frames}{describe(link)}")
        if isinstance(link, BaseExceptionGroup):
            parts.extend(_traceback(inner) for inner in link.exceptions)
        link = link.__cause__ or (None if link.__suppress_context__ else link.__context__)
    return "\n\n".join(reversed(parts))


def _log_uncaught(kind: type[BaseException], error: BaseException, tb: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    logging.getLogger("ocrdesk").critical("ended by an unforeseen failure", exc_info=(kind, error, tb))


# ── formatting ───────────────────────────────────────────────────────────────────────────────────


def _withhold(record: logging.LogRecord) -> bool:
    """Remove messages of exceptions from a line's arguments, in lines of libraries too."""
    if isinstance(record.msg, BaseException):
        record.msg, record.args = "%s", (record.msg,)
    if record.name == "asyncio":
        record.msg, record.args = record.getMessage().partition("\n")[0].replace("%", "%%"), ()
    if isinstance(record.args, tuple):
        record.args = tuple(_harmless(value) for value in record.args)
    elif isinstance(record.args, dict):
        record.args = {name: _harmless(value) for name, value in record.args.items()}
    return True


def _harmless(value: object) -> object:
    return describe(value) if isinstance(value, BaseException) else value


_STANDARD = frozenset((*vars(logging.makeLogRecord({})), "message", "asctime"))
"""What every record has. All else is a field."""


class _Formatter(logging.Formatter):
    """Writes a record with the bound fields."""

    def __init__(self, write: Callable[[logging.LogRecord, dict[str, object]], str]) -> None:
        super().__init__()
        self._write = write

    def format(self, record: logging.LogRecord) -> str:
        own = _own_fields(record)
        fields = {**own, **_bound.get(), **own}  # its own come first, and win
        if record.exc_info and record.exc_info[1]:
            fields["exception"] = _traceback(record.exc_info[1])
        return self._write(record, fields)


def _own_fields(record: logging.LogRecord) -> dict[str, object]:
    """Return the fields of a line of our own modules; those of libraries may contain anything."""
    if record.name.partition(".")[0] not in _OURS:
        return {}
    return {name: value for name, value in vars(record).items() if name not in _STANDARD}


def _as_json(record: logging.LogRecord, fields: dict[str, object]) -> str:
    head = {
        "timestamp": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
        "level": record.levelname.lower(),
        "logger": record.name,
        "event": record.getMessage(),
    }
    return json.dumps(head | fields, default=lambda value: type(value).__name__)


_clock = logging.Formatter()


def _as_text(record: logging.LogRecord, fields: dict[str, object]) -> str:
    exception = fields.pop("exception", None)
    said = "".join(f" {name}={value}" for name, value in fields.items())
    text = f"{_clock.formatTime(record)} {record.levelname} {record.name}: {record.getMessage()}{said}"
    return f"{text}\n{exception}" if exception else text


# ── lines of a process that is not trusted ───────────────────────────────────────────────────────

_LONGEST_LINE = 32_000
_LONGEST_TEXT, _LONGEST_TRACE = 2_000, 4_000


class _Relay(logging.Handler):
    def __init__(self, send: Callable[[bytes], None]) -> None:
        super().__init__()
        self._send = send
        self.addFilter(_withhold)

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        trace = _traceback(error)[-_LONGEST_TRACE:] if error else None
        line = [record.name, record.levelno, record.getMessage()[:_LONGEST_TEXT], trace]
        self._send(json.dumps(line, ensure_ascii=False).encode(errors="replace"))


def relay(send: Callable[[bytes], None]) -> None:
    """Hand the lines of all loggers to `send` from now on, instead of writing them; `repeat` writes them elsewhere."""
    logging.getLogger().handlers = [_Relay(send)]


def repeat(line: bytes) -> None:
    """Write a line that another process relayed, as a line of this process. Whatever is no line is dropped."""
    try:
        name, level, text, trace = json.loads(line[:_LONGEST_LINE])
        logger = logging.getLogger(name if name.partition(".")[0] in _OURS else "ocrdesk_worker")
        extra = {"exception": str(trace)} if trace else None
        logger.log(min(max(int(level), logging.DEBUG), logging.ERROR), "%s", str(text), extra=extra)
    except (ValueError, TypeError, AttributeError):
        return
