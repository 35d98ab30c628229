"""Where the text refers to footnotes."""

from __future__ import annotations

import pytest

from ocrdesk.contract.document import BlockKind
from ocrdesk.contract.structure import BlockRole
from ocrdesk.export.parts.note_references import NoteLabels, NoteReference, find_references, mark_of, split_references
from ocrdesk.export.parts.page_parts import NotePart, TextPart, page_parts
from tests.helpers.sample_pages import block
from tests.helpers.structured_pages import note, page_of, part


@pytest.mark.parametrize(
    ("word", "mark"),
    [("said1", "1"), ("said.12", "12"), ("so)3", "3"), ("said*", "*"), ("said†", "†"), ("x²", "2"), ("said.”7", "7")],
)
def test_a_mark_at_the_end_of_a_word_refers_to_its_note(word: str, mark: str) -> None:
    page = page_of(block(f"They {word} nothing"), note("A note", mark))
    assert find_references(page) == {(0, 0, 1): (1, len(mark), mark)}


@pytest.mark.parametrize("text", ["in 1 year", "the A1 form", "CO2 rises", "1999", "*so* it is", "page 1", "1"])
def test_what_may_be_something_else_is_no_reference(text: str) -> None:
    assert find_references(page_of(block(text), note("A note", "1"), note("Another", "*"), note("Third", "2"))) == {}


def test_a_mark_at_two_places_or_of_two_notes_refers_to_none() -> None:
    assert find_references(page_of(block("first1 and second1"), note("A note", "1"))) == {}
    assert find_references(page_of(block("first1 word"), note("A note", "1"), note("Another", "1)"))) == {}


def test_notes_code_and_headers_have_no_references() -> None:
    head = block("Head1 of page").model_copy(update={"kind": BlockKind.HEADER})
    code = part(BlockRole.CODE, "value1 = total")
    assert find_references(page_of(head, code, note("See note1 above", "1"))) == {}


@pytest.mark.parametrize(
    ("marker", "mark"), [("1", "1"), ("(2)", "2"), ("3.", "3"), ("⁴", "4"), ("**", "**"), ("a", None), ("", None)]
)
def test_marks_are_digits_and_signs(marker: str, mark: str | None) -> None:
    assert mark_of(marker) == mark


def test_parts_have_references_and_the_note_its_label() -> None:
    text, found = page_parts(page_of(block("It was so.1 They", "left."), note("A note", "1)")), NoteLabels())
    assert isinstance(text, TextPart)
    assert list(split_references(text.text)) == ["It was so.", NoteReference("1", "1"), " They left."]
    assert found == NotePart("1", "1", "A note")


def test_a_mark_that_is_a_word_of_its_own_stands_at_the_word_before() -> None:
    text, _ = page_parts(page_of(block("They said † nothing"), note("A note", "†")), NoteLabels())
    assert isinstance(text, TextPart)
    assert list(split_references(text.text)) == ["They said", NoteReference("1-1", "†"), " nothing"]


def test_labels_are_the_numbers_until_they_repeat() -> None:
    labels = NoteLabels()
    assert [labels.label(1, 5, "1"), labels.label(1, 6, "*"), labels.label(2, 0, "1"), labels.label(2, 1, "2")] == [
        "1",
        "1-6",
        "2-0",
        "2",
    ]


def test_characters_of_the_page_cannot_forge_a_reference() -> None:
    page = page_of(block("a \x00b\x01c\x02 d"), block("They said1 so"), note("A note", "1"))
    text = next(iter(page_parts(page, NoteLabels())))
    assert isinstance(text, TextPart)
    assert list(split_references(text.text)) == ["a b c d"]
