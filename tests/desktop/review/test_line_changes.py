"""Changes of lines: how words share their room, what is unsaved, what is sent, and what is found and replaced."""

from __future__ import annotations

from pathlib import Path

import pytest

from ocrdesk.client import Client
from ocrdesk.contract.document import Source, Word
from ocrdesk.contract.states import JobState
from ocrdesk.desktop.review.document.journal import Journal
from ocrdesk.desktop.review.document.line_change import LineChange, LinePlace, Words, accepted, changed, retyped
from ocrdesk.desktop.review.document.send_corrections import send
from ocrdesk.desktop.review.document.text_search import Query, hits_in_text, place_of, replaced, replacements_on
from ocrdesk.desktop.review.document.unsaved_changes import Unsaved, from_json, to_json
from ocrdesk.export.text import page_text
from tests.desktop.review.test_review_pane import JOB, a_page
from tests.helpers.fake_server import FakeServer, make_job

PLACE = LinePlace(1, 0, 0)


def words(text: str) -> Words:
    return a_page(1, [text]).blocks[0].lines[0].words


def said(line: Words) -> str:
    return " ".join(word.text for word in line)


def change(before: str, after: str, place: LinePlace = PLACE) -> LineChange:
    return LineChange(place, words(before), words(after))


def test_a_retyped_word_keeps_its_place_and_is_certain() -> None:
    line = retyped(words("one tvo three"), 1, 2, "two")
    assert line[1] == Word(text="two", box=words("one tvo three")[1].box, confidence=1.0, source=Source.CORRECTED)
    assert (line[0], line[2]) == (words("one tvo three")[0], words("one tvo three")[2])


def test_other_numbers_of_words_share_the_room_by_their_letters() -> None:
    line = retyped(words("onetwothree four"), 0, 1, "one two three")
    assert said(line) == "one two three four"
    assert (line[0].box.left, line[2].box.right) == (100, 190)
    assert line[0].box.right < line[1].box.left < line[1].box.right < line[2].box.left
    assert said(retyped(words("a b c"), 0, 3, "  ")) == ""


def test_accepting_says_nothing_of_the_other_words() -> None:
    line = accepted(words("one two"), [1])
    assert [word.source for word in line] == [Source.TESSERACT, Source.CORRECTED]


def test_a_change_of_a_line_that_is_not_there_changes_nothing() -> None:
    page = a_page(1, ["one"])
    assert changed(page, [change("x", "y", LinePlace(1, 0, 7)), change("x", "y", LinePlace(1, 3, 0))]) == page


def test_many_changes_of_a_line_are_one_and_those_taken_back_are_none() -> None:
    unsaved = Unsaved([change("a", "b"), change("b", "c")])
    assert unsaved.all() == [change("a", "c")]
    unsaved.add([change("c", "a")])
    assert not unsaved


def test_what_is_changed_while_it_is_sent_is_still_unsaved() -> None:
    unsaved = Unsaved([change("a", "b")])
    sent = unsaved.all()
    unsaved.add([change("b", "c")])
    unsaved.saved(sent)
    assert unsaved.all() == [change("b", "c")]
    sent = unsaved.all()
    unsaved.add([change("c", "b")])  # taken back: nothing is unsaved by then, but the server will have "c"
    unsaved.saved(sent)
    assert unsaved.all() == [change("c", "b")]


def test_the_journal_keeps_changes_and_forgets_what_is_saved(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "kept")
    changes = [change("tvo", "two"), change("ä ö", "ü", LinePlace(3, 1, 2))]
    journal.write(JOB, to_json("a.pdf", changes))
    [(job_id, text)] = journal.read()
    assert (job_id, from_json(text)) == (JOB, ("a.pdf", changes))
    journal.write(JOB, "")
    assert list(journal.read()) == []
    assert from_json('{"something": "else"}') is None
    with pytest.raises(OSError, match="no job's id"):
        journal.write("../elsewhere", "{}")


def test_a_damaged_journal_is_no_obstacle(tmp_path: Path) -> None:
    (tmp_path / f"{JOB}.json").write_bytes(b'{"file_name": "a')
    [(_, text)] = Journal(tmp_path).read()
    assert from_json(text) is None


# ── sending ──────────────────────────────────────────────────────────────────────────────────────


def put(stage: FakeServer, *lines: str) -> None:
    stage.put(make_job(JOB, "a.pdf", JobState.FINISHED, page_count=1, file_pages=1), [a_page(1, lines)])


