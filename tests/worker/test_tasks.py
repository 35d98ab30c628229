"""The names that RQ resolves lead to the tasks, and the package itself loads nothing."""

from __future__ import annotations

import subprocess
import sys

import pytest
from rq.utils import import_attribute

import ocrdesk_worker
from ocrdesk.backend.records import UnitKind
from ocrdesk.backend.task_queue import TASK_NAMES
from ocrdesk_worker import tasks
from ocrdesk_worker.processes.rq_command import RqWorker
from tests.helpers.processes import clean_env


def test_every_kind_of_unit_has_a_task_that_rq_finds() -> None:
    assert {kind: import_attribute(name) for kind, name in TASK_NAMES.items()} == {
        UnitKind.PREPARE: tasks.prepare,
        UnitKind.PAGE: tasks.recognise,
        UnitKind.CLOSE: tasks.close,
        UnitKind.EXPORT: tasks.export,
    }


@pytest.mark.parametrize(("name", "arguments"), [("prepare", ("job",)), ("recognise", ("job", 1)), ("close", ("job",))])
def test_a_task_outside_a_task_process_is_an_error(name: str, arguments: tuple[str | int, ...]) -> None:
    code = f"from ocrdesk_worker import tasks; tasks.{name}{arguments!r}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=clean_env(), check=False)
    assert done.returncode == 1
    assert "RuntimeError" in done.stderr


def test_the_worker_class_is_importable_from_the_package() -> None:
    assert ocrdesk_worker.RqWorker is RqWorker
    assert import_attribute("ocrdesk_worker.RqWorker") is RqWorker
    with pytest.raises(AttributeError):
        ocrdesk_worker.NoSuchThing  # type: ignore[attr-defined]  # noqa: B018


def test_the_package_imports_nothing_but_the_standard_library() -> None:
    code = "import sys; before = set(sys.modules); import ocrdesk_worker; print(*(set(sys.modules) - before))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=clean_env(), check=True)
    loaded = {name.partition(".")[0] for name in done.stdout.split()}
    assert loaded - set(sys.stdlib_module_names) == {"ocrdesk_worker"}
    assert "ocrdesk_worker.processes" not in done.stdout
