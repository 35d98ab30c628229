"""The workers' time is counted by owner, in a window that moves."""

from __future__ import annotations

from typing import Any

import pytest

from ocrdesk.backend.ledger.ledger import Ledger
from ocrdesk.backend.limits import work_time
from ocrdesk.backend.limits.work_time import WINDOW_S


def test_seconds_add_up_by_owner_and_leave_the_window(
    ledger: Ledger, redis: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    moment = [1_000_000.0]
    monkeypatch.setattr(work_time.time, "time", lambda: moment[0])
    ledger.work_time.add("ann", 2.5)
    ledger.work_time.add("bob", 7)
    moment[0] += WINDOW_S / 2
    ledger.work_time.add("ann", 4)
    ledger.work_time.add("ann", -1)
    assert ledger.work_time.used_s("ann") == pytest.approx(6.5)
    assert ledger.work_time.used_s("bob") == pytest.approx(7)
    assert ledger.work_time.used_s("eve") == 0
    moment[0] += WINDOW_S / 2 + 60
    assert ledger.work_time.used_s("ann") == pytest.approx(4)
    assert all(0 < redis.ttl(key) <= 2 * WINDOW_S for key in redis.keys("ocrdesk:worktime:*"))
