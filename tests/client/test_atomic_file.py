"""Files are saved completely or not at all."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from ocrdesk.client import (
    Client,
    ServerUnavailableError,
    atomic_file,
)
from ocrdesk.client.atomic_file import atomic_write
from ocrdesk.contract.states import JobState
from tests.helpers.faulty_proxy import Cut, Relay
from tests.helpers.sample_files import scan_pdf


@pytest.fixture
def finished(client: Client) -> str:
    job_id = client.submit(scan_pdf(["Hello world", "Second page"]), name="scan.pdf")
    assert client.wait(job_id).status is JobState.FINISHED
    return job_id


def test_an_interrupted_file_is_fetched_again_and_saved_completely(
    client: Client, relay: Relay, relayed: Client, finished: str, tmp_path: Path
) -> None:
    path = tmp_path / "result.json"
    relay.failures = [Cut.HALFWAY, Cut.AFTER]
    relayed.save(finished, "json", path)
    assert path.read_bytes() == client.export(finished, "json")
    assert len(relay.seen) == 3
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("before", [None, b"what was there"])
def test_an_incomplete_download_leaves_the_existing_file(
    relay: Relay, relayed: Client, finished: str, tmp_path: Path, before: bytes | None
) -> None:
    path = tmp_path / "result.json"
    if before is not None:
        path.write_bytes(before)
    relay.always = Cut.HALFWAY
    with pytest.raises(ServerUnavailableError):
        relayed.with_retry_policy(5).save(finished, "json", path)
    assert len(relay.seen) > 1
    assert [entry.read_bytes() for entry in tmp_path.iterdir()] == ([] if before is None else [before])


def test_saving_replaces_a_file_and_keeps_its_permissions_and_links(
    client: Client, finished: str, tmp_path: Path
) -> None:
    path, link = tmp_path / "result.txt", tmp_path / "link.txt"
    path.write_bytes(b"old")
    path.chmod(0o640)
    link.symlink_to(path)
    client.save(finished, "text", link)
    assert path.read_text().startswith("Hello world")
    assert path.stat().st_mode & 0o777 == 0o640
    assert link.is_symlink()


def test_a_name_may_be_as_long_as_the_file_system_allows(client: Client, finished: str, tmp_path: Path) -> None:
    for name in ("n" * 251 + ".txt", "ü" * 125 + ".txt"):
        client.save(finished, "text", tmp_path / name)
        assert [path.name for path in tmp_path.iterdir()] == [name]
        (tmp_path / name).unlink()


_WRITER = """
import pathlib, sys
from ocrdesk.client.atomic_file import atomic_write
with atomic_write(pathlib.Path(sys.argv[1])) as file:
    file.write(b"half")
    file.flush()
    print(flush=True)
    sys.stdin.read()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has files without names")
def test_a_program_that_is_killed_leaves_no_half_file(tmp_path: Path) -> None:
    path = tmp_path / "result.txt"
    path.write_bytes(b"before")
    command = [sys.executable, "-c", _WRITER, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as writer:
        assert writer.stdout is not None
        writer.stdout.readline()
        writer.kill()
    assert [(entry.name, entry.read_bytes()) for entry in tmp_path.iterdir()] == [("result.txt", b"before")]


def test_where_files_need_a_name_none_is_left_either(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(atomic_file, "_unnamed", lambda _: None)
    path = tmp_path / "result.txt"
    with pytest.raises(ZeroDivisionError), atomic_write(path) as file:
        file.write(b"%d" % (1 // 0))
    assert list(tmp_path.iterdir()) == []
    with atomic_write(path) as file:
        file.write(b"whole")
    assert [(entry.name, entry.read_bytes()) for entry in tmp_path.iterdir()] == [("result.txt", b"whole")]


def test_a_file_that_cannot_be_written_is_an_os_error(client: Client, finished: str, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        client.save(finished, "text", tmp_path / "nowhere" / "result.txt")
