"""Files are saved completely or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from ocrdesk.client import (
    Client,
    ServerUnavailableError,
)
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


def test_a_file_that_cannot_be_written_is_an_os_error(client: Client, finished: str, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        client.save(finished, "text", tmp_path / "nowhere" / "result.txt")
