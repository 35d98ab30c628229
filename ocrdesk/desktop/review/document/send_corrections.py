"""Sends corrections to their server, page by page as they are there now, so that nobody's work is overwritten."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ocrdesk.client import Client, RevisionConflictError
from ocrdesk.contract.document import Document, Page
from ocrdesk.desktop.review.document.line_change import LineChange, changed, line_at

_PAGES_AT_A_TIME = 20
"""About 1 MB; a server takes 16 MB unless it is told otherwise."""
_TRIES = 5


@dataclass(frozen=True, slots=True)
class Sent:
    """What came of it: the changes that the server has now, and those of lines that somebody else changed.

    `revisions` are the result's, before and after each call that changed it.
    """

    saved: list[LineChange]
    contested: list[LineChange]
    revisions: list[tuple[int, int]]


def send(client: Client, job_id: str, changes: Sequence[LineChange], *, is_forced: bool = False) -> Sent:
    """Saves what can be. A line that is not what it was before our change is contested, unless `is_forced`.

    A forced change of a line that does not exist any more counts as saved: there is nothing to correct.
    """
    numbers = sorted({change.place.page for change in changes})
    all_sent = Sent([], [], [])
    for first in range(0, len(numbers), _PAGES_AT_A_TIME):
        batch = set(numbers[first : first + _PAGES_AT_A_TIME])
        sent = _send_batch(client, job_id, [it for it in changes if it.place.page in batch], is_forced)
        all_sent.saved.extend(sent.saved)
        all_sent.contested.extend(sent.contested)
        all_sent.revisions.extend(sent.revisions)
    return all_sent


def _send_batch(client: Client, job_id: str, changes: list[LineChange], is_forced: bool) -> Sent:
    for _ in range(_TRIES - 1):
        try:
            return _send_once(client, job_id, changes, is_forced)
        except RevisionConflictError:
            continue  # somebody saved between our look and our answer: look again
    return _send_once(client, job_id, changes, is_forced)


def _send_once(client: Client, job_id: str, changes: list[LineChange], is_forced: bool) -> Sent:
    job = client.job(job_id)  # before the pages: what is changed after it makes the revision a wrong one
    pages = {number: client.page(job_id, number) for number in {change.place.page for change in changes}}
    contested = [] if is_forced else [change for change in changes if not _fits(pages[change.place.page], change)]
    wanted = [change for change in changes if change not in contested]
    new = {number: changed(page, (it for it in wanted if it.place.page == number)) for number, page in pages.items()}
    different = tuple(new[number] for number in sorted(new) if new[number] != pages[number])
    revisions = []
    if different:
        document = Document(job_id=job_id, file_name=job.file_name, media_type=job.media_type, pages=different)
        revisions.append((job.revision, client.correct(document, if_revision=job.revision).revision))
    return Sent(wanted, contested, revisions)


def _fits(page: Page, change: LineChange) -> bool:
    line = line_at(page, change.place)
    return line is not None and line.words in (change.before, change.after)
