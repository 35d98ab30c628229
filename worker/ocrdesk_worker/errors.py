"""What can be wrong with a file or a page, as exceptions with a code and a message for the user."""

from __future__ import annotations

from ocrdesk.contract.error_messages import DescribedError, ErrorMessage, error_message
from ocrdesk.contract.errors import ErrorCode, ErrorInfo
from ocrdesk.contract.languages import how_to_add


class ProcessingError(DescribedError):
    """A file or page that cannot be processed; `info` says why and what to do."""

    def __init__(self, code: ErrorCode, message: ErrorMessage) -> None:
        super().__init__(message)
        self.info = ErrorInfo.of(code, message)


def encrypted_pdf() -> ProcessingError:
    return ProcessingError(ErrorCode.ENCRYPTED_PDF, error_message("encrypted_pdf"))


def wrong_password() -> ProcessingError:
    return ProcessingError(ErrorCode.WRONG_PASSWORD, error_message("wrong_password"))


def signed_pdf() -> ProcessingError:
    return ProcessingError(ErrorCode.SIGNED_PDF, error_message("signed_pdf"))


def pdfa_impossible(reason: ErrorMessage) -> ProcessingError:
    return ProcessingError(ErrorCode.PDFA_IMPOSSIBLE, error_message("pdfa_impossible", cause=reason))


def corrupt(kind: str) -> ProcessingError:
    return ProcessingError(ErrorCode.CORRUPT_FILE, error_message("corrupt_file", kind=kind))


def no_pages() -> ProcessingError:
    return ProcessingError(ErrorCode.NO_PAGES, error_message("no_pages"))


def no_such_pages(wanted: str, count: int) -> ProcessingError:
    message = (
        error_message("pages_not_in_file_of_one", wanted=wanted)
        if count == 1
        else error_message("pages_not_in_file", wanted=wanted, count=count)
    )
    return ProcessingError(ErrorCode.INVALID_PAGES, message)


def too_many_pages(count: int, limit: int) -> ProcessingError:
    return ProcessingError(ErrorCode.TOO_MANY_PAGES, error_message("too_many_pages", count=count, limit=limit))


def pdf_too_many_objects(count: int, limit: int) -> ProcessingError:
    return ProcessingError(ErrorCode.CORRUPT_FILE, error_message("pdf_too_many_objects", count=count, limit=limit))


def pdf_stream_too_large(limit_mb: int) -> ProcessingError:
    return ProcessingError(ErrorCode.CORRUPT_FILE, error_message("pdf_stream_too_large", limit=limit_mb))


def file_too_many_pages(count: int, limit: int) -> ProcessingError:
    """Return the error for a file with more pages than any server reads, whatever MAX_PDF_PAGES is."""
    return ProcessingError(ErrorCode.TOO_MANY_PAGES, error_message("file_too_many_pages", count=count, limit=limit))


def image_too_large(width: int, height: int, limit_megapixels: int) -> ProcessingError:
    return ProcessingError(
        ErrorCode.IMAGE_TOO_LARGE, error_message("image_too_large", width=width, height=height, limit=limit_megapixels)
    )


def text_too_small(width: int, height: int) -> ProcessingError:
    """Return the error for a page that was reduced to that size because it is too large, until its text vanished."""
    return ProcessingError(ErrorCode.IMAGE_TOO_LARGE, error_message("text_too_small", width=width, height=height))


def decoder_missing(kind: str, package: str) -> ProcessingError:
    """Return the error for an image type that this worker cannot decode because a package is missing or incomplete."""
    return ProcessingError(ErrorCode.UNSUPPORTED_TYPE, error_message("decoder_missing", kind=kind, package=package))


def out_of_memory(limit_mb: int) -> ProcessingError:
    return ProcessingError(ErrorCode.OUT_OF_MEMORY, error_message("out_of_memory", limit=limit_mb))


def unknown_language(missing: list[str], known: list[str]) -> ProcessingError:
    names, installed, remedy = ", ".join(missing), ", ".join(known) or "none", how_to_add(missing)
    message = (
        error_message("worker_lacks_language_remedy", names=names, known=installed, remedy=remedy)
        if remedy
        else error_message("worker_lacks_language", names=names, known=installed)
    )
    return ProcessingError(ErrorCode.UNKNOWN_LANGUAGE, message)


def language_unusable(languages: tuple[str, ...]) -> ProcessingError:
    remedy = f"ocrdesk languages add --force {' '.join(languages)}"
    return ProcessingError(
        ErrorCode.UNKNOWN_LANGUAGE, error_message("language_data_unusable", names="+".join(languages), remedy=remedy)
    )


def language_unread(languages: tuple[str, ...]) -> ProcessingError:
    return ProcessingError(ErrorCode.UNKNOWN_LANGUAGE, error_message("rapid_lacks_script", names="+".join(languages)))


def unit_stuck(limit_s: float, code: ErrorCode = ErrorCode.TIMEOUT) -> ProcessingError:
    """Return the error for work that was stopped although it needed little processor time."""
    return ProcessingError(code, error_message("unit_stuck", limit=f"{limit_s:g}"))


def page_timeout(limit_s: float) -> ProcessingError:
    return ProcessingError(ErrorCode.TIMEOUT, error_message("page_timeout", limit=f"{limit_s:g}"))


def file_timeout(limit_s: float) -> ProcessingError:
    return ProcessingError(ErrorCode.TIMEOUT, error_message("file_timeout", limit=f"{limit_s:g}"))


def upload_lost() -> ProcessingError:
    return ProcessingError(ErrorCode.UPLOAD_LOST, error_message("upload_lost"))


def result_lost() -> ProcessingError:
    return ProcessingError(ErrorCode.UPLOAD_LOST, error_message("result_lost"))


def no_text_layer(reason: str | None) -> ProcessingError:
    message = error_message("text_layer_unusable", reason=reason) if reason else error_message("text_layer_missing")
    return ProcessingError(ErrorCode.NO_TEXT_LAYER, message)


def engine_missing(name: str, reason: str) -> ProcessingError:
    """Return the error for an engine that is not available; `reason` says why, or how to install it."""
    return ProcessingError(ErrorCode.UNKNOWN_ENGINE, error_message("engine_missing", name=name, reason=reason))


def engine_failed() -> ProcessingError:
    return ProcessingError(ErrorCode.ENGINE_FAILED, error_message("engine_failed"))


def storage_full() -> ProcessingError:
    return ProcessingError(ErrorCode.STORAGE_FULL, error_message("result_storage_full"))


def export_timeout(limit_s: float) -> ProcessingError:
    return ProcessingError(ErrorCode.EXPORT_FAILED, error_message("export_timeout", limit=f"{limit_s:g}"))


def not_rewritable() -> ProcessingError:
    return ProcessingError(ErrorCode.EXPORT_FAILED, error_message("pdf_not_rewritable"))


def internal() -> ProcessingError:
    return ProcessingError(ErrorCode.INTERNAL, error_message("worker_internal"))
