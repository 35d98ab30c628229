"""The contenders of the benchmark: the pipeline, and three other programs for the same task."""

from __future__ import annotations

import multiprocessing
import os
import queue
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, Protocol

from ocrmypdf_env import find_ocrmypdf
from PIL import Image

from ocrdesk.client import Client
from ocrdesk.contract.document import Block, Document, Source
from ocrdesk.contract.jobs import JobResult
from ocrdesk.contract.media_types import MediaType
from ocrdesk.contract.states import JobState

LANGUAGES = ("eng",)
_PLAIN_DPI = 300
_STOP_TIMEOUT_S = 30.0
_LONGEST_RUN_S = 3600.0


class ContenderError(Exception):
    """A contender could not do its work; the message says why."""


@dataclass(frozen=True, slots=True)
class Run:
    """One reading of the whole scan. `page_recognise_s` is the engine's time per page, if the contender knows it."""

    seconds: float
    text: str
    page_recognise_s: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class PipelineRun(Run):
    """The pipeline's reading, with the times that show where the time went."""

    submitted_at: datetime | None = None
    fetched_at: datetime | None = None
    result: JobResult | None = None
    document: Document | None = None


class Contender(Protocol):
    """One way to read the scan, prepared before its first run."""

    name: str
    about: str

    def run(self) -> Run:
        """Read the scan once. Raises ContenderError."""
        ...


# ── the pipeline ─────────────────────────────────────────────────────────────────────────────────────


class Pipeline:
    """A job on the local server, over HTTP, timed from before the upload until the result has arrived."""

    name = "pipeline"
    about = "ocrdesk's local server, already running: from HTTP upload to HTTP result"

    def __init__(self, client: Client, scan: Path) -> None:
        self._client, self._scan = client, scan

    def run(self) -> PipelineRun:
        submitted_at = datetime.now(UTC)
        begun = time.perf_counter()
        job_id = self._client.submit(self._scan)
        result = self._client.wait(job_id)
        seconds = time.perf_counter() - begun
        fetched_at = datetime.now(UTC)
        if result.status is not JobState.FINISHED or result.text is None or result.pages_failed:
            raise ContenderError(f"the job {result.status}: {result.error}")
        document = self._client.document(job_id)
        self._client.delete(job_id)
        recognise = tuple(page.timing.recognise_s for page in document.pages)
        return PipelineRun(seconds, result.text, recognise, submitted_at, fetched_at, result, document)


@contextmanager
def local_data() -> Iterator[Path]:
    """Run a separate local server in an empty folder; yield the folder."""
    from ocrdesk.local.server import state
    from ocrdesk.local.server.attach import attach

    os.environ["OCR_TIMEOUT_PER_PAGE"] = "300"  # so that no page fails on a slow machine
    with (
        tempfile.TemporaryDirectory(prefix="ocrdesk-bench-", ignore_cleanup_errors=True) as folder,
        attach(Path(folder)),
    ):
        backend = state.read_state(Path(folder))
        try:
            yield Path(folder)
        finally:
            if backend is not None:
                _end(backend.pid)


@contextmanager
def local_backend() -> Iterator[Client]:
    """Yield a client of a separate local server."""
    from ocrdesk.local.server.attach import attach

    with local_data() as folder, attach(folder) as attachment, attachment.client() as client:
        yield client


@contextmanager
def pipeline_contender(scan: Path) -> Iterator[Pipeline]:
    """Yield the pipeline on a separate local server."""
    with local_backend() as client:
        yield Pipeline(client, scan)


def _end(pid: int) -> None:
    """End the local server that this benchmark started, and wait until it has ended."""
    deadline = time.monotonic() + _STOP_TIMEOUT_S
    try:
        os.kill(pid, signal.SIGTERM)
        while time.monotonic() < deadline:
            os.waitpid(pid, os.WNOHANG)
            os.kill(pid, 0)
            time.sleep(0.05)
    except (ProcessLookupError, ChildProcessError):
        return


# ── (a) bare engine processes ────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class PageImage:
    """The image that the pipeline gives its engine for a page: 8-bit grey rows, and their resolution (0: unknown)."""

    pixels: bytes
    width: int
    height: int
    dpi: float


class _Capture:
    """An engine that only stores its image, to show what the pipeline would recognise."""

    source = Source.TESSERACT

    def __init__(self) -> None:
        self.first: PageImage | None = None

    def recognise(self, image: Image.Image, dpi: float, languages: tuple[str, ...]) -> tuple[Block, ...]:
        if self.first is None:  # a page without text is tried again upside down
            self.first = PageImage(image.tobytes(), image.width, image.height, dpi)
        return ()


def pipeline_images(scan: Path) -> list[PageImage]:
    """Return a PDF's page images from the pipeline's own renderer and preparation."""
    from ocrdesk_worker.pipeline.page import read_page
    from ocrdesk_worker.render.open_file import open_source

    images = []
    source = open_source(scan, MediaType.PDF)
    try:
        for number in range(1, source.page_count + 1):
            capture = _Capture()
            read_page(source, number, lambda capture=capture: capture, LANGUAGES)
            assert capture.first is not None
            images.append(capture.first)
    finally:
        source.close()
    return images


