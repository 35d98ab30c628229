"""Keeps records and stored files in step: removes files that belong to nobody, repairs records whose files are gone.

It runs in each of the reaper's rounds, in one process at a time among all machines. A round does what is due, and then
goes on through all files and all records for a quarter of a second. 10,000 jobs take about half a minute; a new pass
begins ten seconds after the last one at the earliest. Whatever looks unused or lost is remembered, and looked at again
after a grace period, with Redis' clock alone. Every step can be repeated, and stopped at any point.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable

from ocrdesk.backend import logs
from ocrdesk.backend.ledger.cleanup import Reminder
from ocrdesk.backend.ledger.stored_jobs import StoredJob
from ocrdesk.backend.storage.blob_store import SURVEY_EVERY_S, UPLOAD, BlobMissingError, is_name
from ocrdesk.backend.storage.stored_names import is_part_of_old_version
from ocrdesk_worker.jobs.context import Context
from ocrdesk_worker.storage_process.messages import SurveyPendingError

_log = logging.getLogger(__name__)

_DUE_PER_ROUND = 500
_FILES_PER_ROUND = 10_000
"""Jobs with files whose records are looked for: one small question to Redis for each."""
_KEYS_AT_A_TIME = 500
_JOBS_AT_A_TIME = 50
_ROUND_S = 0.25
_DUE_S = 1.0
"""How long a round may take for what is due: in a bucket each job takes several requests."""
_OLD_UPLOAD_S = 3_600
"""How long an upload may take at an api of the previous version, which may still run during an upgrade."""


class Reconciler:
    """Compares the storage with the records."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._blobs = context.blobs
        self._ledger = context.ledger
        self._is_suspicious = False
        self._asks_once = context.blobs.survey_every_s > SURVEY_EVERY_S
        """Whether all blobs are listed together now and then, because each question costs time and money."""
        self._pass_due = 0.0

    def run(self) -> None:
        """Do one round's share. Raises RedisFailure."""
        try:
            if not self._is_trusted():
                return
            self._do_what_is_due()
            self._find_files_without_job()
            self._go_through_records()
        except SurveyPendingError:
            return
        except OSError as error:
            _log.warning("the storage cannot be read: %s", error.strerror)

    # ── whether the storage is the right one ─────────────────────────────────────────────────────

    def _is_trusted(self) -> bool:
        is_trusted = self._ledger.storage_trust.is_trusted(self._blobs.identity(), self._fits)
        if not is_trusted and not self._is_suspicious:
            _log.warning(
                "The files in the storage are not those of the jobs in Redis, so nothing is removed or repaired for an "
                "hour. Check REDIS_URL, STORAGE_URL, and whether the folder is mounted."
            )
        self._is_suspicious = not is_trusted
        return is_trusted

    def _fits(self) -> bool:
        """Return whether all files belong to jobs in Redis, and all ended jobs have files."""
        if self._blobs.in_redis:
            return True
        stored, position = self._blobs.job_ids("", _FILES_PER_ROUND)
        while position:
            more, position = self._blobs.job_ids(position, _FILES_PER_ROUND)
            stored += more
        if self._ledger.stored_jobs.without_record(stored):
            return False
        position, have_files = "", set(stored)
        while True:
            job_ids, _, position = self._ledger.stored_jobs.scan(position, _KEYS_AT_A_TIME)
            if any(one.result_blobs() for one in self._ledger.stored_jobs.read([*{*job_ids} - have_files])):
                return False
            if not position:
                return True

    # ── what is due ──────────────────────────────────────────────────────────────────────────────

    def _do_what_is_due(self) -> None:
        due, until = self._ledger.cleanup.due(_DUE_PER_ROUND), time.monotonic() + _DUE_S
        for start in range(0, len(due), _JOBS_AT_A_TIME):
            batch = due[start : start + _JOBS_AT_A_TIME]
            found = self._ledger.stored_jobs.read([reminder.job_id for reminder in batch])
            stored = {one.job_id: one for one in found}
            attempts = self._ledger.stored_jobs.attempts() if batch else set()
            for reminder in batch:
                if time.monotonic() > until:
                    return
                try:
                    is_done = reminder.job_id in stored and self._act(reminder, stored[reminder.job_id], attempts)
                except OSError as error:
                    self._log_unreadable(error)
                    is_done = False
                except BlobMissingError:  # it names what no file can be called
                    is_done = True
                if is_done:
                    self._ledger.cleanup.done(reminder)
                else:
                    self._put_off(reminder, stored.get(reminder.job_id))

    def _act(self, reminder: Reminder, stored: StoredJob, attempts: set[str]) -> bool:
        """Do what a reminder is about; return False if it is too early."""
        if reminder.owner is not None:
            if stored.job is not None:
                return stored.ttl_s < 0  # it runs again, and its next end will be remembered
            if stored.is_gone:
                self._remove_job(stored.job_id, reminder.owner)
            return stored.is_gone
        if reminder.name and stored.is_being_written:
            return False
        if reminder.name:
            self._remove_unused(stored, [reminder.name], attempts)
        else:
            self._repair(stored)
        return True

    def _put_off(self, reminder: Reminder, stored: StoredJob | None) -> None:
        """Look at it after the grace period, or when its job has expired. `stored` None: its record cannot be read."""
        expires_in_s = stored.ttl_s if stored and reminder.owner is not None else -1
        self._ledger.cleanup.put_off(reminder, expires_in_s + 1 if expires_in_s >= 0 else None)

    def _log_unreadable(self, error: OSError) -> None:
        _log.warning("the files of a job cannot be read: %s", error.strerror)

    def _remove_job(self, job_id: str, owner: str) -> None:
        """Remove what is left of a job that was deleted or has expired."""
        count = len(self._blobs.names(job_id))
        self._blobs.purge(job_id)
        self._ledger.cleanup.forget_in_list(owner, [job_id])
        if count:
            self._ledger.backlog.count_removed(count)
            _log.info("removed the files of the job %s, which was deleted or has expired", job_id)

    def _remove_unused(self, stored: StoredJob, names: Iterable[str], attempts: set[str]) -> None:
        keeps = self._context.settings.keep_uploads
        existing = self._blobs.names(stored.job_id) & set(names)
        unused = existing if stored.is_gone else stored.unused(existing, attempts, keeps_uploads=keeps)
        for name in unused:
            self._blobs.delete(stored.job_id, name)
        if unused:
            self._ledger.backlog.count_removed(len(unused))

    def _repair(self, stored: StoredJob) -> None:
        lost = self._lost(stored)
        if not lost and not stored.lacks_pages:
            return
        has_upload = self._blobs.exists(stored.job_id, UPLOAD)
        pages = self._ledger.lost_results.repair(
            stored.job_id, lost, has_upload=has_upload, inflight_limit=self._context.inflight_limit()
        )
        if pages:
            outcome = "they are read again" if has_upload else "the file is gone too, so they have failed"
            with logs.bound(job_id=stored.job_id):
                _log.warning("%d pages of the job had lost their results: %s", len(pages), outcome)

    def _lost(self, stored: StoredJob) -> set[str]:
        """Return the blobs of a job that has ended that are gone."""
        if stored.job is None or not stored.job.state.is_final:
            return set()
        return self._context.page_results.missing(stored.job_id, stored.result_blobs())

    # ── going through everything ─────────────────────────────────────────────────────────────────

    def _find_files_without_job(self) -> None:
        trust = self._ledger.storage_trust
        job_ids, position = self._blobs.job_ids(trust.position("files"), _FILES_PER_ROUND)
        for job_id in self._ledger.stored_jobs.without_record(job_ids):
            is_of_old_api = not self._asks_once and any(map(is_part_of_old_version, self._blobs.names(job_id)))
            self._ledger.cleanup.remove_job_later(job_id, _OLD_UPLOAD_S if is_of_old_api else None)
        trust.set_position("files", position)

    def _go_through_records(self) -> None:
        trust, position = self._ledger.storage_trust, self._ledger.storage_trust.position("records")
        now = time.monotonic()
        if not position:
            if now < self._pass_due:
                return
            self._pass_due = now + self._blobs.survey_every_s
        until = now + _ROUND_S
        attempts = self._ledger.stored_jobs.attempts()
        while True:
            job_ids, owners, position = self._ledger.stored_jobs.scan(position, _KEYS_AT_A_TIME)
            for owner in owners:
                self._ledger.stored_jobs.clean_list(owner)
            for start in range(0, len(job_ids), _JOBS_AT_A_TIME):
                batch = self._ledger.stored_jobs.read(job_ids[start : start + _JOBS_AT_A_TIME])
                self._ledger.stored_jobs.restore_lists(batch)
                ids = [stored.job_id for stored in batch if is_name(stored.job_id)]
                names = self._blobs.names_of(ids) if self._asks_once else None
                for stored in batch:
                    try:
                        self._look_at(stored, attempts, names)
                    except OSError as error:
                        self._log_unreadable(error)
                    except BlobMissingError:  # a job's record under what is no id
                        continue
            if not position:
                self._ledger.stored_jobs.clean_api_keys()
            if not position or time.monotonic() > until:
                break
        trust.set_position("records", position)

    def _look_at(self, stored: StoredJob, attempts: set[str], listed: dict[str, set[str]] | None) -> None:
        """Remember what is unused or lost. `listed`: the blobs of several jobs a while ago; None: look now."""
        if stored.job is None:
            return
        keeps = self._context.settings.keep_uploads
        names = self._blobs.names(stored.job_id) if listed is None else listed.get(stored.job_id, set())
        self._ledger.cleanup.remove_blobs_later(stored.job_id, stored.unused(names, attempts, keeps_uploads=keeps))
        seems_lost = stored.job.state.is_final and not stored.result_blobs() <= names
        if stored.lacks_pages or (seems_lost and (listed is not None or self._lost(stored))):
            self._ledger.cleanup.repair_later(stored.job_id)
