"""The journal of unsaved changes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ocrdesk.desktop.review.document.journal import Journal
from ocrdesk.desktop.review.document.line_change import LinePosition
from ocrdesk.desktop.review.document.unsaved_changes import from_json, to_json
from tests.helpers.damaged_files import each_damage
from tests.helpers.line_changes import change
from tests.helpers.reviewed_jobs import JOB


def test_journal_holds_changes_until_they_are_saved(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "kept")
    changes = [change("tvo", "two"), change("ä ö", "ü", LinePosition(3, 1, 2))]
    journal.write(JOB, to_json("a.pdf", changes))
    [(job_id, text)] = journal.read()
    assert (job_id, from_json(text)) == (JOB, ("a.pdf", changes))
    journal.write(JOB, "")
    assert list(journal.read()) == []
    assert from_json('{"something": "else"}') is None
    with pytest.raises(OSError, match="not a job id"):
        journal.write("../elsewhere", "{}")


@each_damage
def test_a_damaged_file_is_moved_aside_and_the_others_are_read(tmp_path: Path, damage: Callable[[Path], None]) -> None:
    journal = Journal(tmp_path)
    for job_id in ("a", JOB, "z"):
        journal.write(job_id, to_json("a.pdf", [change("tvo", "two")]))
    damage(tmp_path / f"{JOB}.json")
    for job_id, text in journal.read():
        if from_json(text) is None:
            journal.set_aside(job_id)
    assert {job_id for job_id, text in journal.read()} in ({"a", "z"}, {"a", JOB, "z"})
    assert [path.exists() or path.is_symlink() for path in journal.damaged] == [True] * len(journal.damaged)
    journal.write(JOB, to_json("a.pdf", [change("tvo", "two")]))
    assert {job_id for job_id, _ in journal.read()} == {"a", JOB, "z"}
