"""The Document as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ocrdesk.contract.document import DocumentHead, Page
from ocrdesk.export.words_to_check import Review


def json_document(head: DocumentHead, pages: Iterable[Page]) -> Iterator[str]:
    """Yield JSON that `Document.model_validate_json` can read, page by page."""
    review = Review()
    yield head.model_dump_json()[:-1] + ',"pages":['
    for index, page in enumerate(pages):
        review.add(page)
        yield ("," if index else "") + page.model_dump_json()
    yield '],"review":' + review.as_json() + "}"
