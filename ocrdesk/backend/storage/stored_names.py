"""The names of a job's blobs: how they are made, and which of them its records refer to.

A page or an export is written under a name that contains its writer's id, so no writer overwrites another's, and it
can be told whether the writer still works on it.
"""

from __future__ import annotations

from collections.abc import Iterable

from ocrdesk.backend.records import ExportRecord, JobRecord, PageRecord
from ocrdesk.backend.storage.blob_store import LOCKED_UPLOAD, LOCKED_UPLOAD_KEY, PASSWORD_PAD, UPLOAD

UPLOADS = (UPLOAD, LOCKED_UPLOAD, LOCKED_UPLOAD_KEY)
"""The blobs of an uploaded file."""
_PART = ".part"
_TEXT_SUFFIX = ".txt"
_PAGE, _EXPORT = "page", "export"


def page_name(number: int, writer_id: str) -> str:
    """Return the name of a stored page. `writer_id` is unique, so that no writer overwrites another's page."""
    return f"{_PAGE}-{number}-{writer_id}"


def page_text_name(name: str) -> str:
    """Return the name of the plain text of a stored page."""
    return f"{name}{_TEXT_SUFFIX}"


def export_name(export: str, writer_id: str) -> str:
    """Return the name of a stored export."""
    return f"{_EXPORT}-{export}-{writer_id}"


def text_name(revision: int) -> str:
    """Return the name of a job's whole text at a revision of the result."""
    return f"text-{revision}"


def part_name(name: str, token: str) -> str:
    """Return the name under which a blob is written in Redis until it is complete."""
    return f"{name}{_PART}.{token}"


def part_file_name(name: str, token: str) -> str:
    """Return the name of the hidden file under which a blob is written until it is complete."""
    return f".{name}.{token}{_PART}"


def is_part(name: str) -> bool:
    """Return whether a stored name is one of a blob that is not complete, also by the naming of older versions."""
    return f"{_PART}." in name or is_part_file(name)


def is_part_file(name: str) -> bool:
    """Return whether a name is one of the hidden files of incomplete blobs."""
    return name.startswith(".") and name.endswith(_PART) and "/" not in name


def is_part_of_old_version(name: str) -> bool:
    """Return whether a hidden file is one of the first version, whose api does not say that it is writing."""
    return is_part_file(name) and name.count(".") == 2


def whole_name(name: str) -> str:
    """Return the name that records use: without what marks a part or the text of a page."""
    if is_part_file(name):
        name = name[1:].removesuffix(_PART).rpartition(".")[0]
    return name.partition(f"{_PART}.")[0].removesuffix(_TEXT_SUFFIX)


def writer_of(name: str) -> str | None:
    """Return the id of the attempt that writes a page or an export; None for other names."""
    kind, _, rest = whole_name(name).partition("-")
    return rest.partition("-")[2] or None if kind in (_PAGE, _EXPORT) else None


def names_in_use(
    job: JobRecord,
    pages: Iterable[PageRecord],
    exports: Iterable[ExportRecord],
    *,
    has_password: bool,
    keeps_uploads: bool,
) -> set[str]:
    """Return the names that a job's records refer to. Uploads of a job that ended are in use if they are kept."""
    names = {text_name(job.revision)}
    if keeps_uploads or not job.state.is_final:
        names |= set(UPLOADS)
    if has_password:
        names.add(PASSWORD_PAD)
    names |= {page.blob for page in pages if page.blob}
    return names | {export.blob for export in exports if export.blob}
