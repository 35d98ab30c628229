"""How much is read a second time depends on counted work, and on processor time only far behind that."""

from __future__ import annotations

import time

from ocrdesk_worker.engines.effort import Effort


def test_a_longer_limit_allows_more() -> None:
    assert Effort.within(20).columns == 2 * Effort.within(10).columns


def test_without_a_limit_nothing_ends_it() -> None:
    assert not Effort().is_over()


def test_it_is_over_when_the_processor_time_is_used() -> None:
    effort = Effort(processor_s=0.05)
    started = time.process_time()
    while time.process_time() - started < 0.1:
        pass
    assert effort.is_over()
