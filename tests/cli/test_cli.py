"""The command line as people and scripts call it: what it writes where, and how it ends."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from ocrdesk import __version__
from ocrdesk.cli.app import app
from ocrdesk.client import Client, ServerBusyError
from ocrdesk.contract.document import Document
from ocrdesk.contract.errors import ErrorCode
from ocrdesk.local.diagnostics import doctor
from tests.helpers.processes import OCRDESK, Backend, clean_env, run_ocrdesk
from tests.helpers.sample_files import encrypted_pdf, scan_pdf, text_png
from tests.helpers.sample_pdfs import PROSE, pdf_with_header_and_footer


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two pictures, a PDF of two pages, and one that has a password."""
    (tmp_path / "one.png").write_bytes(text_png("First file"))
    (tmp_path / "two.png").write_bytes(text_png("Second file"))
    (tmp_path / "book.pdf").write_bytes(scan_pdf(["Page one", "Page two"]))
    (tmp_path / "secret.pdf").write_bytes(encrypted_pdf(["Secret"]))
    return tmp_path


class Ocr:
    """`ocrdesk ocr` on the shared backend."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    def __call__(self, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        done = run_ocrdesk("ocr", "--data-dir", self._backend.data_dir, *arguments)
        assert "Traceback" not in done.stderr, done.stderr
        return done


@pytest.fixture
def ocr(backend: Backend) -> Ocr:
    return Ocr(backend)


# ── results ──────────────────────────────────────────────────────────────────────────────────────


def test_one_file_is_its_text_and_nothing_else(ocr: Ocr, folder: Path) -> None:
    done = ocr(folder / "one.png")
    assert (done.returncode, done.stdout, done.stderr) == (0, "First file\n", "")


def test_pages_are_parted_by_form_feeds(ocr: Ocr, folder: Path) -> None:
    assert ocr(folder / "book.pdf").stdout == "Page one\n\fPage two\n"


def test_furniture_can_be_left_out(ocr: Ocr, folder: Path) -> None:
    (folder / "furnished.pdf").write_bytes(pdf_with_header_and_footer())
    assert ocr(folder / "furnished.pdf").stdout.startswith("The Old Bridge\n\n")
    body = " ".join(PROSE * 4) + "\n"
    assert ocr("--without-furniture", "--join-lines", folder / "furnished.pdf").stdout == body
    assert ocr("--without-furniture", "-f", "md", folder / "furnished.pdf").stdout == body


def test_several_files_come_in_the_order_given_under_their_names(ocr: Ocr, folder: Path) -> None:
    done = ocr(folder / "two.png", folder / "book.pdf", folder / "one.png")
    assert done.returncode == 0
    assert [line for line in done.stdout.splitlines() if line] == [
        f"==> {folder / 'two.png'} <==",
        "Second file",
        f"==> {folder / 'book.pdf'} <==",
        "Page one",
        "Page two",
        f"==> {folder / 'one.png'} <==",
        "First file",
    ]


def test_a_missing_or_bad_file_is_named_and_the_others_go_on(ocr: Ocr, folder: Path) -> None:
    (folder / "notes.txt").write_text("no picture")
    done = ocr(folder / "gone.png", folder / "one.png", folder / "secret.pdf", folder / "notes.txt", folder / "two.png")
    assert done.returncode == 1
    assert "First file" in done.stdout
    assert "Second file" in done.stdout
    complaints = done.stderr.splitlines()
    assert complaints[0] == f"ocrdesk: {folder / 'gone.png'}: there is no such file"
    assert complaints[1].startswith(f"ocrdesk: {folder / 'secret.pdf'}: This PDF is protected with a password.")
    assert complaints[2].startswith(f"ocrdesk: {folder / 'notes.txt'}: notes.txt is not a supported file.")
    assert len(complaints) == 3


def test_a_folder_is_the_files_in_it(ocr: Ocr, folder: Path) -> None:
    below = folder / "below" / "deeper"
    below.mkdir(parents=True)
    (below / "three.PNG").write_bytes(text_png("Third file"))
    (below / "notes.txt").write_text("not read")
    done = ocr(folder / "below")
    assert (done.returncode, done.stdout) == (0, "Third file\n")


def test_an_empty_folder_is_said(ocr: Ocr, tmp_path: Path) -> None:
    done = ocr(tmp_path)
    assert done.returncode == 1
    assert str(tmp_path) in done.stderr


def test_a_file_that_cannot_be_read_is_named(ocr: Ocr, folder: Path) -> None:
    (folder / "loop.png").symlink_to("loop.png")
    done = ocr(folder / "loop.png", folder / "one.png")
    assert done.returncode == 1
    assert "loop.png: it cannot be read" in done.stderr
    assert "First file" in done.stdout


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read anything")
def test_a_file_that_is_not_ours_to_read_is_named_and_the_others_go_on(ocr: Ocr, folder: Path) -> None:
    (folder / "two.png").chmod(0)
    done = ocr(folder / "two.png", folder / "one.png")
    assert done.returncode == 1
    assert "two.png: it cannot be read: Permission denied" in done.stderr
    assert "First file" in done.stdout


@pytest.mark.skipif(os.geteuid() == 0, reason="root may look anywhere")
def test_a_folder_that_may_not_be_looked_into_says_so(ocr: Ocr, folder: Path) -> None:
    (folder / "locked").mkdir(mode=0)
    done = ocr(folder / "locked", folder / "one.png")
    assert done.returncode == 1
    assert "locked: it cannot be read: Permission denied" in done.stderr
    assert "First file" in done.stdout


def test_a_file_that_finds_no_room_on_the_server_is_named_and_smaller_ones_go_on(
    backend: Backend, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    submit = Client.submit

    def full(client: Client, source: Path, *rest: Any) -> str:
        if source.name == "book.pdf":
            raise ServerBusyError("The server has no room for more files.", code=ErrorCode.STORAGE_FULL)
        return submit(client, source, *rest)

    monkeypatch.setenv("OCRDESK_DATA_DIR", str(backend.data_dir))
    monkeypatch.setattr(Client, "submit", full)
    done = CliRunner().invoke(app, ["ocr", *(str(folder / name) for name in ("one.png", "book.pdf", "two.png"))])
    assert done.exit_code == 1
    assert "book.pdf: The server has no room" in done.stderr
    assert "First file" in done.stdout
    assert "Second file" in done.stdout


def test_files_are_tried_and_not_judged_by_their_permissions(
    backend: Backend, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OCRDESK_DATA_DIR", str(backend.data_dir))
    monkeypatch.setattr(os, "access", lambda *_, **__: False)
    done = CliRunner().invoke(app, ["ocr", str(folder / "one.png")])
    assert (done.exit_code, done.stdout) == (0, "First file\n")


@pytest.mark.parametrize("names", [["one.png"], ["one.png", "book.pdf"]])
def test_json_is_one_document_a_line_for_each_file(ocr: Ocr, folder: Path, names: list[str]) -> None:
    done = ocr("-f", "json", *[folder / name for name in names])
    documents = [Document.model_validate_json(line) for line in done.stdout.splitlines()]
    assert [document.file_name for document in documents] == names
    assert json.loads(done.stdout.splitlines()[0])["pages"][0]["status"] == "finished"


def test_a_result_can_go_into_a_file(ocr: Ocr, folder: Path) -> None:
    done = ocr(folder / "one.png", "-o", folder / "out.txt")
    assert (done.returncode, done.stdout) == (0, "")
    assert (folder / "out.txt").read_text() == "First file\n"


def test_many_results_go_into_a_folder_that_is_made(ocr: Ocr, folder: Path) -> None:
    done = ocr(folder / "one.png", folder / "two.png", "-o", folder / "out" / "texts")
    assert done.returncode == 0
    assert {path.name: path.read_text() for path in (folder / "out" / "texts").iterdir()} == {
        "one.png.txt": "First file\n",
        "two.png.txt": "Second file\n",
    }


def test_files_of_one_name_do_not_overwrite_each_other(ocr: Ocr, folder: Path) -> None:
    (folder / "other").mkdir()
    (folder / "other" / "one.png").write_bytes(text_png("Other file"))
    ocr(folder / "one.png", folder / "other" / "one.png", "-o", folder / "out")
    assert sorted(path.read_text() for path in (folder / "out").iterdir()) == ["First file\n", "Other file\n"]


@pytest.mark.parametrize("out", ["missing/out.txt", "one.png/out.txt"])
def test_an_output_that_cannot_be_written_is_said(ocr: Ocr, folder: Path, out: str) -> None:
    done = ocr(folder / "one.png", "-o", folder / out)
    assert done.returncode in (1, 2)
    assert "out.txt" in done.stderr


def test_a_folder_that_cannot_be_made_is_said(ocr: Ocr, folder: Path) -> None:
    done = ocr(folder / "one.png", folder / "two.png", "-o", folder / "book.pdf")
    assert done.returncode in (1, 2)
    assert "book.pdf" in done.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="a folder that even root cannot write in")
def test_a_folder_that_cannot_be_written_in_is_said_before_anything_is_read(ocr: Ocr, folder: Path) -> None:
    done = ocr(folder / "one.png", folder / "two.png", "-o", "/proc")
    assert done.returncode == 2
    assert "the output /proc cannot be written" in done.stderr


def test_a_result_that_cannot_be_written_is_named_and_the_others_go_on(ocr: Ocr, folder: Path) -> None:
    long_name = folder / f"{'x' * 250}.png"  # fits, and with .txt does not
    long_name.write_bytes(text_png("Long name"))
    done = ocr(long_name, folder / "one.png", "-o", folder / "out")
    assert done.returncode == 1
    assert f"{long_name}: its result cannot be written" in done.stderr
    assert [path.name for path in (folder / "out").iterdir()] == ["one.png.txt"]


def test_a_reader_that_goes_away_is_no_fault(backend: Backend, folder: Path) -> None:
    with subprocess.Popen(
        [*OCRDESK, "ocr", "--data-dir", str(backend.data_dir), str(folder / "one.png"), str(folder / "two.png")],
        env=clean_env(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.wait(60) in (1, -13)
        assert process.stderr is not None
        assert "Traceback" not in process.stderr.read()


def test_nothing_of_a_finished_call_stays_on_the_server(ocr: Ocr, backend: Backend, folder: Path) -> None:
    before = set(backend.redis().keys("ocrdesk:job:*"))
    ocr(folder / "one.png", folder / "secret.pdf", folder / "book.pdf")
    assert set(backend.redis().keys("ocrdesk:job:*")) <= before


# ── wrong calls ──────────────────────────────────────────────────────────────────────────────────


def test_languages_can_be_left_to_be_found(ocr: Ocr, folder: Path) -> None:
    done = ocr("-l", "auto", "-f", "json", folder / "one.png")
    assert done.returncode == 0
    assert Document.model_validate_json(done.stdout).pages[0].languages == ("eng",)
    wrong = ocr("-l", "auto+deu", folder / "one.png")
    assert wrong.returncode == 2
    assert "stands alone" in wrong.stderr


def test_an_unknown_language_names_what_there_is_and_the_package(ocr: Ocr, folder: Path) -> None:
    done = ocr("-l", "tlh", folder / "one.png")
    assert done.returncode == 1
    assert "The language tlh is not installed" in done.stderr
    assert "eng" in done.stderr
    assert "apt-get install tesseract-ocr-tlh" in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["ocr"],
        ["ocr", "-f", "papyrus", "x.png"],
        ["ocr", "--engine", "abacus", "x.png"],
        ["ocr", "--mode", "guess", "x.png"],
        ["ocr", "-l", "", "x.png"],
        ["ocr", "-l", "++", "x.png"],
        ["ocr", "--nonsense", "x.png"],
        ["ocr", "-f", "json", "--without-furniture", "x.png"],
        ["serve", "--port", "99999"],
        ["serve", "--workers", "-1"],
        ["no-such-command"],
    ],
    ids=" ".join,
)
def test_a_wrong_call_is_a_usage_error(arguments: list[str]) -> None:
    done = run_ocrdesk(*arguments)
    assert done.returncode == 2
    assert done.stderr
    assert "Traceback" not in done.stderr


# ── servers ──────────────────────────────────────────────────────────────────────────────────────


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
    """A web server that is no ocrdesk."""

    status = 200

    def do_GET(self) -> None:  # http.server calls it
        self.send_response(self.status)
        self.end_headers()
        self.wfile.write(b"<html>Welcome</html>")

    def log_message(self, *args: object) -> None:
        """Says nothing."""


@pytest.fixture(params=[200, 404, 500])
def stranger(request: pytest.FixtureRequest) -> Iterator[str]:
    handler = type("Stranger", (_Stranger,), {"status": request.param})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def test_a_server_that_is_no_ocrdesk_is_exit_code_3_and_a_sentence(stranger: str, folder: Path) -> None:
    done = run_ocrdesk("ocr", "--server", stranger, folder / "one.png")
    assert "Traceback" not in done.stderr, done.stderr
    assert done.returncode == 3
    assert done.stderr.startswith("ocrdesk: ")


# ── about itself ─────────────────────────────────────────────────────────────────────────────────


def test_the_version_is_told() -> None:
    done = run_ocrdesk("--version")
    assert (done.returncode, done.stdout) == (0, f"ocrdesk {__version__}\n")


@pytest.mark.parametrize("arguments", [["--help"], ["-h"], ["ocr", "-h"], ["serve", "--help"], ["api", "--help"]])
def test_help_is_told(arguments: list[str]) -> None:
    done = run_ocrdesk(*arguments)
    assert done.returncode == 0
    assert "usage" in done.stdout.lower()


def test_doctor_names_every_part(tmp_path: Path) -> None:
    done = run_ocrdesk("doctor", OCRDESK_DATA_DIR=str(tmp_path / "data"))
    assert done.returncode == 0, done.stdout
    for part in ("ocrdesk", "Python", "fastapi", "Valkey", "engine tesseract", "languages", "PDFium", "data folder"):
        assert part in done.stdout
    assert "eng" in done.stdout
    assert "not running" in done.stdout


def test_the_doctor_names_the_languages_and_how_to_get_more() -> None:
    lines = [line for line in run_ocrdesk("doctor").stdout.splitlines() if " languages " in line]
    assert "eng (English)" in lines[0]
    assert "ocrdesk languages add NAME" in lines[0]


@pytest.mark.parametrize("package", ["typer", "pydantic"])
def test_an_installation_without_what_it_starts_with_says_what_mends_it(package: str) -> None:
    code = f"import sys; sys.modules[{package!r}] = None; from ocrdesk.__main__ import main; main()"
    done = subprocess.run([sys.executable, "-c", code, "doctor"], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.endswith(f"pip install --force-reinstall --no-deps {package}\n")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("package", ["httpx", "rq", "pypdfium2"])
def test_doctor_sees_that_a_packages_files_are_gone(monkeypatch: pytest.MonkeyPatch, package: str) -> None:
    find_spec = doctor.find_spec
    monkeypatch.setattr(doctor, "find_spec", lambda name: None if name == package else find_spec(name))
    (finding,) = [found for found in doctor.examine() if f"--no-deps {package}" in found.remedy and not found.found]
    assert finding.is_broken


def test_doctor_sees_a_running_backend(backend: Backend) -> None:
    done = run_ocrdesk("doctor", OCRDESK_DATA_DIR=str(backend.data_dir))
    assert backend.url in done.stdout


def test_doctor_names_what_mends_a_data_folder_that_cannot_be_used(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = run_ocrdesk("doctor", OCRDESK_DATA_DIR=str(tmp_path / "file"))
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert str(tmp_path / "file") in done.stdout


@pytest.mark.parametrize("command", ["api", "worker"])
@pytest.mark.parametrize(
    ("name", "value"), [("MAX_PDF_PAGES", "many"), ("STORAGE_URL", "s3://bucket"), ("REDIS_URL", "localhost:6379")]
)
def test_a_setting_that_cannot_be_used_is_named_and_ends_the_part(command: str, name: str, value: str) -> None:
    done = run_ocrdesk(command, timeout_s=30, **({"REDIS_URL": "redis://127.0.0.1:9/0"} | {name: value}))
    assert done.returncode == 2, done.stderr
    assert name in done.stderr
    assert "Traceback" not in done.stderr
