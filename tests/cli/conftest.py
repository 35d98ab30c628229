"""`ocrdesk ocr` on the shared server, and files for it."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.helpers.processes import OCRDESK, Backend, clean_env, run_ocrdesk
from tests.helpers.sample_files import encrypted_pdf, scan_pdf, text_png


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two images, a PDF of two pages, and one with a password."""
    (tmp_path / "one.png").write_bytes(text_png("First file"))
    (tmp_path / "two.png").write_bytes(text_png("Second file"))
    (tmp_path / "book.pdf").write_bytes(scan_pdf(["Page one", "Page two"]))
    (tmp_path / "secret.pdf").write_bytes(encrypted_pdf(["Secret"]))
    return tmp_path


class Ocr:
    """`ocrdesk ocr` on the shared server."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    def __call__(self, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        done = run_ocrdesk("ocr", "--data-dir", self._backend.data_dir, *arguments)
        assert "Traceback" not in done.stderr, done.stderr
        return done

    def with_input(self, data: bytes, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        """Run it with standard input from a pipe."""
        command = [*OCRDESK, "ocr", "--data-dir", str(self._backend.data_dir), *map(str, arguments)]
        done = subprocess.run(command, env=clean_env(), input=data, capture_output=True, timeout=120, check=False)
        return subprocess.CompletedProcess(command, done.returncode, done.stdout.decode(), done.stderr.decode())

    def start(self, *arguments: str | Path) -> subprocess.Popen[str]:
        """Start it in a process of its own."""
        command = [*OCRDESK, "ocr", "--data-dir", str(self._backend.data_dir), *map(str, arguments)]
        return subprocess.Popen(command, env=clean_env(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.fixture
def ocr(backend: Backend) -> Ocr:
    return Ocr(backend)
