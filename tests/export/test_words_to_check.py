"""The words to check: only doubtful ones, the most doubtful first, and never corrected ones."""

from __future__ import annotations

from ocrdesk.contract.document import Block, Box, Document, Line, Page, Source, Word
from ocrdesk.export.json_document import json_document

BOX = Box(0, 0, 10, 10)


def page(number: int, *words: tuple[str, float, str]) -> Page:
    lines = tuple(
        Line(box=BOX, words=(Word(text=text, box=BOX, confidence=confidence, source=source),))
        for text, confidence, source in words
    )
    return Page(number=number, width=10, height=10, blocks=(Block(box=BOX, lines=lines),))


def written(*pages: Page) -> Document:
    document = Document(job_id="1", file_name="a.pdf", media_type="application/pdf", pages=pages)
    return Document.model_validate_json("".join(json_document(document.head, pages)))


def test_the_most_doubtful_word_comes_first_with_its_place() -> None:
    document = written(
        page(1, ("sure", 0.97, Source.TESSERACT), ("perhaps", 0.6, Source.TESSERACT)),
        page(2, ("hardly", 0.1, Source.RAPID), ("almost", 0.89, Source.RAPID)),
    )
    assert [(it.page, it.block, it.line, it.word, it.text) for it in document.review] == [
        (2, 0, 0, 0, "hardly"),
        (1, 0, 1, 0, "perhaps"),
        (2, 0, 1, 0, "almost"),
    ]


def test_corrections_and_text_layers_are_not_doubted() -> None:
    document = written(page(1, ("mended", 0.2, Source.CORRECTED), ("own", 0.8, Source.TEXT_LAYER)))
    assert document.review == ()


def test_a_long_document_names_its_most_doubtful_words_only() -> None:
    pages = [page(number, *[(f"w{part}", 0.5, Source.RAPID) for part in range(500)]) for number in range(1, 7)]
    pages[5] = page(6, *[("worst", 0.1, Source.RAPID)] * 10)
    review = written(*pages).review
    assert len(review) == 2000
    assert [doubt.page for doubt in review[:11]] == [6] * 10 + [1]
