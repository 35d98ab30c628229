"""A model of jobs to test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtTest import QAbstractItemModelTester

from ocrdesk.desktop.jobs.model import JobsModel


@pytest.fixture
def model(qapp: object) -> Iterator[JobsModel]:
    """A model that Qt's model tester checks, and that must not be reset."""
    jobs = JobsModel()
    tester = QAbstractItemModelTester(jobs, QAbstractItemModelTester.FailureReportingMode.Fatal)
    resets: list[None] = []
    jobs.modelReset.connect(lambda: resets.append(None))
    yield jobs
    assert not resets
    del tester
