"""What can be wrong with a file or a page, as exceptions that carry the sentence for the user."""

from __future__ import annotations

from ocrdesk.contract.errors import ErrorCode, ErrorInfo
from ocrdesk.contract.languages import how_to_add


class ProcessingError(Exception):  # the user's file is at fault, not the program
    """A file or page that cannot be read; `info` says why and what to do."""

    def __init__(self, code: ErrorCode, message: str) -> None:
        super().__init__(message)
        self.info = ErrorInfo(code=code, message=message)


def encrypted_pdf() -> ProcessingError:
    return ProcessingError(
        ErrorCode.ENCRYPTED_PDF,
        "This PDF is protected with a password. Open it with the password, save it without one, and submit it again.",
    )


def corrupt(what: str) -> ProcessingError:
    return ProcessingError(
        ErrorCode.CORRUPT_FILE,
        f"This {what} is damaged and cannot be opened. Get a fresh copy, or save it anew with another program.",
    )


def no_pages() -> ProcessingError:
    return ProcessingError(ErrorCode.NO_PAGES, "This file has no pages.")


def no_such_pages(wanted: str, count: int) -> ProcessingError:
    has = "1 page" if count == 1 else f"{count} pages"
    return ProcessingError(ErrorCode.INVALID_PAGES, f"This file has {has}; none of {wanted} is among them.")


def too_many_pages(count: int, limit: int) -> ProcessingError:
    return ProcessingError(
        ErrorCode.TOO_MANY_PAGES,
        f"This file has {count} pages; this server takes at most {limit}. Split it, or raise MAX_PDF_PAGES.",
    )


def image_too_large(width: int, height: int, limit_megapixels: int) -> ProcessingError:
    return ProcessingError(
        ErrorCode.IMAGE_TOO_LARGE,
        f"This image has {width} x {height} pixels; at most {limit_megapixels} megapixels can be read. "
        "Scale it down and submit it again.",
    )


def out_of_memory(limit_mb: int) -> ProcessingError:
    return ProcessingError(
        ErrorCode.OUT_OF_MEMORY,
        f"Reading this needs more than the {limit_mb} MB a worker may use. "
        "Scale the page down, or raise WORKER_MEMORY_MB.",
    )


def unknown_language(missing: list[str], known: list[str]) -> ProcessingError:
    remedy = how_to_add(missing)
    return ProcessingError(
        ErrorCode.UNKNOWN_LANGUAGE,
        f"No data for the language {', '.join(missing)} on this worker; it has {', '.join(known) or 'none'}."
        + (f" Add it with: {remedy}" if remedy else ""),
    )


def language_unusable(languages: tuple[str, ...]) -> ProcessingError:
    return ProcessingError(
        ErrorCode.UNKNOWN_LANGUAGE,
        f"The data of the language {'+'.join(languages)} on this worker cannot be used: it is damaged, or of another "
        f"version of Tesseract. Get it anew with: ocrdesk languages add --force {' '.join(languages)}",
    )


def language_unread(languages: tuple[str, ...]) -> ProcessingError:
    return ProcessingError(
        ErrorCode.UNKNOWN_LANGUAGE,
        f"The engine rapid cannot read the letters of {'+'.join(languages)}. Use the engine auto or tesseract.",
    )


def page_timeout(limit_s: float) -> ProcessingError:
    return ProcessingError(
        ErrorCode.TIMEOUT,
        f"This page took longer than the {limit_s:g} s a page may take. Raise OCR_TIMEOUT_PER_PAGE, or scale it down.",
    )


def file_timeout(limit_s: float) -> ProcessingError:
    return ProcessingError(
        ErrorCode.TIMEOUT,
        f"This file could not be opened within {limit_s:g} s. It may be damaged; try to save it anew.",
    )


def upload_lost() -> ProcessingError:
    return ProcessingError(
        ErrorCode.UPLOAD_LOST, "The uploaded file is gone from the server's storage. Submit it again."
    )


def no_text_layer(reason: str | None) -> ProcessingError:
    what = f"cannot be read from its own text: {reason}" if reason else "is a picture, without text of its own"
    return ProcessingError(
        ErrorCode.NO_TEXT_LAYER,
        f"This page {what}. Submit it with mode=auto to have it recognised, or with mode=force.",
    )


def engine_missing(name: str, remedy: str) -> ProcessingError:
    return ProcessingError(ErrorCode.UNKNOWN_ENGINE, f"The engine {name} is not there on this worker. {remedy}")


def engine_failed() -> ProcessingError:
    return ProcessingError(
        ErrorCode.ENGINE_FAILED, "The recognition engine gave up on this page. Submit it again, or scale it."
    )


def storage_full() -> ProcessingError:
    return ProcessingError(
        ErrorCode.STORAGE_FULL, "The server has no room left to keep the result. Make room, then submit it again."
    )


def export_timeout(limit_s: float) -> ProcessingError:
    return ProcessingError(
        ErrorCode.EXPORT_FAILED, f"Making this file took longer than {limit_s:g} s. Ask for fewer pages at a time."
    )


def not_rewritable() -> ProcessingError:
    return ProcessingError(
        ErrorCode.EXPORT_FAILED,
        "This PDF is too damaged to be written anew with its text in it. Take the text in another format, or save "
        "the PDF anew with another program and submit that.",
    )


def internal() -> ProcessingError:
    return ProcessingError(
        ErrorCode.INTERNAL, "Something went wrong inside ocrdesk; the worker's log says what. Submit it again."
    )
