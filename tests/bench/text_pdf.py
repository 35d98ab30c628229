"""The benchmark command: how fast a PDF with its own text is read, compared with recognising all of its pages.

python tests/bench/text_pdf.py [--pages N] [--repeat N] [--ocrmypdf-pages N]
"""

from __future__ import annotations

import argparse
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import pikepdf
from arguments import positive
from contenders import ContenderError, local_backend
from load import Meter
from ocrmypdf_env import find_ocrmypdf
from report import word_f1
from scan import sentence

from ocrdesk.client import Client, ClientError
from ocrdesk.contract.document import Source
from ocrdesk.contract.states import JobState
from ocrdesk.export.text import page_text
from ocrdesk.local.errors import LocalServerError

SPEED_AIM, FIRST_PAGE_AIM_MS = 100.0, 100.0
_DEFAULT_PAGES = 200
_FEW_PAGES = 2
_PARAGRAPHS = 6
_LINE_LETTERS = 80
_A4_PT = (595, 842)
_TEXT_PT, _LEADING_PT = 11, 15
_SEED = 20261125


@dataclass(frozen=True, slots=True)
class Timed:
    """One reading of the whole file: seconds from before its upload."""

    first_page_s: float
    first_text: str
    finished_s: float
    cpu_s: float
    text: str


@dataclass(frozen=True, slots=True)
class Recogniser:
    """The time that OCRmyPDF needs to recognise the same pages: measured for a few of them, and extrapolated."""

    few: int
    few_s: float
    few_cpu_s: float
    some: int
    some_s: float
    some_cpu_s: float

    @property
    def page_s(self) -> float:
        """Seconds per page, without the program's start."""
        return (self.some_s - self.few_s) / (self.some - self.few)

    def seconds(self, pages: int) -> float:
        return self.some_s + (pages - self.some) * self.page_s

    def cpu_seconds(self, pages: int) -> float:
        page_cpu_s = (self.some_cpu_s - self.few_cpu_s) / (self.some - self.few)
        return self.some_cpu_s + (pages - self.some) * page_cpu_s


def main(arguments: Sequence[str] | None = None) -> int:
    """Return the exit code: 0, or 1 if one of the two programs could not do its work."""
    options = _parser().parse_args(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that the processes that it started end too
    meter = Meter()
    try:
        with tempfile.TemporaryDirectory(prefix="ocrdesk-bench-") as name, local_backend() as client:
            folder = Path(name)
            texts = page_texts(options.pages)
            file = make_text_pdf(folder / "book.pdf", texts)
            _say(f"{options.pages} pages of text, {file.stat().st_size / 1e6:.1f} MB")
            _read(client, make_text_pdf(folder / "warm-up.pdf", texts[:_FEW_PAGES]))
            runs = [_read(client, file) for _ in range(options.repeat)]
            recogniser = _recogniser(folder, texts, options.ocrmypdf_pages)
            runs += [_read(client, file) for _ in range(options.repeat)]  # the machine may have become busier
    except (ContenderError, ClientError, LocalServerError, OSError) as failure:
        print(f"FAILED: {failure}")
        return 1
    _print_report(runs, texts, recogniser, meter.read().others_share)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--pages", type=positive, default=_DEFAULT_PAGES, help="pages of the PDF (default: 200)")
    parser.add_argument("--repeat", type=positive, default=5, help="readings before and after OCRmyPDF (default: 5)")
    parser.add_argument(
        "--ocrmypdf-pages",
        type=int,
        default=10,
        help="how many of the pages OCRmyPDF recognises (default: 10; fewer than 3: none)",
    )
    return parser


def page_texts(count: int) -> list[str]:
    """Return the text of a book's pages of common words, line by line, the same at every call."""
    chance = random.Random(_SEED)
    return [f"Page {number}\n" + "\n".join(_lines(chance)) for number in range(1, count + 1)]


def _lines(chance: random.Random) -> list[str]:
    lines: list[str] = []
    for _ in range(_PARAGRAPHS):
        lines.append("")
        for word in " ".join(sentence(chance, 8, 16) for _ in range(6)).split():
            if lines[-1] and len(lines[-1]) + len(word) < _LINE_LETTERS:
                lines[-1] += f" {word}"
            else:
                lines.append(word)
    return [line for line in lines if line]


def make_text_pdf(path: Path, texts: Sequence[str]) -> Path:
    """Write a PDF of real text in Helvetica, with a page for each text."""
    with pikepdf.new() as document:
        helvetica = document.make_indirect(
            pikepdf.Dictionary(
                Type=pikepdf.Name.Font,
                Subtype=pikepdf.Name.Type1,
                BaseFont=pikepdf.Name.Helvetica,
                Encoding=pikepdf.Name.WinAnsiEncoding,
            )
        )
        for text in texts:
            page = document.add_blank_page(page_size=_A4_PT)
            page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=helvetica))
            page.Contents = document.make_stream(_content(text))
        document.save(path)
    return path


