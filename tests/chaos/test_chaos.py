"""The chaos command, at length: everything is killed, stopped, rolled back or full. `check.sh` runs 200 jobs of it."""

from __future__ import annotations

import json
from itertools import islice
from pathlib import Path

import pytest

from tests.chaos.lab import TENANTS
from tests.chaos.plans import plans
from tests.chaos.rerun import measure
from tests.chaos.run import Options, run, summary
from tests.chaos.schedule import chosen_faults
from tests.helpers.long_form import IN_LONG_FORM

SEED, JOBS = 7, 200
LONG_SEEDS = (11, 12, 13, 14, 15)
LONG_JOBS = 2_000


def check(options: Options, folder: Path) -> None:
    """Run it, keep the result in the test's folder, and fail with the broken promises."""
    result = run(options)
    (folder / f"chaos-{options.seed}.json").write_text(json.dumps(result, indent=1), encoding="utf-8")
    assert result["violations"] == [], f"{folder}\n{summary(result)}"
    assert result["accepted"] == options.jobs
    assert result["faults"], "no fault happened"


@pytest.mark.timeout(900)  # it takes a minute and a half on two free cores; the audit waits longer if it must
@IN_LONG_FORM
def test_nothing_is_lost_while_everything_breaks(tmp_path: Path) -> None:
    check(Options(seed=SEED, jobs=JOBS), tmp_path)


@IN_LONG_FORM
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("seed", LONG_SEEDS)
def test_nothing_is_lost_of_ten_thousand_jobs(seed: int, tmp_path: Path) -> None:
    check(Options(seed=seed, jobs=LONG_JOBS), tmp_path)


@IN_LONG_FORM
@pytest.mark.timeout(1800)
def test_lost_work_runs_again_soon() -> None:
    result = measure(times=3)
    assert result["is_kept"], result


def test_a_seed_gives_the_same_jobs_and_the_same_faults() -> None:
    assert list(plans(5, 50, len(TENANTS))) == list(plans(5, 50, len(TENANTS)))
    assert list(plans(5, 50, len(TENANTS))) != list(plans(6, 50, len(TENANTS)))

    def first(seed: int) -> list[tuple[str, float, float]]:
        return [(fault.name, pause_s, lasts_s) for fault, pause_s, lasts_s, _ in islice(chosen_faults(seed), 60)]

    assert first(5) == first(5)
    assert first(5) != first(6)


def test_every_kind_of_fault_comes_in_each_round() -> None:
    from tests.chaos.faults import FAULTS

    once = sum(fault.weight for fault in FAULTS)
    names = [fault.name for fault, *_ in islice(chosen_faults(3), 2 * once)]
    assert set(names[:once]) == set(names[once:]) == {fault.name for fault in FAULTS}
