"""The Document tree: it survives the wire unchanged, and rejects invalid data."""

from __future__ import annotations

import json

import pytest
from pydantic import BaseModel, ValidationError

from ocrdesk.contract.document import (
    SCHEMA_VERSION,
    Block,
    BlockKind,
    Box,
    Document,
    Line,
    Page,
    PageTiming,
    Source,
    Word,
)
from ocrdesk.contract.errors import ErrorCode, ErrorInfo
from ocrdesk.contract.states import PageState


def word(text: str, confidence: float = 0.9, box: Box = Box(1, 2, 30, 40)) -> Word:  # noqa: B008  # immutable
    return Word(text=text, box=box, confidence=confidence, source=Source.TESSERACT)


def page_of(*lines: str, number: int = 1) -> Page:
    box = Box(0, 0, 50, 50)
    built = tuple(Line(box=box, words=tuple(word(text) for text in line.split())) for line in lines)
    return Page(number=number, width=100, height=80, dpi=300, blocks=(Block(box=box, lines=built),))


def test_a_blocks_kind_goes_over_the_wire_and_is_text_by_default() -> None:
    page = page_of("one").model_copy(update={"blocks": tuple(block_of(kind) for kind in BlockKind)})
    assert Page.model_validate_json(page.model_dump_json()) == page
    assert [block["kind"] for block in json.loads(page.model_dump_json())["blocks"]] == ["text", "header", "footer"]
    assert [block.kind for block in page.omit_headers_footers().blocks] == [BlockKind.TEXT]
    assert Block(box=Box(0, 0, 1, 1), lines=()).kind is BlockKind.TEXT


def block_of(kind: BlockKind) -> Block:
    return Block(kind=kind, box=Box(0, 0, 1, 1), lines=())


def a_document() -> Document:
    failed = Page(
        number=2,
        status=PageState.TIMEOUT,
        error=ErrorInfo(code=ErrorCode.TIMEOUT, message="Took too long."),
        rotation=90,
        timing=PageTiming(render_s=0.5),
    )
    return Document(
        job_id="0f8f", file_name="Grüße 文書.pdf", media_type="application/pdf", pages=(page_of("a b", "c"), failed)
    )


@pytest.mark.parametrize("short", [True, False])
def test_a_document_comes_back_from_json_as_it_was(short: bool) -> None:
    document = a_document()
    assert Document.model_validate_json(document.model_dump_json(exclude_defaults=short)) == document


def test_a_box_is_four_numbers_in_json() -> None:
    stored = json.loads(word("x").model_dump_json())
    assert stored["box"] == [1, 2, 30, 40]
    assert Word.model_validate(stored).box == Box(1, 2, 30, 40)


def test_a_document_names_its_schema_version() -> None:
    assert json.loads(a_document().model_dump_json())["schema_version"] == SCHEMA_VERSION == 1
    with pytest.raises(ValidationError):
        Document.model_validate(json.loads(a_document().model_dump_json()) | {"schema_version": 2})


def test_records_cannot_be_changed() -> None:
    document = a_document()
    with pytest.raises(ValidationError, match="frozen"):
        document.file_name = "other"
    with pytest.raises(ValidationError, match="frozen"):
        document.pages[0].blocks[0].lines[0].words[0].text = "other"


def test_words_can_be_corrected_and_everything_else_stays() -> None:
    document = a_document()
    mended = document.with_words(lambda word: word.corrected("B") if word.text == "b" else word)
    assert [word.text for word in mended.pages[0].words()] == ["a", "B", "c"]
    [_, changed, _] = mended.pages[0].words()
    assert (changed.source, changed.confidence, changed.box) == (Source.CORRECTED, 1.0, word("b").box)
    assert mended.pages[1] == document.pages[1]
    assert mended.with_words(word_back) == document
    with pytest.raises(ValueError, match="text"):
        word("b").corrected("")


def word_back(changed: Word) -> Word:
    return word(changed.text.lower())


def test_fields_of_a_later_version_are_ignored() -> None:
    stored = json.loads(a_document().model_dump_json())
    stored["author"] = "someone"
    stored["pages"][0]["blocks"][0]["lines"][0]["words"][0]["font"] = "Times"
    assert Document.model_validate(stored) == a_document()


@pytest.mark.parametrize("status", [PageState.FAILED, PageState.TIMEOUT])
def test_a_page_that_went_wrong_needs_an_error(status: PageState) -> None:
    with pytest.raises(ValidationError, match="names no error"):
        Page(number=1, status=status)


@pytest.mark.parametrize("status", [PageState.QUEUED, PageState.STARTED, PageState.FINISHED])
def test_other_pages_need_none(status: PageState) -> None:
    assert Page(number=1, status=status).error is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"text": ""},
        {"confidence": 1.01},
        {"confidence": -0.1},
        {"confidence": float("nan")},
        {"source": "no source"},
        {"box": [1, 2, 3]},
        {"box": [1, 2, 3, "four"]},
    ],
)
def test_a_wrong_word_is_refused(wrong: dict[str, object]) -> None:
    right = {"text": "a", "box": [0, 0, 1, 1], "confidence": 0.5, "source": "engine-of-a-later-version"}
    assert Word.model_validate(right)
    with pytest.raises(ValidationError):
        Word.model_validate(right | wrong)


@pytest.mark.parametrize("wrong", [{"number": 0}, {"rotation": 45}, {"width": -1}, {"dpi": -1}, {"status": "lost"}])
def test_a_wrong_page_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Page.model_validate({"number": 1} | wrong)


def test_a_box_knows_its_size_and_what_it_holds() -> None:
    assert (Box(10, 20, 40, 60).width, Box(10, 20, 40, 60).height) == (30, 40)
    assert Box.around([Box(5, 9, 7, 10), Box(1, 10, 2, 30), Box(6, 2, 8, 3)]) == Box(1, 2, 8, 30)
    assert Box.around([Box(1, 2, 3, 4)]) == Box(1, 2, 3, 4)


def test_lines_and_words_come_in_reading_order() -> None:
    page = page_of("one two", "three")
    assert [line.text for line in page.lines()] == ["one two", "three"]
    assert [found.text for found in page.words()] == ["one", "two", "three"]


def test_a_pages_confidence_is_weighted_by_length() -> None:
    box = Box(0, 0, 1, 1)
    line = Line(box=box, words=(word("abc", 1.0), word("d", 0.2)))
    page = Page(number=1, blocks=(Block(box=box, lines=(line,)),))
    assert page.confidence == pytest.approx(0.8)
    assert Page(number=1).confidence is None


@pytest.mark.parametrize("update", [None, {}, {"confidence": 0.5}, {"cell": 3, "words": ()}])
def test_copies_of_records_are_those_of_pydantic(update: dict[str, object] | None) -> None:
    record = Line(box=Box(1, 2, 30, 40), words=(word("a"),))
    copied, expected = record.model_copy(update=update), BaseModel.model_copy(record, update=update)
    assert copied.__dict__ == expected.__dict__
    assert copied.model_fields_set == expected.model_fields_set
    assert copied is not record
    assert record == Line(box=Box(1, 2, 30, 40), words=(word("a"),))
    assert record.model_copy(deep=True).words[0] is not record.words[0]
