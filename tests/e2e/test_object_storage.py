"""Two worker machines, an api and one bucket of a real S3 server: no process that forks uses obstore; nothing is lost."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import psutil
import pytest
from redis import Redis

from ocrdesk.client import Client
from ocrdesk.contract.jobs import ResultFormat
from ocrdesk.contract.states import JobState
from tests.helpers.cloud_servers import CloudServer, cloud_server, missing_server
from tests.helpers.processes import run_valkey, running_api, running_pool, short_folder
from tests.helpers.sample_files import multipage_tiff, scan_pdf
from tests.helpers.wait import wait_until

KEY = "a-key-of-the-test-0123456789"


@dataclass(frozen=True)
class Service:
    """What runs: the S3 server, the api and the two worker pools."""

    server: CloudServer
    bucket: str
    url: str
    env: dict[str, str]
    pools: tuple[psutil.Process, ...]

    def objects(self) -> set[str]:
        """Return the paths of all objects below the prefix."""
        assert self.server.folder is not None
        root = self.server.folder / self.bucket / "some/prefix"
        return {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}

    def client(self) -> Client:
        return Client(self.url, KEY)


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    if reason := missing_server("rclone"):
        pytest.skip(reason)
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(short_folder())
        redis_url = stack.enter_context(run_valkey(folder))
        server = stack.enter_context(cloud_server("rclone", folder))
        bucket = server.new_bucket()
        env = {"REDIS_URL": redis_url, "STORAGE_URL": server.url(bucket), "OCR_TIMEOUT_PER_PAGE": "60", **server.env}
        pools = [stack.enter_context(running_pool(**env)) for _ in range(2)]
        url = stack.enter_context(
            running_api(API_KEY_ENABLED="true", API_KEYS=KEY, DOWNLOAD_URL_S="60", log=folder / "api.log", **env)
        )
        found = tuple(psutil.Process(pool.pid) for pool in pools)
        made = Service(server, bucket, url.removesuffix("/api/v1"), env, found)
        wait_until(lambda: health(made)["workers"] == 2, "both workers")
        yield made


def health(service: Service) -> Any:
    return httpx2.get(f"{service.url}/api/v1/health", timeout=30, trust_env=False).json()


def users_of_obstore(service: Service) -> dict[str, set[int]]:
    """Return the processes of both pools that have loaded obstore, and all others."""
    found: dict[str, set[int]] = {"with": set(), "without": set()}
    for pool in service.pools:
        for process in (pool, *pool.children(recursive=True)):
            with contextlib.suppress(psutil.Error, OSError):
                has_it = "obstore" in Path(f"/proc/{process.pid}/maps").read_text()
                found["with" if has_it else "without"].add(process.pid)
    return found


def test_two_machines_read_files_in_one_bucket_and_leave_nothing(service: Service, tmp_path: Path) -> None:
    with service.client() as client:
        (tmp_path / "scan.pdf").write_bytes(scan_pdf([f"Page number {number}" for number in range(1, 9)]))
        job_id = client.submit(tmp_path / "scan.pdf")
        seen: set[int] = set()
        while not (result := client.result(job_id)).status.is_final:
            seen |= users_of_obstore(service)["with"]
        assert result.text == "\f".join(f"Page number {number}\n" for number in range(1, 9))
        storage_processes = {
            child.pid for pool in service.pools for child in pool.children() if "storage_process" in str(child.cmdline())
        }
        assert len(storage_processes) == 2
        assert seen == storage_processes, "only the storage processes may load obstore, because all others fork"
        assert users_of_obstore(service)["without"] >= {pool.pid for pool in service.pools}
        pdf = client.export(job_id, ResultFormat.PDF)
        assert pdf.startswith(b"%PDF")
        assert any(path.startswith(f"{job_id}/export-") for path in service.objects())
        client.delete(job_id)
        wait_until(lambda: service.objects() == {".storage-id"}, "the end of all files")
