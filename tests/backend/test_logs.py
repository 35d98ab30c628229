"""Log lines: one JSON object each, from every logger, without anything that a user sent."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import subprocess
import sys
import warnings
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from pydantic import BaseModel
from redis.exceptions import ResponseError

from ocrdesk.backend import logs
from ocrdesk.backend.settings import Settings, SettingsError
from tests.helpers.processes import clean_env

MARKER = "zebrafish"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def _logging_is_put_back() -> Iterator[None]:
    root = logging.getLogger()
    ours = [logging.getLogger(name) for name in ("ocrdesk", "ocrdesk_api", "ocrdesk_worker")]
    before = (root.handlers, root.level, [logger.level for logger in ours], sys.excepthook, logging.raiseExceptions)
    root.handlers = []
    yield
    root.handlers, sys.excepthook, logging.raiseExceptions = before[0], before[3], before[4]
    root.setLevel(before[1])
    for logger, level in zip(ours, before[2], strict=True):
        logger.setLevel(level)
    logging.captureWarnings(False)


@pytest.fixture
def out() -> io.StringIO:
    stream = io.StringIO()
    logs.configure("auto", "INFO", stream)
    return stream


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def only_line(stream: io.StringIO) -> dict[str, Any]:
    (line,) = lines(stream)
    return line


def test_a_line_has_time_level_logger_and_message(out: io.StringIO) -> None:
    logging.getLogger("ocrdesk.backend.events.hub").warning("%d of %d", 1, 2)
    line = only_line(out)
    assert list(line) == ["timestamp", "level", "logger", "event"]
    assert (line["level"], line["logger"], line["event"]) == ("warning", "ocrdesk.backend.events.hub", "1 of 2")
    assert datetime.fromisoformat(line["timestamp"]).utcoffset() == timedelta(0)


def test_bound_and_given_fields_are_in_the_line(out: io.StringIO) -> None:
    with logs.bound(request_id="r1", page=None):
        logging.getLogger("ocrdesk_api").info("one", extra={"status": 200})
    logging.getLogger("ocrdesk_api").info("two")
    one, two = lines(out)
    assert (one["request_id"], one["status"]) == ("r1", 200)
    assert "page" not in one
    assert "request_id" not in two


@pytest.mark.parametrize("name", ["rq.worker", "uvicorn.error", "redis", "py.warnings"])
def test_libraries_lines_have_the_same_form_and_context_but_not_their_extras(out: io.StringIO, name: str) -> None:
    with logs.bound(job_id="j1"):
        logging.getLogger(name).warning("%s happened", "something", extra={"arguments": MARKER})
    line = only_line(out)
    assert (line["logger"], line["event"], line["job_id"]) == (name, "something happened", "j1")
    assert MARKER not in out.getvalue()


def test_libraries_are_quiet_below_warning_whatever_the_level() -> None:
    stream = io.StringIO()
    logs.configure("json", "DEBUG", stream)
    logging.getLogger("PIL.TiffImagePlugin").debug("tag: ImageDescription - value: %s", MARKER)
    logging.getLogger("httpx2").info("HTTP Request: POST https://example.org/%s", MARKER)
    logging.getLogger("ocrdesk_api").debug("ours")
    assert [line["event"] for line in lines(stream)] == ["ours"]


def test_a_terminal_gets_text_unless_json_is_requested() -> None:
    for form, stream, is_json in (
        ("auto", Terminal(), False),
        ("json", Terminal(), True),
        ("text", io.StringIO(), False),
        ("auto", io.StringIO(), True),
    ):
        logs.configure(form, "INFO", stream)  # type: ignore[arg-type]
        logging.getLogger("ocrdesk_worker").info("ready", extra={"workers": 2})
        said = stream.getvalue()
        assert said.startswith("{") == is_json, form
        assert is_json or said.rstrip().endswith("INFO ocrdesk_worker: ready workers=2"), said


# ── nothing that a user sent ─────────────────────────────────────────────────────────────────────


class _Page(BaseModel):
    number: int


def _value_error(text: str) -> None:
    raise ValueError(f"cannot read {text!r}")


def _invalid(text: str) -> None:
    _Page(number=text)  # type: ignore[arg-type]


def _key_error(text: str) -> None:
    {}[text]  # type: ignore[index]


def _as_cause(text: str) -> None:
    try:
        _value_error(text)
    except ValueError as error:
        raise KeyError(text) from error


def _in_a_group(text: str) -> None:
    raise ExceptionGroup(text, [ValueError(text), ResponseError(text)])


@pytest.mark.parametrize("fail", [_value_error, _invalid, _key_error, _as_cause, _in_a_group])
def test_an_exception_shows_where_and_what_kind_but_no_values(out: io.StringIO, fail: Any) -> None:
    private = MARKER  # a local variable of the frames in the traceback
    try:
        fail(private)
    except Exception:
        logging.getLogger("ocrdesk_worker").exception("an unforeseen failure")
    line = only_line(out)
    assert "Traceback" in line["exception"]
    assert "test_logs.py" in line["exception"]
    assert fail.__name__ in line["exception"]
    assert "Error" in line["exception"]
    assert MARKER not in out.getvalue()


def test_messages_that_can_hold_no_document_are_kept(out: io.StringIO) -> None:
    logging.getLogger("ocrdesk_worker").warning("waiting: %s", OSError(28, "No space left on device"))
    try:
        None.x  # type: ignore[attr-defined]  # noqa: B018
    except AttributeError:
        logging.getLogger("ocrdesk_worker").exception("an internal error")
    first, second = lines(out)
    assert "No space left" in first["event"]
    assert "'NoneType' object has no attribute 'x'" in second["exception"]


def test_a_redis_error_does_not_quote_the_command_that_failed(out: io.StringIO, redis: Any) -> None:
    redis.set("ocrdesk:job:x", "not a hash")
    with redis.pipeline() as pipe:
        pipe.hset("ocrdesk:job:x", mapping={"file_name": MARKER})
        with pytest.raises(ResponseError, match=MARKER) as caught:
            pipe.execute()
    logging.getLogger("ocrdesk_worker.processes.pool").warning("Redis: %s", caught.value)
    logging.getLogger("rq.worker").error("failed: %(error)s", {"error": caught.value})
    logging.getLogger("rq.worker").error(caught.value)
    assert [line["event"].count("ResponseError") for line in lines(out)] == [1, 1, 1]
    assert MARKER not in out.getvalue()


def test_a_task_with_an_unretrieved_exception_is_logged_without_its_message(out: io.StringIO) -> None:
    async def lose_it() -> None:
        async def fail() -> None:
            raise ValueError(MARKER)

        task = asyncio.create_task(fail())
        await asyncio.wait({task})
        del task

    asyncio.run(lose_it())
    assert only_line(out)["event"] == "Task exception was never retrieved"
    assert MARKER not in out.getvalue()


def test_warnings_are_lines_too(out: io.StringIO) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(True)
        warnings.warn("odd", stacklevel=1)
    assert only_line(out)["logger"] == "py.warnings"


# ── in a separate process ────────────────────────────────────────────────────────────────────────


def said_by(code: str) -> tuple[str, list[dict[str, Any]]]:
    """Return stdout, and the lines on stderr, of a program that has configured its logs."""
    program = f"import logging, os, sys; from ocrdesk.backend import logs; logs.configure(); {code}"
    done = subprocess.run([sys.executable, "-c", program], env=clean_env(), capture_output=True, text=True, check=False)
    return done.stdout, [json.loads(line) for line in done.stderr.splitlines()]


def test_an_exception_that_ends_the_program_is_a_line() -> None:
    _, (line,) = said_by(f"int('{MARKER}')")
    assert line["level"] == "critical"
    assert "ValueError" in line["exception"]
    assert "int(" not in line["event"]


def test_output_of_c_code_in_a_task_process_is_dropped_and_log_lines_are_not() -> None:
    out, said = said_by(
        "logs.log_stream_alone(); os.write(1, b'x'); os.write(2, b'x'); logging.getLogger('ocrdesk').info('here')"
    )
    assert out == ""
    assert [line["event"] for line in said] == ["here"]


@pytest.mark.parametrize("url", ["redis://:zebra/fish@host:6379/0", "redis://:pass@host:zebrafish/0"])
def test_a_redis_url_that_cannot_be_read_is_refused_without_its_password(
    monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("REDIS_URL", url)
    with pytest.raises(SettingsError, match="REDIS_URL") as refused:
        Settings.from_environment()
    assert "zebra" not in str(refused.value)


@pytest.mark.parametrize(("name", "value"), [("LOG_FORMAT", "xml"), ("LOG_LEVEL", "loud")])
def test_an_unknown_form_or_level_is_refused_by_name(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=name):
        Settings.from_environment()


def test_form_and_level_are_accepted_in_any_case(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOG_FORMAT", "JSON")
    monkeypatch.setenv("LOG_LEVEL", "debug")
    settings = Settings.from_environment()
    assert (settings.log_format, settings.log_level) == ("json", "DEBUG")
