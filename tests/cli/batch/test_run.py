"""Whole runs: standard input, pipes, names of every kind, one PDF of many files, and the end of a run."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pikepdf
import pytest

from ocrdesk.contract.capabilities import Capabilities, Limits
from ocrdesk.contract.document import Box, Document
from ocrdesk.contract.states import JobState
from tests.cli.conftest import Ocr
from tests.helpers.fake_server import FakeServer, make_job, make_page
from tests.helpers.processes import Backend, run_ocrdesk
from tests.helpers.sample_files import scan_pdf, text_png
from tests.helpers.wait import wait_until

posix_only = pytest.mark.skipif(os.name != "posix", reason="Windows has no such pipes and signals")


def tree_of(folder: Path) -> dict[bytes, str]:
    return {
        os.fsencode(path.relative_to(folder)): path.read_text() for path in sorted(folder.rglob("*")) if path.is_file()
    }


def text_of(pdf: Path) -> str:
    return subprocess.run(["pdftotext", pdf, "-"], capture_output=True, text=True, check=True).stdout


def test_standard_input_is_a_file(ocr: Ocr, tmp_path: Path) -> None:
    done = ocr.with_input(text_png("Piped file"), "-")
    assert (done.returncode, done.stdout, done.stderr) == (0, "Piped file\n", "")
    done = ocr.with_input(scan_pdf(["Page one", "Page two"]), "-", "-f", "json")
    assert Document.model_validate_json(done.stdout).file_name == "stdin"
    done = ocr.with_input(text_png("Piped file"), "-", "-o", f"{tmp_path}/out/")
    assert tree_of(tmp_path / "out") == {b"stdin.txt": "Piped file\n"}


class _Unread(FakeServer):
    """A server that finds no word in any file, but areas that look like text."""

    def accept(self, file_name: str, size_bytes: int) -> str:
        job_id = super().accept(file_name, size_bytes)
        page = make_page(1, "").model_copy(update={"unread": (Box(1, 1, 5, 5), Box(5, 5, 9, 9))})
        self.put(make_job(job_id, file_name, JobState.FINISHED, page_count=1, pages_done=1), [page])
        return job_id


def test_areas_that_were_not_read_are_reported_if_there_is_no_text(tmp_path: Path) -> None:
    (tmp_path / "one.png").write_bytes(text_png("One"))
    server = _Unread()
    limits = Limits(max_file_size_bytes=None, max_pages=None, page_timeout_s=60, result_ttl_s=60)
    server.capabilities = Capabilities(version="0", engines=(), languages=("eng",), media_types=(), limits=limits)
    try:
        for out in ("-", tmp_path / "out"):
            done = run_ocrdesk("ocr", "-o", out, "--server", server.url, tmp_path / "one.png")
            assert done.returncode == 0, done.stderr
            assert "one.png: no text was found, but 2 areas of it may have text" in done.stderr
    finally:
        server.close()


def test_empty_or_other_input_is_reported(ocr: Ocr) -> None:
    for data in (b"", b"this is no picture"):
        done = ocr.with_input(data, "-")
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr.startswith("ocrdesk: stdin: ")


@posix_only
def test_a_named_pipe_is_a_file(ocr: Ocr, folder: Path) -> None:
    pipe = folder / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=lambda: pipe.write_bytes(text_png("From a pipe")), daemon=True)
    writer.start()
    done = ocr(pipe, folder / "one.png", "-o", folder / "out")
    writer.join(10)
    assert done.returncode == 0, done.stderr
    assert tree_of(folder / "out") == {b"pipe.txt": "From a pipe\n", b"one.png.txt": "First file\n"}


@pytest.fixture
def odd_names(tmp_path: Path) -> Path:
    """A tree whose names are not UTF-8, have new lines or are as long as names can be."""
    if sys.platform != "linux":
        pytest.skip("other systems require names in UTF-8")
    tree = tmp_path / "tree"
    for name in (b"caf\xe9.png", b"two\nlines.png", b"n" * 251 + b".png", b"d\xe9p\xf4t/a.png", b"scan 0001"):
        path = Path(os.fsdecode(os.fsencode(tree) + b"/" + name))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text_png("Any name"))
    return tree


def test_names_of_every_kind_are_read_and_written(ocr: Ocr, odd_names: Path, tmp_path: Path) -> None:
    done = ocr(odd_names, "-o", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    written = tree_of(tmp_path / "out")
    assert set(written.values()) == {"Any name\n"}
    short = {name for name in written if len(name) < 100}
    assert short == {b"caf\xe9.png.txt", b"two\nlines.png.txt", b"d\xe9p\xf4t/a.png.txt", b"scan 0001.txt"}
    (long,) = written.keys() - short
    assert long.startswith(b"n" * 200)
    assert long.endswith(b".txt")
    assert done.stderr.startswith("ocrdesk: 5 files done; 5 pages in ")


def test_names_of_every_kind_are_shown_and_sent(ocr: Ocr, odd_names: Path) -> None:
    done = ocr(odd_names)
    headers = [line for line in done.stdout.splitlines() if line.startswith("==> ")]
    assert len(headers) == 5, "a new line in a name is shown as such"
    assert rf"==> {odd_names}/caf\xe9.png <==" in headers
    assert rf"==> {odd_names}/two\nlines.png <==" in headers
    done = ocr(odd_names, "-f", "json")
    names = {Document.model_validate_json(line).file_name for line in done.stdout.splitlines()}
    assert {"caf\ufffd.png", "two lines.png", "a.png", "scan 0001"} < names


def test_failures_of_names_of_every_kind_are_one_line_each(ocr: Ocr, odd_names: Path) -> None:
    broken = [path for path in odd_names.rglob("*") if path.is_file()]
    for path in broken:
        path.write_bytes(b"rubbish")
    done = ocr(*broken, Path(os.fsdecode(b"g\xf6ne\n.png")))
    assert done.returncode == 1
    *errors, _summary = done.stderr.splitlines()
    assert len(errors) == 6
    assert r"ocrdesk: g\xf6ne\n.png: there is no such file" in errors


def test_a_tree_becomes_a_tree(ocr: Ocr, tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / "tree" / name).mkdir(parents=True)
        (tmp_path / "tree" / name / "page.png").write_bytes(text_png(f"Folder {name}"))
    first = ocr(tmp_path / "tree", "-o", tmp_path / "out")
    expected = {b"one/page.png.txt": "Folder one\n", b"two/page.png.txt": "Folder two\n"}
    assert tree_of(tmp_path / "out") == expected, first.stderr
    refused = ocr(tmp_path / "tree", "-o", tmp_path / "out")
    assert refused.returncode == 2
    assert "2 of 2 results exist" in refused.stderr
    (tmp_path / "out" / "two" / "page.png.txt").unlink()
    rest = ocr(tmp_path / "tree", "-o", tmp_path / "out", "--skip-existing")
    assert (rest.returncode, tree_of(tmp_path / "out")) == (0, expected)
    assert rest.stderr.startswith("ocrdesk: 1 file done, 1 skipped; 1 page in ")


def test_several_files_become_one_searchable_pdf(ocr: Ocr, folder: Path) -> None:
    target = folder / "all.pdf"
    done = ocr(folder / "two.png", folder / "book.pdf", folder / "one.png", "--merge", "-o", target)
    assert done.returncode == 0, done.stderr
    assert done.stderr.startswith("ocrdesk: 3 files done; 4 pages in ")
    pages = [page.strip() for page in text_of(target).split("\f")]
    assert pages[:4] == ["Second file", "Page one", "Page two", "First file"]
    with pikepdf.open(target) as pdf, pdf.open_outline() as outline:
        assert [item.title for item in outline.root] == ["two.png", "book.pdf", "one.png"]


def test_a_failed_file_leaves_no_incomplete_merged_pdf(ocr: Ocr, folder: Path) -> None:
    done = ocr(folder / "one.png", folder / "gone.png", "--merge", "-o", folder / "all.pdf")
    assert done.returncode == 1
    assert "gone.png: there is no such file" in done.stderr
    assert "all.pdf was not written: 1 of 2 files failed" in done.stderr
    assert not (folder / "all.pdf").exists()


def test_a_merged_pdf_can_go_to_stdout(ocr: Ocr, folder: Path) -> None:
    with ocr.start(folder / "one.png", folder / "two.png", "--merge", "-q", "-f", "pdf", "-o", "-") as process:
        assert process.stdout is not None
        (folder / "out.pdf").write_bytes(process.stdout.buffer.read())
    assert text_of(folder / "out.pdf").split() == ["First", "file", "Second", "file"]


def test_a_pdf_is_replaced_by_its_searchable_self_only_on_request(ocr: Ocr, folder: Path) -> None:
    book, before = folder / "book.pdf", (folder / "book.pdf").read_bytes()
    refused = ocr(book, "-o", book)
    assert (refused.returncode, book.read_bytes()) == (2, before)
    part = ocr(book, "--in-place", "--pages", "1")
    assert (part.returncode, book.read_bytes()) == (2, before)
    done = ocr(book, "--in-place")
    assert done.returncode == 0, done.stderr
    assert "Page one" in text_of(book)


def test_quiet_has_no_summary(ocr: Ocr, folder: Path) -> None:
    done = ocr("-q", folder / "one.png", folder / "two.png", "-o", folder / "out")
    assert (done.returncode, done.stderr) == (0, "")


@posix_only
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_leaves_no_half_file_and_no_job(
    ocr: Ocr, backend: Backend, tmp_path: Path, number: signal.Signals
) -> None:
    (tmp_path / "in").mkdir()
    picture = text_png("One of many")
    for count in range(60):
        (tmp_path / "in" / f"{count:02}.png").write_bytes(picture)
    before = set(backend.redis().keys("ocrdesk:job:*"))
    with ocr.start(tmp_path / "in", "-o", tmp_path / "out") as process:
        wait_until((tmp_path / "out" / "01.png.txt").exists, "the second result")
        process.send_signal(number)
        _, errors = process.communicate(timeout=60)
    assert process.returncode == 128 + number
    assert "Traceback" not in errors
    assert errors.splitlines()[-1].startswith("ocrdesk: interrupted: ")
    assert "not done; " in errors
    assert set(tree_of(tmp_path / "out").values()) == {"One of many\n"}
    assert not [path for path in (tmp_path / "out").iterdir() if path.name.startswith(".")]
    assert set(backend.redis().keys("ocrdesk:job:*")) <= before
