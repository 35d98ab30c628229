"""What can be uploaded: paths, bytes, file objects and pipes."""

from __future__ import annotations

import io
import os
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


def test_bytes_without_a_name_and_text_files_are_refused_here(client: Client, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="need a name"):
        client.submit(PICTURE)
    with pytest.raises(ValueError, match="need a name"):
        client.submit(io.BytesIO(PICTURE))
    (tmp_path / "a.txt").write_text("text")
    with (tmp_path / "a.txt").open() as text, pytest.raises(ValueError, match="binary mode"):
        client.submit(text)  # type: ignore[arg-type]
