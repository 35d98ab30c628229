"""Sends corrections page by page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ocrdesk.client import Client, RevisionConflictError
from ocrdesk.contract.document import Document, Page
from ocrdesk.desktop.review.document.line_change import LineChange, changed, line_at

_PAGES_AT_A_TIME = 20
"""About 1 MB; by default a server accepts 16 MB."""
_ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class SendResult:
    """The changes that the server has now, and conflicts: changes of lines that somebody else has changed.

    `revisions` are the result's, before and after each call that changed it.
    """

    saved: list[LineChange]
    conflicts: list[LineChange]
    revisions: list[tuple[int, int]]


def send(client: Client, job_id: str, changes: Sequence[LineChange], *, is_forced: bool = False) -> SendResult:
    """Apply the changes to the pages as the server has them now, and save them, so that no other work is lost.

    A change is a conflict if its line is not what it was before the change, unless `is_forced`. A forced change of a
    line that no longer exists counts as saved.
    """
    numbers = sorted({change.position.page for change in changes})
    all_sent = SendResult([], [], [])
    for first in range(0, len(numbers), _PAGES_AT_A_TIME):
        batch = set(numbers[first : first + _PAGES_AT_A_TIME])
        sent = _send_batch(client, job_id, [it for it in changes if it.position.page in batch], is_forced)
        all_sent.saved.extend(sent.saved)
        all_sent.conflicts.extend(sent.conflicts)
        all_sent.revisions.extend(sent.revisions)
    return all_sent


def _send_batch(client: Client, job_id: str, changes: list[LineChange], is_forced: bool) -> SendResult:
    for _ in range(_ATTEMPTS - 1):
        try:
            return _send_once(client, job_id, changes, is_forced)
        except RevisionConflictError:
            continue  # somebody else saved after we fetched the pages: fetch them again
    return _send_once(client, job_id, changes, is_forced)


def _send_once(client: Client, job_id: str, changes: list[LineChange], is_forced: bool) -> SendResult:
    job = client.job(job_id)  # before the pages: a change after this makes the revision outdated
    pages = {number: client.page(job_id, number) for number in {change.position.page for change in changes}}
    conflicts = [] if is_forced else [change for change in changes if not _fits(pages[change.position.page], change)]
    wanted = [change for change in changes if change not in conflicts]
    new = {number: changed(page, (it for it in wanted if it.position.page == number)) for number, page in pages.items()}
    different = tuple(new[number] for number in sorted(new) if new[number] != pages[number])
    revisions = []
    if different:
        document = Document(job_id=job_id, file_name=job.file_name, media_type=job.media_type, pages=different)
        revisions.append((job.revision, client.correct(document, if_revision=job.revision).revision))
    return SendResult(wanted, conflicts, revisions)


def _fits(page: Page, change: LineChange) -> bool:
    line = line_at(page, change.position)
    return line is not None and line.words in (change.before, change.after)
