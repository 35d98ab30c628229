"""What the fields of the hashes in Redis hold, for the descriptions in `redis_key_table`."""

from __future__ import annotations

JOB_FIELDS = {
    "v": "the version of the record's form, from 2 on",
    "owner": "who submitted it",
    "state": "queued, started, finished, failed or cancelled",
    "file_name, media_type, size_bytes": "the uploaded file",
    "options": "JSON of the contract's JobOptions",
    "limits": "JSON: `max_pages`, `page_timeout_s`",
    "created_at, started_at, ended_at": "ISO 8601, UTC; empty when not reached",
    "notes": "JSON `[[message id, parameters], …]`: what was found out about the file when it was opened",
    "file_pages, page_count": "pages in the file, pages to recognise; empty until the file was opened",
    "pages_done, pages_failed": "pages that ended",
    "inflight": "pages that are queued or held by an attempt",
    "attempt": "the attempt that prepares or closes the job now",
    "deaths, losses": "attempts that crashed, attempts that were lost, while preparing or closing",
    "error": "JSON of the contract's ErrorInfo",
    "revision": "how often the result changed after its first end",
    "idempotency": "the key `ocrdesk:once:…` that remembers this submission",
    "webhook": "JSON: `url`, `secret`",
    "webhook_hosts": "the api's WEBHOOK_ALLOWED_HOSTS at the submit, separated by commas",
    "request_id": "the request that submitted it",
    "traceparent": "that request's place in its trace; empty without traces",
}
PAGE_FIELDS = {
    "state": "queued, started, finished, timeout or failed",
    "attempt, worker": "who works on it, or did last",
    "deaths, losses": "attempts that crashed, attempts that were lost",
    "started_at, ended_at": "ISO 8601, UTC",
    "blob": "the name of the stored page",
    "error": "the contract's ErrorInfo",
    "unread_regions": "regions with ink like text in which no word was read; only if there are any",
}
EXPORT_FIELDS = {
    "revision": "the job's revision that it was made from",
    "limit_s": "seconds that making it may take",
    "state, attempt, deaths, losses, ended_at, error": "as for a page",
    "blob, media_type": "the stored file",
}
EVENT_FIELDS = {
    "type": "job, page, export, revised or deleted",
    "job_id, at, status": "the job, the time, and the job's state",
    "done, failed, count": "pages",
    "page, page_status": "of a page's event",
    "export, export_status": "of an export's event",
    "revision": "when it is not 0",
    "error, code": "the error's message and code",
    "error_message, warnings": "the error's message and the job's warnings as JSON, if there are any",
}
WEBHOOK_FIELDS = {
    "id": "the delivery's id, `msg_…`",
    "owner": "the job's owner",
    "url, secret": "the receiver, and what signs each request",
    "allowed_hosts": "the job's `webhook_hosts`",
    "body": "JSON of the contract's WebhookPayload",
    "state": "pending, delivered or failed",
    "step": "attempts of the schedule that were made",
    "claims": "times it was begun since its last outcome",
    "lease": "until when a process holds it (Unix, ms); also that process's token",
    "due": "when the next attempt is due (Unix, ms)",
    "attempts": "JSON: the last attempts",
}
ACCOUNT_FIELDS = {
    "owner, name, email": "the account",
    "email_identity": "the address in the form that is compared",
    "prefix": "the first characters of its secret, to recognise it by",
    "scopes": "separated by blanks",
    "digest, old_digest": "SHA-256 of its secret, and of one that was replaced and still works",
    "created_at, expires_at, revoked_at, overlap_until": "Unix seconds",
}
METRICS_FIELDS = {
    "submitted, retried": "jobs",
    "lost_pages": "finished pages whose stored results were gone",
    "removed_blobs": "stored files that belonged to no job",
    "job:STATE": "jobs that ended in that state",
    "page:STATE:ENGINE": "pages that ended in that state",
    "page_s:ENGINE:BOUND": "pages by seconds, one field per bucket",
    "page_s_sum:ENGINE": "seconds in all",
    "failed:UNIT:CODE": "files that could not be opened, pages and exports that failed, by error code",
    "attempt:died, attempt:lost": "attempts that ended without an outcome",
    "webhook:OUTCOME": "attempts to deliver webhooks",
}
CLEANUP_ENTRIES = {  # due: Unix seconds of Redis
    "JOB:OWNER": "a job that is deleted or expired by then: remove its files and its place in the owner's list",
    "JOB/NAME": "a blob: remove it if no record refers to it",
    "JOB/": "a job with blobs that are missing: repair its record",
}
STORAGE_FIELDS = {
    "identity": "the storage's own id",
    "trusted_from": "from when on (Unix seconds of Redis) files are removed and records repaired",
    "records, files": "how far the reconciler has come",
}
