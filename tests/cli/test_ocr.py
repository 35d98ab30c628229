"""`ocrdesk ocr`: files, folders, languages, servers and exit codes."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from ocrdesk.contract.document import Document
from tests.cli.conftest import Ocr
from tests.helpers.processes import Backend, run_ocrdesk
from tests.helpers.sample_pdfs import PROSE, pdf_with_header_and_footer


def test_one_file_is_its_text_and_nothing_else(ocr: Ocr, folder: Path) -> None:
    done = ocr(folder / "one.png")
    assert (done.returncode, done.stdout, done.stderr) == (0, "First file\n", "")


def test_pages_are_parted_by_form_feeds(ocr: Ocr, folder: Path) -> None:
    assert ocr(folder / "book.pdf").stdout == "Page one\n\fPage two\n"


def test_headers_and_footers_can_be_omitted(ocr: Ocr, folder: Path) -> None:
    (folder / "report.pdf").write_bytes(pdf_with_header_and_footer())
    assert ocr(folder / "report.pdf").stdout.startswith("The Old Bridge\n\n")
    body = " ".join(PROSE * 4) + "\n"
    assert ocr("--omit-headers-footers", "--join-lines", folder / "report.pdf").stdout == body
    assert ocr("--omit-headers-footers", "-f", "md", folder / "report.pdf").stdout == body


def test_the_old_option_for_headers_and_footers_still_works_and_says_its_new_name(ocr: Ocr, folder: Path) -> None:
    (folder / "report.pdf").write_bytes(pdf_with_header_and_footer())
    done = ocr("--without-furniture", "--join-lines", folder / "report.pdf")
    assert done.returncode == 0
    assert "Old Bridge" not in done.stdout
    assert done.stderr == (
        "ocrdesk: --without-furniture is deprecated and will be removed. Use --omit-headers-footers.\n"
    )


def test_the_old_option_is_not_in_the_help() -> None:
    assert "furniture" not in run_ocrdesk("ocr", "--help").stdout


def test_languages_can_be_detected(ocr: Ocr, folder: Path) -> None:
    done = ocr("-l", "auto", "-f", "json", folder / "one.png")
    assert done.returncode == 0
    assert Document.model_validate_json(done.stdout).pages[0].languages == ("eng",)
    wrong = ocr("-l", "auto+deu", folder / "one.png")
    assert wrong.returncode == 2
    assert "cannot be combined" in wrong.stderr


def test_an_unknown_language_names_what_there_is_and_the_package(ocr: Ocr, folder: Path) -> None:
    done = ocr("-l", "tlh", folder / "one.png")
    assert done.returncode == 1
    assert "The language tlh is not installed" in done.stderr
    assert "eng" in done.stderr
    assert "apt-get install tesseract-ocr-tlh" in done.stderr


def test_a_server_can_be_named(backend: Backend, folder: Path) -> None:
    with_scheme = run_ocrdesk("ocr", "--server", backend.url, "--api-key", backend.token, folder / "one.png")
    without = run_ocrdesk("ocr", folder / "one.png", OCRDESK_SERVER=backend.url.removeprefix("http://"))
    assert (with_scheme.returncode, with_scheme.stdout) == (0, "First file\n")
    assert (without.returncode, without.stdout) == (0, "First file\n")


@pytest.mark.parametrize("server", ["http://127.0.0.1:9", "127.0.0.1:9", "http://nowhere.invalid", "http://"])
def test_no_server_is_exit_code_3(folder: Path, server: str) -> None:
    done = run_ocrdesk("ocr", "--server", server, folder / "one.png")
    assert done.returncode == 3
    assert "Traceback" not in done.stderr
    assert len(done.stderr.splitlines()) == 1


class _Stranger(BaseHTTPRequestHandler):
    """A web server that is not ocrdesk."""

    status = 200

    def do_GET(self) -> None:  # the name that http.server calls
        self.send_response(self.status)
        self.end_headers()
        self.wfile.write(b"<html>Welcome</html>")

    def log_message(self, *args: object) -> None:
        """Log nothing."""


@pytest.fixture(params=[200, 404, 500])
def stranger(request: pytest.FixtureRequest) -> Iterator[str]:
    handler = type("Stranger", (_Stranger,), {"status": request.param})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def test_a_server_that_is_not_ocrdesk_is_exit_code_3_and_a_message(stranger: str, folder: Path) -> None:
    done = run_ocrdesk("ocr", "--server", stranger, folder / "one.png")
    assert "Traceback" not in done.stderr, done.stderr
    assert done.returncode == 3
    assert done.stderr.startswith("ocrdesk: ")