class Bare:
    """Warm processes that share a queue of pages, with all images already in memory."""

    name = "bare"
    about = "as many warm tesserocr processes with the rendered pages: only recognition and its words"

    def __init__(self, page_count: int, tasks: Any, results: Any, processes: list[BaseProcess]) -> None:
        self._page_count, self._tasks, self._results, self._processes = page_count, tasks, results, processes

    def run(self) -> Run:
        begun = time.perf_counter()
        for index in range(self._page_count):
            self._tasks.put(index)
        texts, times = [""] * self._page_count, [0.0] * self._page_count
        for _ in range(self._page_count):
            index, text, seconds = self.next_answer()
            texts[index], times[index] = text, seconds
        return Run(time.perf_counter() - begun, "\n".join(texts), tuple(times))

    def next_answer(self) -> tuple[int, str, float]:
        while True:
            try:
                answer: tuple[int, str, float] = self._results.get(timeout=1.0)
            except queue.Empty:
                if not all(process.is_alive() for process in self._processes):
                    raise ContenderError("a bare process ended") from None
            else:
                return answer


@contextmanager
def bare_contender(scan: Path, workers: int) -> Iterator[Bare]:
    """Render the pages, start the processes, and wait until each has loaded its engine."""
    images = pipeline_images(scan)
    forking = multiprocessing.get_context("fork")  # the children share the images without copying them
    tasks, results = forking.Queue(), forking.Queue()
    processes: list[BaseProcess] = [
        forking.Process(target=_bare_process, args=(images, tasks, results), daemon=True) for _ in range(workers)
    ]
    for process in processes:
        process.start()
    contender = Bare(len(images), tasks, results, processes)
    try:
        for _ in processes:
            contender.next_answer()
        yield contender
    finally:
        for process in processes:
            process.terminate()
            process.join()


def _bare_process(images: list[PageImage], tasks: Any, results: Any) -> None:
    """Run tesserocr with the pipeline's models and modes, and nothing else. Answer with (page, text, seconds)."""
    os.environ["OMP_THREAD_LIMIT"] = "1"  # before libtesseract loads
    import tesserocr

    from ocrdesk_worker.engines.languages.tessdata import collect

    api = tesserocr.PyTessBaseAPI(
        path=f"{collect().folder}{os.sep}",
        lang="+".join(LANGUAGES),
        psm=tesserocr.PSM.AUTO,
        oem=tesserocr.OEM.LSTM_ONLY,
    )
    api.SetVariable("debug_file", os.devnull)
    results.put((-1, "", 0.0))
    while True:
        index = tasks.get()
        page = images[index]
        begun = time.perf_counter()
        api.SetImageBytes(page.pixels, page.width, page.height, 1, page.width)
        if page.dpi:
            api.SetSourceResolution(round(page.dpi))
        api.Recognize()
        words = []
        if iterator := api.GetIterator():
            for item in tesserocr.iterate_level(iterator, tesserocr.RIL.WORD):
                if not item.Empty(tesserocr.RIL.WORD):
                    item.BoundingBox(tesserocr.RIL.WORD)
                    item.Confidence(tesserocr.RIL.WORD)
                    words.append(item.GetUTF8Text(tesserocr.RIL.WORD))
        api.Clear()
        results.put((index, " ".join(words), time.perf_counter() - begun))


# ── (b) the plain design ─────────────────────────────────────────────────────────────────────────────


class Plain:
    """pdf2image and pytesseract with their defaults, one page after the other: OpenMP is not limited."""

    name = "plain"
    about = f"pdf2image at {_PLAIN_DPI} dpi, then pytesseract, one page after the other; OpenMP not limited"

    def __init__(self, scan: Path) -> None:
        import pdf2image  # noqa: F401  # loaded before the measurement starts
        import pytesseract

        self._scan = scan
        try:
            self.about += f"; tesseract {pytesseract.get_tesseract_version()}"
        except pytesseract.TesseractNotFoundError:
            raise ContenderError("the tesseract program is not installed (apt-get install tesseract-ocr)") from None

    def run(self) -> Run:
        import pdf2image
        import pytesseract

        begun = time.perf_counter()
        try:
            texts = [
                pytesseract.image_to_string(image) for image in pdf2image.convert_from_path(self._scan, dpi=_PLAIN_DPI)
            ]
        except Exception as error:  # the two libraries raise many types
            raise ContenderError(f"{type(error).__name__}: {error}") from error
        return Run(time.perf_counter() - begun, "\n".join(texts))


# ── (c) OCRmyPDF ─────────────────────────────────────────────────────────────────────────────────────


class OcrMyPdf:
    """OCRmyPDF's fastest way to the text: no PDF is written, only the sidecar."""

    name = "ocrmypdf"

    def __init__(self, scan: Path, workers: int, *, force: bool) -> None:
        """`force`: recognise pages that already have text, on which OCRmyPDF would otherwise stop with an error."""
        self._program = find_ocrmypdf() or "ocrmypdf"
        said = subprocess.run([self._program, "--version"], capture_output=True, text=True, check=False).stdout
        options = ["--jobs", str(workers), "--output-type", "none", *(["--force-ocr"] if force else [])]
        self.about = f"OCRmyPDF {said.strip()} {' '.join(options)} --sidecar"
        self._scan, self._options = scan, options

    def run(self) -> Run:
        with tempfile.TemporaryDirectory(prefix="ocrdesk-bench-") as folder:
            sidecar = Path(folder) / "out.txt"
            command = [self._program, "--quiet", *self._options, "--sidecar", str(sidecar), str(self._scan), "-"]
            begun = time.perf_counter()
            ended = subprocess.run(
                command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, timeout=_LONGEST_RUN_S, check=False
            )
            seconds = time.perf_counter() - begun
            if ended.returncode != 0 or not sidecar.is_file():
                lines = ended.stderr.decode(errors="replace").strip().splitlines()
                raise ContenderError(lines[-1] if lines else f"exit code {ended.returncode}")
            return Run(seconds, sidecar.read_text())