def test_sending_twice_is_sending_once(stage: FakeServer) -> None:
    put(stage, "one tvo")
    with Client(stage.url) as client:
        first = send(client, JOB, [change("one tvo", "one two")])
        second = send(client, JOB, [change("one tvo", "one two")])
    assert (first.revisions, second.revisions) == ([(0, 1)], [])
    assert first.saved == second.saved == [change("one tvo", "one two")]


def test_only_lines_that_somebody_else_changed_are_contested(stage: FakeServer) -> None:
    put(stage, "theirs now", "three")
    mine, other = change("one tvo", "one two"), change("three", "four", LinePlace(1, 0, 1))
    other = LineChange(other.place, a_page(1, ["x", "three"]).blocks[0].lines[1].words, other.after)
    with Client(stage.url) as client:
        sent = send(client, JOB, [mine, other])
        assert (sent.saved, sent.contested) == ([other], [mine])
        assert page_text(stage.pages[JOB][1]) == "theirs now\nfour\n"
        assert send(client, JOB, [mine], is_forced=True).contested == []
    assert page_text(stage.pages[JOB][1]) == "one two\nfour\n"


# ── searching ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("query", "found"),
    [
        (Query("the"), ["The", "the", "the", "the"]),
        (Query("the", match_case=True), ["the", "the", "the"]),
        (Query("the", whole_words=True), ["The", "the", "the"]),
        (Query("a.b"), ["a.b"]),
        (Query("cat the"), ["cat the"]),
        (Query("Axb ends on the"), ["axb ends", "on the"]),
        (Query("the next line"), ["the", "next line"]),
        (Query("next liner"), []),
        (Query("recognition"), ["recog-", "nition"]),
        (Query("recognition", whole_words=True), ["recog-", "nition"]),
        (Query("recog- nition"), ["recog-", "nition"]),
        (Query("the other"), []),  # the one ends a paragraph, the other begins one
        (Query(" "), [" "] * 9),
    ],
)
def test_what_is_found(query: Query, found: list[str]) -> None:
    text = "The cat the\n\nother a.b axb ends\non the\nnext line recog-\nnition of\n"
    lines = [line for line in text.split("\n") if line]
    hits = hits_in_text(4, text, query.pattern())
    assert [lines[it.line][it.start : it.end] for hit in hits for it in hit.stretches] == found


@pytest.mark.parametrize(
    ("line", "old", "new", "result"),
    [
        ("the cat sat", "cat", "dog", "the dog sat"),
        ("concatenate cat", "cat", "dog", "condogenate dog"),
        ("catcat", "cat", "a", "aa"),
        ("the cat sat", "e c", "_", "th_at sat"),
        ("the cat sat", "cat", "", "the sat"),
        ("the cat sat", "cat", "black cat", "the black cat sat"),
        ("a b a b", "a b", "c", "c c"),
        ("one", "one", "", ""),
        ("ab cd", " ", "", "abcd"),
    ],
)
def test_what_replacing_makes_of_a_line(line: str, old: str, new: str, result: str) -> None:
    spans = [match.span() for match in Query(old).pattern().finditer(line)]
    assert said(replaced(words(line), [(start, end, new) for start, end in spans])) == result


def test_replacing_on_a_page_names_only_lines_that_change() -> None:
    page = a_page(2, ["the cat", "a dog", "cat and cat"])
    changes = replacements_on(page, Query("cat"), "cow")
    assert [(it.place.line, said(it.after)) for it in changes] == [(0, "the cow"), (2, "cow and cow")]
    assert replacements_on(page, Query("dog"), "dog") == []
    [hit] = hits_in_text(2, page_text(page), Query("dog").pattern())
    assert place_of(page, hit.stretches[0]) == LinePlace(2, 0, 1)


@pytest.mark.parametrize(
    ("old", "new", "result"),
    [
        ("cat sat", "dog lay", ["the dog lay", "down"]),
        ("cat sat down", "end", ["the end"]),
        ("the cat sat", "", ["down"]),
        ("a", "o", ["the cot", "sot down"]),
    ],
)
def test_what_stands_in_two_lines_is_replaced_in_the_first(old: str, new: str, result: list[str]) -> None:
    page = a_page(1, ["the cat", "sat down"])
    page = changed(page, replacements_on(page, Query(old), new))
    assert page_text(page).splitlines() == result
