"""Three times the capacity: refused with Retry-After, nothing accepted is lost, and a quiet tenant is served."""

from __future__ import annotations

import pytest

from tests.chaos.overload import measure
from tests.helpers.long_form import LONG_TESTS


@pytest.mark.timeout(900)
def test_an_overloaded_service_refuses_with_a_time_and_loses_nothing() -> None:
    result = measure(seconds=60 if LONG_TESTS else 5, capacity_jobs=24 if LONG_TESTS else 8)
    assert result["refused_without_retry_after"] == 0, result
    assert set(result["ended_as"]) == {"finished"}, result
    assert result["quiet_tenant_jobs"] > 0, result
    assert all(reason.startswith(("503", "429")) for reason in result["refused"]), result
    assert result["retry_after_s"][1] > 0, result
