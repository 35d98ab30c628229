"""Measures what the confined process costs: processor time of a task, and pages per second of a PDF with its own text.

Run it as `python -m tests.bench.sandbox`. "without" opens the file in the task process itself, as before there was a
confined process.
"""

from __future__ import annotations

import gc
import os
import resource
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from ocrdesk.backend.records import JobRecord, Limits, utc_now
from ocrdesk.backend.settings import Settings
from ocrdesk.backend.storage.blob_store import UPLOAD, put
from ocrdesk.backend.storage.folder_store import FolderStore
from ocrdesk.backend.storage.page_results import pack
from ocrdesk.contract.jobs import DEFAULT_LANGUAGES, JobOptions, RecognitionMode
from ocrdesk.contract.media_types import MediaType
from ocrdesk.contract.states import JobState
from ocrdesk_worker.engines.languages.tessdata import collect
from ocrdesk_worker.engines.registry import Engines
from ocrdesk_worker.jobs.context import Context
from ocrdesk_worker.jobs.opened_file import OpenedFile
from ocrdesk_worker.pipeline.page import read_own_text
from ocrdesk_worker.processes.large_pages import merge_memory
from ocrdesk_worker.processes.warm_up import warm_up
from ocrdesk_worker.render.open_file import open_source
from ocrdesk_worker.sandbox import confinement
from tests.helpers.sample_files import text_pdf, text_png

PAGES, LINES, TASKS, BOOKS = 200, 40, 60, 7


def main() -> None:
    """Print the figures; all times are processor time."""
    with tempfile.TemporaryDirectory() as folder:
        engines = Engines(collect())
        engines.preload(DEFAULT_LANGUAGES)
        warm_up(engines)
        engines.installed()
        confinement.prepare()
        gc.collect()
        gc.freeze()
        # Only the store and the engines of the context are used here.
        work = Context(Settings(), None, FolderStore(Path(folder)), engines, scratch=Path(folder))  # type: ignore[arg-type]
        image = _submitted(work, "image", text_png("Hello"), MediaType.PNG)
        lines = "\n".join(f"line {line} with the words of an ordinary page" for line in range(LINES))
        book = _submitted(work, "book", text_pdf([f"Page {n}\n{lines}" for n in range(1, PAGES + 1)]), MediaType.PDF)
        path = Path(folder)
        for state in ("before memory is merged", "after"):
            print(
                f"{state}: fork and end {1000 * _median(lambda: None, TASKS, fork_too=True):.1f} ms of processor time"
            )
            without = _median(lambda: _open(path / "image" / UPLOAD, MediaType.PNG), TASKS)
            confined = _median(lambda: _confined(work, image), TASKS)
            print(f"  open a file: without {1000 * without:.1f} ms, confined {1000 * confined:.1f} ms")
            without = _median(lambda: _read(path / "book" / UPLOAD), BOOKS)
            confined = _median(lambda: _read_confined(work, book), BOOKS)
            print(f"  own text: without {PAGES / without:.0f} pages/s of a core, confined {PAGES / confined:.0f}")
            merge_memory()


def _submitted(work: Context, job_id: str, content: bytes, media: MediaType) -> JobRecord:
    put(work.blobs, job_id, UPLOAD, content)
    return JobRecord(
        job_id=job_id,
        owner="me",
        state=JobState.QUEUED,
        file_name="file",
        media_type=media.value,
        size_bytes=len(content),
        options=JobOptions(),
        limits=Limits(max_pages=None, page_timeout_s=60),
        created_at=utc_now(),
    )


def _open(path: Path, media: MediaType) -> None:
    open_source(path, media).close()


def _confined(work: Context, job: JobRecord) -> None:
    with OpenedFile(work, job) as file:
        file.page_count()


def _read(path: Path) -> None:
    source = open_source(path, MediaType.PDF)
    for number in range(1, PAGES + 1):
        page, _ = read_own_text(source, number, RecognitionMode.AUTO)
        assert page
        pack(page)


def _read_confined(work: Context, job: JobRecord) -> None:
    with OpenedFile(work, job) as file:
        for number in range(1, PAGES + 1):
            page = file.read_quickly(number)
            assert page
            pack(page)


def _median(action: Callable[[], None], times: int, *, fork_too: bool = False) -> float:
    """Return the processor time of an action in seconds, in a forked process as a task has."""
    return statistics.median(_seconds(action, fork_too=fork_too) for _ in range(times))


def _seconds(action: Callable[[], None], *, fork_too: bool) -> float:
    reading, writing = os.pipe()
    begun = _used()
    pid = os.fork()
    if pid == 0:
        start = _used()
        action()
        os.write(writing, repr(_used() - start).encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        inside = float(pipe.read())
    os.waitpid(pid, 0)
    return _used() - begun if fork_too else inside


def _used() -> float:
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + ended.ru_utime + ended.ru_stime


if __name__ == "__main__":
    main()
