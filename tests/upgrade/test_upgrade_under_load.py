"""A rolling upgrade, a rollback and scaling down while callers submit files: nothing is lost, done twice or refused."""

from __future__ import annotations

import pytest

from tests.helpers.long_form import LONG_TESTS
from tests.upgrade.old_tree import why_missing
from tests.upgrade.rolling import NEW, OLD, run

pytestmark = pytest.mark.skipif(bool(why_missing()), reason=why_missing())


@pytest.mark.timeout(900 if LONG_TESTS else 180)
def test_two_versions_side_by_side_and_fewer_workers_lose_nothing() -> None:
    result = run(copies=2, most=4, jobs=10) if LONG_TESTS else run(copies=1, most=2, jobs=1, versions=(NEW, OLD))
    assert not result["broken"], result
    assert not result["lost while scaling down"], result
    assert result["pages by version"][OLD], result
    assert result["pages by version"][NEW], result
