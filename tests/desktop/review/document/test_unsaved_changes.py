"""Unsaved changes."""

from __future__ import annotations

from ocrdesk.desktop.review.document.unsaved_changes import Unsaved
from tests.helpers.line_changes import change


def test_changes_of_a_line_are_merged_and_undone_changes_vanish() -> None:
    unsaved = Unsaved([change("a", "b"), change("b", "c")])
    assert unsaved.all() == [change("a", "c")]
    unsaved.add([change("c", "a")])
    assert not unsaved


def test_line_changed_while_sending_is_still_unsaved() -> None:
    unsaved = Unsaved([change("a", "b")])
    sent = unsaved.all()
    unsaved.add([change("b", "c")])
    unsaved.saved(sent)
    assert unsaved.all() == [change("b", "c")]
    sent = unsaved.all()
    unsaved.add([change("c", "b")])  # undone: nothing is unsaved by then, but the server will have "c"
    unsaved.saved(sent)
    assert unsaved.all() == [change("c", "b")]
