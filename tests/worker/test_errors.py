"""Problems of files and pages are exceptions with a code and a message."""

from __future__ import annotations

import pytest

from ocrdesk.contract.errors import ErrorCode
from ocrdesk_worker import errors
from ocrdesk_worker.errors import ProcessingError


@pytest.mark.parametrize(
    ("error", "code", "says"),
    [
        (errors.corrupt("PDF page"), ErrorCode.CORRUPT_FILE, "This PDF page is damaged"),
        (errors.no_such_pages("5-9", 1), ErrorCode.INVALID_PAGES, "has 1 page. None of 5-9"),
        (errors.no_such_pages("5-9", 4), ErrorCode.INVALID_PAGES, "has 4 pages. None of 5-9"),
        (errors.too_many_pages(30, 20), ErrorCode.TOO_MANY_PAGES, "30 pages, but this server accepts at most 20"),
        (errors.image_too_large(9, 8, 7), ErrorCode.IMAGE_TOO_LARGE, "9 x 8 pixels, but at most 7 megapixels"),
        (errors.out_of_memory(512), ErrorCode.OUT_OF_MEMORY, "512 MB"),
        (errors.unknown_language(["fra"], ["eng", "deu"]), ErrorCode.UNKNOWN_LANGUAGE, "which has eng, deu"),
        (errors.unknown_language(["fra"], []), ErrorCode.UNKNOWN_LANGUAGE, "which has none"),
        (errors.unknown_language(["fra"], []), ErrorCode.UNKNOWN_LANGUAGE, "ocrdesk languages add fra"),
        (errors.language_unusable(("eng", "fra")), ErrorCode.UNKNOWN_LANGUAGE, "languages add --force eng fra"),
        (errors.language_unread(("chi_sim",)), ErrorCode.UNKNOWN_LANGUAGE, "the script of chi_sim"),
        (errors.page_timeout(2.5), ErrorCode.TIMEOUT, "more than 2.5 s of processing"),
        (errors.unit_stuck(600.0), ErrorCode.TIMEOUT, "within 600 s"),
        (errors.file_timeout(60.0), ErrorCode.TIMEOUT, "with 60 s of processing"),
        (errors.no_text_layer("it is gibberish"), ErrorCode.NO_TEXT_LAYER, "cannot be used: it is gibberish"),
        (errors.no_text_layer(None), ErrorCode.NO_TEXT_LAYER, "without text of its own"),
        (errors.engine_missing("rapid", "Install it."), ErrorCode.UNKNOWN_ENGINE, "rapid is not available"),
        (errors.export_timeout(60.0), ErrorCode.EXPORT_FAILED, "more than 60 s of processing"),
        (errors.not_rewritable(), ErrorCode.EXPORT_FAILED, "too damaged"),
    ],
)
def test_an_error_has_a_code_and_says_what_is_wrong(error: ProcessingError, code: ErrorCode, says: str) -> None:
    assert error.info.code is code
    assert says in error.info.message
    assert str(error) == error.info.message
    assert error.info.error_message == error.error_message


def test_a_name_that_no_language_has_is_in_no_command() -> None:
    message = errors.unknown_language(["; rm -rf"], ["eng"]).info.message
    assert "languages add" not in message
    assert "apt-get" not in message
