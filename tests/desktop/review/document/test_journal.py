"""The journal of unsaved changes."""

from __future__ import annotations

from pathlib import Path

import pytest

from ocrdesk.desktop.review.document.journal import Journal
from ocrdesk.desktop.review.document.line_change import LinePosition
from ocrdesk.desktop.review.document.unsaved_changes import from_json, to_json
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


def test_damaged_journal_is_ignored(tmp_path: Path) -> None:
    (tmp_path / f"{JOB}.json").write_bytes(b'{"file_name": "a')
    [(_, text)] = Journal(tmp_path).read()
    assert from_json(text) is None
