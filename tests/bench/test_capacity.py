"""The capacity plan in docs/scaling.md is what its command prints, and follows from what it is given."""

from __future__ import annotations

import re
import shlex

import pytest

from tests.bench import capacity
from tests.packaging.repository import ROOT

COSTS = shlex.split(
    "--page-cpu-s 1.5 --api-ms 10 --valkey-ms 4 --kb-in 30 --kb-out 20 --kb-kept 2 --kb-per-worker 10 --kb-result 13 "
    "--core-hour 0.04 --gb-hour 0.005 --gb-month 0.02"
)


def amounts(printed: str) -> dict[str, str]:
    """Return the last amount of each row by its name."""
    rows = (re.fullmatch(r"(.+?)\s{2,}(.+)", line) for line in printed.splitlines())
    return {row[1]: row[2] for row in rows if row}


def plan_of(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, str]:
    assert capacity.main([*arguments, *COSTS]) == 0
    return amounts(capsys.readouterr().out)


def test_the_plan_in_the_documentation_is_what_its_command_prints(capsys: pytest.CaptureFixture[str]) -> None:
    page = (ROOT / "docs/scaling.md").read_text(encoding="utf-8")
    found = re.search(
        r"^    python -m tests\.bench\.capacity (.+)\n\n```text\n(.+?)```$", page, re.MULTILINE | re.DOTALL
    )
    assert found is not None
    assert capacity.main(shlex.split(found[1])) == 0
    assert capsys.readouterr().out == found[2]


def test_twice_the_pages_need_twice_of_everything(capsys: pytest.CaptureFixture[str]) -> None:
    one = plan_of(capsys, "--pages-per-day", "1e6")
    two = plan_of(capsys, "--pages-per-day", "2e6")
    assert one["pages a second, average and peak"] == "11.6 and 115.7"
    assert two["pages a second, average and peak"] == "23.1 and 231.5"
    assert one["cores that recognition keeps busy on average"] == "17.4"
    assert (one["cores for the peak, 80% busy"], two["cores for the peak, 80% busy"]) == ("218", "435")
    assert (one["storage for results"], two["storage for results"]) == ("13.0 GB", "26.0 GB")
    assert (one["Valkey servers, 60% busy"], two["Valkey servers, 60% busy"]) == ("1", "2")
    assert one["workers"].split()[1] == two["workers"].split()[1], "the price per page is the same"


def test_uploads_that_are_kept_need_storage(capsys: pytest.CaptureFixture[str]) -> None:
    kept = plan_of(capsys, "--pages-per-day", "1e6", "--kb-upload", "662")
    assert kept["storage for results and uploads"] == "675.0 GB"


def test_what_is_not_measured_must_be_given() -> None:
    with pytest.raises(SystemExit):
        capacity.main(["--pages-per-day", "1e6"])
