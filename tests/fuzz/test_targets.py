"""The quick form of fuzzing: each target with its seeds, and with the same mutations of them in each run.

`python -m tests.fuzz TARGET` is the long form. LONG_TESTS makes a hundred times more mutations, others in each run.
"""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from tests.fuzz.__main__ import main
from tests.fuzz.mutations import mutations
from tests.fuzz.targets import TARGETS
from tests.helpers.long_form import LONG_TESTS

MUTATIONS = 100_000 if LONG_TESTS else 1_000


@pytest.mark.parametrize("name", TARGETS)
def test_mutations_cause_no_unexpected_error(name: str) -> None:
    target = TARGETS[name]
    seed = Random().randrange(1 << 32) if LONG_TESTS else 1
    accepted = [target.run(found) for found in target.seeds]
    assert sum(accepted) >= len(accepted) / 2, "most seeds are refused"
    for data in mutations(target.seeds, target.words, MUTATIONS // target.rounds, seed):
        try:
            target.run(data)
        except Exception as error:
            error.add_note(f"{name}: {data!r} (seed {seed})")
            raise


def test_the_same_random_numbers_make_the_same_mutations() -> None:
    seeds, words = (b"hello", b"world"), (b"word",)
    assert list(mutations(seeds, words, 50, 1)) == list(mutations(seeds, words, 50, 1))
    assert list(mutations(seeds, words, 50, 1)) != list(mutations(seeds, words, 50, 2))


def test_bytes_can_be_run_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "finding"
    for data, outcome in ((b"1-3", "accepted"), (b"3-1", "refused")):
        file.write_bytes(data)
        main(["pages", "--replay", str(file)])
        assert capsys.readouterr().out == f"{outcome}\n"


def test_an_unknown_target_is_answered_with_all_names() -> None:
    with pytest.raises(SystemExit, match="Choose one of: upload, "):
        main(["unknown"])
