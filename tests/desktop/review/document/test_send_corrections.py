"""Corrections are sent without overwriting other work."""

from __future__ import annotations

from ocrdesk.client import Client
from ocrdesk.contract.states import JobState
from ocrdesk.contract.structure import BlockRole, Cell, TableGrid
from ocrdesk.desktop.review.document.line_change import LineChange, LinePosition
from ocrdesk.desktop.review.document.send_corrections import send
from ocrdesk.export.text import page_text
from tests.helpers.fake_server import FakeServer, make_job
from tests.helpers.line_changes import change
from tests.helpers.reviewed_jobs import JOB, page_with_lines


def put(stage: FakeServer, *lines: str) -> None:
    stage.put(make_job(JOB, "a.pdf", JobState.FINISHED, page_count=1, file_pages=1), [page_with_lines(1, lines)])


def test_sending_twice_has_the_effect_of_once(stage: FakeServer) -> None:
    put(stage, "one tvo")
    with Client(stage.url) as client:
        first = send(client, JOB, [change("one tvo", "one two")])
        second = send(client, JOB, [change("one tvo", "one two")])
    assert (first.revisions, second.revisions) == ([(0, 1)], [])
    assert first.saved == second.saved == [change("one tvo", "one two")]


def test_only_lines_that_another_user_changed_are_conflicts(stage: FakeServer) -> None:
    put(stage, "theirs now", "three")
    mine, other = change("one tvo", "one two"), change("three", "four", LinePosition(1, 0, 1))
    other = LineChange(other.position, page_with_lines(1, ["x", "three"]).blocks[0].lines[1].words, other.after)
    with Client(stage.url) as client:
        sent = send(client, JOB, [mine, other])
        assert (sent.saved, sent.conflicts) == ([other], [mine])
        assert page_text(stage.pages[JOB][1]) == "theirs now\nfour\n"
        assert send(client, JOB, [mine], is_forced=True).conflicts == []
    assert page_text(stage.pages[JOB][1]) == "one two\nfour\n"


def test_roles_markers_and_cells_are_sent_as_they_are(stage: FakeServer) -> None:
    (block,) = page_with_lines(1, ["l. one", "two"]).blocks
    item = block.model_copy(update={"role": BlockRole.LIST_ITEM, "level": 2, "marker": "l."})
    grid = TableGrid(rows=1, columns=1, cells=(Cell(row=0, column=0, box=block.box),))
    lines = tuple(line.model_copy(update={"cell": 0}) for line in block.lines)
    table = block.model_copy(update={"role": BlockRole.TABLE, "table": grid, "lines": lines})
    page = page_with_lines(1, ["x"]).model_copy(update={"blocks": (item, table), "has_structure": True})
    stage.put(make_job(JOB, "a.pdf", JobState.FINISHED, page_count=1, file_pages=1), [page])
    with Client(stage.url) as client:
        sent = send(client, JOB, [change("l. one", "1. one"), change("l. one", "1. one", LinePosition(1, 1, 0))])
    assert sent.conflicts == []
    first, second = stage.pages[JOB][1].blocks
    assert (first.role, first.level, first.marker) == (BlockRole.LIST_ITEM, 2, "1.")
    assert (second.table, [line.cell for line in second.lines]) == (grid, [0, 0])
    assert second.lines[0].text == "1. one"
    assert stage.pages[JOB][1].has_structure
