"""Checks what a confined process answers. A file that takes it over can lie about itself, and about nothing else."""

from __future__ import annotations

import itertools
import math
import stat
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ocrdesk.contract.box import Box
from ocrdesk.contract.document import Page
from ocrdesk.contract.error_messages import TEMPLATES, ErrorMessage, error_message
from ocrdesk.contract.errors import ErrorInfo
from ocrdesk.contract.states import PageState
from ocrdesk_worker.errors import ProcessingError

_MOST_PAGES = 1_000_000
_LARGEST_SIDE = 1_000_000
_LONGEST_PARAMETER = 2_000
_MOST_PARAMETERS = 10
_MOST_LANGUAGES = 1_000
_MADE_TYPES = "^(application/(pdf|epub\\+zip)|application/vnd\\.[a-z.-]{1,100}|image/(png|jpeg))$"

_Name = Annotated[str, Field(max_length=1_000)]


class AnswerRefusedError(Exception):
    """The answer is not one that our own code gives; the text says why."""


class _Checked(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Opened(_Checked):
    page_count: Annotated[int, Field(ge=1, le=_MOST_PAGES)]


class Features(_Checked):
    is_signed: bool
    attachments: Annotated[tuple[_Name, ...], Field(max_length=100_000)]


class Unlocked(_Checked):
    """`key` is that of the protected file, in hexadecimal; None if there was nothing to unlock."""

    key: Annotated[str, Field(pattern="^([0-9a-f]{2}){1,64}$")] | None
    keeps_original: bool = True


class Appended(_Checked):
    is_changed: bool
    unread: Annotated[tuple[_Name, ...], Field(max_length=100_000)]


class Made(_Checked):
    media_type: Annotated[str, Field(pattern=_MADE_TYPES)]


class Nothing(_Checked):
    """An answer without content."""


def checked_page(body: bytes, number: int, sources: Collection[str]) -> Page:
    """Return the page that was asked for, read by one of these sources. Raises AnswerRefusedError."""
    try:
        page = Page.model_validate_json(body)
    except (ValidationError, RecursionError):
        raise AnswerRefusedError("it is no page") from None
    if page.number != number:
        raise AnswerRefusedError(f"it is page {page.number} instead of {number}")
    if page.status is not PageState.FINISHED or page.error is not None:
        raise AnswerRefusedError("it is a page without a result")
    if page.source not in sources:
        raise AnswerRefusedError("it names another engine")
    if not (page.width <= _LARGEST_SIDE and page.height <= _LARGEST_SIDE):
        raise AnswerRefusedError("the page is too large")
    if not all(math.isfinite(value) for value in (page.dpi, *page.timing.model_dump().values())):
        raise AnswerRefusedError("a number is not finite")
    _check_contents(page, sources)
    return page


def _check_contents(page: Page, sources: Collection[str]) -> None:
    """Raise AnswerRefusedError for words of another source, boxes far outside the page, and endless notes."""
    if not {word.source for word in page.words()} <= set(sources):
        raise AnswerRefusedError("a word names another engine")
    edges = itertools.chain.from_iterable(_boxes(page))
    if not all(-_LARGEST_SIDE <= edge <= 2 * _LARGEST_SIDE for edge in edges):
        raise AnswerRefusedError("a box is outside the page")
    notes = (page.source_reason or "", *page.languages, *(code.format for code in page.codes))
    if len(page.languages) > _MOST_LANGUAGES or any(len(note) > _LONGEST_PARAMETER for note in notes):
        raise AnswerRefusedError("a note is too long")


def _boxes(page: Page) -> Iterator[Box]:
    yield from (code.box for code in page.codes)
    for block in page.blocks:
        yield block.box
        for line in block.lines:
            yield line.box
            yield from (word.box for word in line.words)


def checked_problem(body: bytes) -> ProcessingError:
    """Return the error. Its sentence is made again, so that it says nothing but ours. Raises AnswerRefusedError."""
    try:
        info = ErrorInfo.model_validate_json(body)
        return ProcessingError(info.code, _message(info.error_message))
    except (ValidationError, RecursionError, LookupError, ValueError, TypeError):
        raise AnswerRefusedError("it is no error of ours") from None


def _message(said: ErrorMessage, *, may_have_cause: bool = True) -> ErrorMessage:
    """Make a message from its template. Raises LookupError or ValueError if it is not possible."""
    if said.message_id not in TEMPLATES or len(said.params) > _MOST_PARAMETERS:
        raise ValueError("unknown")
    if any(
        len(str(value)) > _LONGEST_PARAMETER or len(name) > _LONGEST_PARAMETER for name, value in said.params.items()
    ):
        raise ValueError("too long")
    if said.cause is not None and not may_have_cause:
        raise ValueError("nested")
    cause = _message(said.cause, may_have_cause=False) if said.cause is not None else None
    return error_message(said.message_id, cause=cause, **said.params)


def checked_file(path: Path, largest_bytes: int) -> Path:
    """Return the path of a file that a process which has ended wrote. Raises AnswerRefusedError."""
    try:
        found = path.lstat()
    except OSError:
        raise AnswerRefusedError("the file is missing") from None
    if not stat.S_ISREG(found.st_mode) or found.st_nlink != 1:
        raise AnswerRefusedError("the file is a link or no file")
    if found.st_size > largest_bytes:
        raise AnswerRefusedError("the file is too large")
    return path
