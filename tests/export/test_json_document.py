"""The Document as JSON, written page by page."""

from __future__ import annotations

import json
from collections.abc import Iterator

from ocrdesk.contract.document import Document, Page
from ocrdesk.export.json_document import json_document
from tests.helpers.sample_pages import block, block_of, coded, document, failed, line_of, page, word


def test_json_is_the_document_itself() -> None:
    whole = document(page(block("Hello")), failed(2), coded("A", "B", number=3), file_name='Grüße "文書".pdf')
    assert Document.model_validate_json("".join(json_document(whole.head, whole.pages))) == whole


def test_a_document_without_pages_has_an_empty_list() -> None:
    assert json.loads("".join(json_document(document().head, ())))["pages"] == []


def test_the_words_to_check_come_after_the_pages() -> None:
    doubtful = page(block_of([line_of([word("sure"), word("unsure", 200, confidence=0.2)])]))
    written = json.loads("".join(json_document(document().head, [doubtful])))
    assert list(written)[-2:] == ["pages", "review"]
    assert "unsure" in json.dumps(written["review"])
    assert '"sure"' not in json.dumps(written["review"])


def test_a_page_is_written_before_the_next_one_is_requested() -> None:
    asked = []

    def pages() -> Iterator[Page]:
        for number in (1, 2):
            asked.append(number)
            yield page(block(f"Unique{number}x"), number=number)

    parts = json_document(document().head, pages())
    next(parts)
    assert asked == []
    assert "Unique1x" in next(parts)
    assert asked == [1]
