"""Steady load in its short form: memory and descriptors do not grow from batch to batch."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.chaos.lab import running_lab
from tests.chaos.soak import BOUNDS_PER_HOUR, Steady, measure, sample, slope
from tests.helpers.long_form import IN_LONG_FORM
from tests.helpers.wait import wait_until

BATCH = 12
MOST_MEMORY_MB = 12.0
"""How much a process may grow in the second batch: heaps settle late, leaks of a file's size would be more."""


def test_a_second_batch_needs_no_more_than_the_first() -> None:
    with running_lab(apis=1, pools=1) as lab, Steady(lab, 0.05) as load:
        wait_until(lambda: load.jobs > BATCH, "the first batch")
        before = sample(lab)
        wait_until(lambda: load.jobs > 3 * BATCH, "the second batch")
        after = sample(lab)
    assert load.problems == []
    for name in BOUNDS_PER_HOUR:
        if "RSS" in name:
            assert after[name] <= before[name] + MOST_MEMORY_MB, name
        elif "descriptors" in name:
            assert after[name] <= before[name] + 6, name  # those of a task that runs just now


def test_the_slope_is_that_of_the_line_through_the_samples() -> None:
    assert slope([0, 1, 2, 3], [5, 7, 9, 11]) == pytest.approx(2)
    assert slope([0, 1, 2], [4, 4, 4]) == pytest.approx(0)
    assert slope([1], [9]) == 0


@IN_LONG_FORM
@pytest.mark.timeout(3600)
def test_nothing_grows_in_twenty_minutes(tmp_path: Path) -> None:
    result = measure(20, every_s=1.5, sample_every_s=10)
    assert result["is_kept"], result
