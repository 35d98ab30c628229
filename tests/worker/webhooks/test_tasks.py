"""The function that RQ calls to deliver: under its old and its new name, and without loading an engine."""

from __future__ import annotations

import subprocess
import sys

import pytest
from rq.utils import import_attribute

from ocrdesk.backend.task_queue import WEBHOOK_TASK_NAME
from ocrdesk_worker.webhooks import tasks
from tests.helpers.processes import clean_env


@pytest.mark.parametrize("name", ["ocrdesk_worker.courier.deliver", "ocrdesk_worker.webhooks.tasks.deliver"])
def test_batches_of_this_and_the_previous_version_are_delivered(name: str) -> None:
    assert import_attribute(name) is tasks.deliver


def test_batches_are_queued_under_the_name_that_the_previous_version_knows() -> None:
    assert WEBHOOK_TASK_NAME == "ocrdesk_worker.courier.deliver"


@pytest.mark.parametrize("module", ["ocrdesk_worker.courier", "ocrdesk_worker.webhooks.rq_worker"])
def test_delivering_loads_no_engine_and_no_image_library(module: str) -> None:
    code = f"""
import sys
import {module}
heavy = {{"numpy", "PIL", "tesserocr", "onnxruntime", "pypdfium2", "pikepdf"}}
print(sorted(name for name in sys.modules if name in heavy or name.startswith("ocrdesk_worker.engines")))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=clean_env(), check=True)
    assert done.stdout == "[]\n"


def test_a_delivery_outside_a_webhook_worker_is_an_error() -> None:
    with pytest.raises(RuntimeError, match="webhook worker"):
        tasks.deliver([])
