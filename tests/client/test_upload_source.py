"""What can be uploaded: paths, bytes, file objects and pipes."""

from __future__ import annotations

import io
import os
import sys
import threading
from pathlib import Path

import pytest

from ocrdesk.client import Client
from tests.helpers.sample_files import text_png

PICTURE = text_png("Hello world")


def test_a_file_may_be_a_path_bytes_or_a_file_object(client: Client, tmp_path: Path) -> None:
    path = tmp_path / "hello.png"
    path.write_bytes(PICTURE)
    stream = io.BytesIO(PICTURE)
    stream.seek(100)
    with path.open("rb") as opened:
        jobs = [
            client.submit(path),
            client.submit(str(path)),
            client.submit(PICTURE, name="hello.png"),
            client.submit(opened),
            client.submit(stream, name="hello.png"),
        ]
    assert [client.wait(job_id).text for job_id in jobs] == ["Hello world\n"] * 5
    assert {client.job(job_id).file_name for job_id in jobs} == {"hello.png"}


def test_a_pipe_is_sent_whole(client: Client) -> None:
    reading, writing = os.pipe()

    def write() -> None:
        with os.fdopen(writing, "wb") as sink:
            sink.write(PICTURE)

    thread = threading.Thread(target=write, daemon=True)
    thread.start()
    with os.fdopen(reading, "rb") as source:
        job_id = client.submit(source, name="piped.png")
    thread.join(10)
    assert client.wait(job_id).text == "Hello world\n"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has no named pipes")
def test_a_path_may_be_a_named_pipe(client: Client, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    thread = threading.Thread(target=lambda: pipe.write_bytes(PICTURE), daemon=True)
    thread.start()
    assert client.wait(client.submit(pipe)).text == "Hello world\n"
    thread.join(10)


def test_a_folder_is_an_os_error(client: Client, tmp_path: Path) -> None:
    with pytest.raises((IsADirectoryError, PermissionError)):
        client.submit(tmp_path)


@pytest.mark.parametrize(
    ("raw", "sent"),
    [
        (b"caf\xe9.png", "caf\ufffd.png"),
        (b"two\nlines\r\t.png", "two lines .png"),
        (b"\x01\x02", "file"),
        (b'6" pipe.png', '6" pipe.png'),
        ("Ünï 文書.png".encode(), "Ünï 文書.png"),
    ],
)
def test_a_name_of_any_bytes_is_sent_as_text(client: Client, raw: bytes, sent: str) -> None:
    assert client.job(client.submit(PICTURE, name=os.fsdecode(raw))).file_name == sent


@pytest.mark.skipif(sys.platform != "linux", reason="other systems require names in UTF-8")
def test_a_file_with_a_name_of_any_bytes_is_sent(client: Client, tmp_path: Path) -> None:
    raw = os.fsencode(tmp_path) + b"/caf\xe9.png"
    Path(os.fsdecode(raw)).write_bytes(PICTURE)
    with open(raw, "rb") as opened:  # noqa: PTH123  # its name is bytes
        jobs = [client.submit(Path(os.fsdecode(raw))), client.submit(opened)]
    assert [client.wait(job_id).text for job_id in jobs] == ["Hello world\n"] * 2
    assert {client.job(job_id).file_name for job_id in jobs} == {"caf\ufffd.png"}


def test_bytes_without_a_name_and_text_files_are_refused_here(client: Client, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="need a name"):
        client.submit(PICTURE)
    with pytest.raises(ValueError, match="need a name"):
        client.submit(io.BytesIO(PICTURE))
    (tmp_path / "a.txt").write_text("text")
    with (tmp_path / "a.txt").open() as text, pytest.raises(ValueError, match="binary mode"):
        client.submit(text)  # type: ignore[arg-type]