def _content(text: str) -> bytes:
    shown = " ".join(f"({line}) Tj T*" for line in text.splitlines())
    return f"BT /F1 {_TEXT_PT} Tf {_LEADING_PT} TL 60 {_A4_PT[1] - 70} Td {shown} ET".encode("ascii")


def _read(client: Client, file: Path) -> Timed:
    meter = Meter()
    begun = time.perf_counter()
    job_id = client.submit(file)
    with closing(client.pages(job_id)) as pages:  # each page when the job's events report it
        page = next(pages)
        first_s = time.perf_counter() - begun
    result = client.wait(job_id)
    finished_s = time.perf_counter() - begun
    cpu_s = meter.read().own
    client.delete(job_id)
    if result.status is not JobState.FINISHED or result.text is None or page.source != Source.TEXT_LAYER:
        raise ContenderError(f"the job {result.status}, its first page by {page.source}: {result.error}")
    return Timed(first_s, page_text(page), finished_s, cpu_s, result.text)


def _recogniser(folder: Path, texts: list[str], count: int) -> Recogniser | None:
    count = min(count, len(texts))
    program = find_ocrmypdf() if count > _FEW_PAGES else None
    if program is None:
        _say("ocrmypdf: omitted")
        return None
    taken: list[tuple[float, float]] = []
    for pages in (_FEW_PAGES, count):
        file = make_text_pdf(folder / f"{pages}.pdf", texts[:pages])
        meter, begun = Meter(), time.perf_counter()
        command = [program, "--quiet", "--force-ocr", "--output-type", "pdf", str(file), str(folder / "out.pdf")]
        ended = subprocess.run(command, capture_output=True, text=True, check=False)
        taken.append((time.perf_counter() - begun, meter.read().own))
        if ended.returncode != 0:
            raise ContenderError(f"ocrmypdf: {ended.stderr.strip()[-300:] or f'exit code {ended.returncode}'}")
        _say(f"ocrmypdf --force-ocr: {pages} pages in {taken[-1][0]:.1f} s")
    return Recogniser(_FEW_PAGES, *taken[0], count, *taken[1])


def _print_report(runs: Sequence[Timed], texts: list[str], recogniser: Recogniser | None, others_share: float) -> None:
    count = len(texts)
    first = [timed.first_page_s * 1000 for timed in runs]
    finished = [timed.finished_s * 1000 for timed in runs]
    print(f"\n{'what':<34}{'min':>10}{'median':>11}{'max':>11}   {'aim':<10}met")
    met = "yes" if median(first) < FIRST_PAGE_AIM_MS else "NO"
    print(f"{'submit to first page':<34}{_spread(first)}   {f'< {FIRST_PAGE_AIM_MS:g} ms':<10}{met}")
    print(f"{f'submit to all {count} pages':<34}{_spread(finished)}")
    if recogniser:
        ratio = recogniser.seconds(count) * 1000 / median(finished)
        met = "yes" if ratio >= SPEED_AIM else "NO"
        print(f"{'ocrmypdf --force-ocr takes':<34}{f'{ratio:.0f}x as long':>32}   {f'>= {SPEED_AIM:g}x':<10}{met}")
    right = word_f1(runs[-1].text, "\n".join(texts)), word_f1(runs[-1].first_text, texts[0])
    print(f"\nWords: F1 {right[0]:.3f} of all pages, {right[1]:.3f} of the first, compared with the text of the file.")
    if recogniser:
        more_cpu = recogniser.cpu_seconds(count) / median(timed.cpu_s for timed in runs)
        print(
            f"OCRmyPDF recognised {recogniser.some} of the pages in {recogniser.some_s:.1f} s and {recogniser.few} in "
            f"{recogniser.few_s:.1f} s, so {recogniser.page_s:.2f} s per page after its start;\n"
            f"the time for {count} pages ({recogniser.seconds(count):.0f} s) is extrapolated, not measured. "
            f"In processor seconds it takes {more_cpu:.0f}x."
        )
    print(
        f"{len(runs)} readings by a running local server, over HTTP; times of pages by the job's events.\n"
        f"Other programs took {others_share:.0%} of the processor time used."
    )


def _spread(taken_ms: Sequence[float]) -> str:
    return f"{min(taken_ms):>7.0f} ms{median(taken_ms):>8.0f} ms{max(taken_ms):>8.0f} ms"


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
