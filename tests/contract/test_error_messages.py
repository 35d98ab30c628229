"""Error messages as data: every message that the code makes has a template with its parameters."""

from __future__ import annotations

import ast
import errno
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

from ocrdesk.contract.error_messages import TEMPLATES, DescribedError, ErrorMessage, error_message, os_reason

ROOT = Path(__file__).parents[2]
SOURCES = [path for folder in ("ocrdesk", "api", "worker") for path in sorted((ROOT / folder).rglob("*.py"))]
DYNAMIC = {ROOT / "ocrdesk/contract/error_messages.py", ROOT / "worker/ocrdesk_worker/jobs/file_answers.py"}
"""The modules whose own calls use ids from a table, or of a message that is made again."""


def fields(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name}


def literals(node: ast.expr) -> list[str]:
    """Return the ids that a call's first argument can have; none if it is not a literal."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    return literals(node.body) + literals(node.orelse) if isinstance(node, ast.IfExp) else []


def calls() -> Iterator[tuple[str, str, set[str]]]:
    """Yield each message that the code makes: its place, its id, and the names of its parameters."""
    for path in SOURCES:
        if path in DYNAMIC:
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "error_message":
                where = f"{path.relative_to(ROOT)}:{node.lineno}"
                ids = literals(node.args[0])
                assert ids, f"{where}: spell the id out, so that this test can check it"
                names = {"reason" if keyword.arg == "cause" else str(keyword.arg) for keyword in node.keywords}
                for message_id in ids:
                    yield where, message_id, names


def test_every_message_has_a_template_with_its_parameters() -> None:
    wrong = [
        (where, message_id)
        for where, message_id, names in calls()
        if message_id not in TEMPLATES or fields(TEMPLATES[message_id]) != names
    ]
    assert wrong == []


def test_every_template_is_used() -> None:
    used = {message_id for _, message_id, _ in calls()}
    assert {name for name in TEMPLATES if not name.startswith("os_")} == used


def test_message_is_its_template_with_its_parameters() -> None:
    message = error_message("too_many_pages", count=900, limit=500)
    assert str(message) == TEMPLATES["too_many_pages"].format(count=900, limit=500)
    assert (message.message_id, message.params) == ("too_many_pages", {"count": 900, "limit": 500})


def test_cause_is_the_reason_in_english_and_as_data() -> None:
    cause = error_message("no_pages")
    message = error_message("page_failed", numbers="3", count=9, cause=cause)
    assert str(message) == "Page 3 of 9 could not be read. This file has no pages."
    assert message.params["reason"] == "This file has no pages."
    assert message.cause == cause


def test_braces_in_a_parameter_are_text() -> None:
    assert error_message("path_not_found", path="/{path}").text == "There is nothing at /{path}."


def test_missing_parameter_is_an_error_immediately() -> None:
    with pytest.raises(KeyError):
        error_message("too_many_pages", count=900)


def test_exception_carries_its_message() -> None:
    error = DescribedError(error_message("file_empty", name="a.pdf"))
    assert (str(error), error.message_id, error.params) == (
        "a.pdf is empty: it has 0 bytes.",
        "file_empty",
        {"name": "a.pdf"},
    )
    plain = DescribedError("An older server's words.")
    assert (str(plain), plain.message_id, plain.params) == ("An older server's words.", None, {})


def test_reason_of_the_system_is_chosen_by_its_number() -> None:
    assert os_reason(OSError(errno.EACCES, "Keine Berechtigung", "/a")) == error_message("os_permission")
    assert os_reason(OSError(errno.EPROTO, "Protocol error")) == ErrorMessage("Protocol error")
    assert os_reason(OSError("no number")) == ErrorMessage("no number")
