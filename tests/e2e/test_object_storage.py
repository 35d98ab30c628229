"""Two worker machines, an api and one bucket of a real S3 server: no process that forks uses obstore."""

from __future__ import annotations

import contextlib
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import pytest

from ocrdesk.client import Client
from ocrdesk.contract.jobs import ResultFormat
from ocrdesk.contract.states import JobState
from tests.helpers import plain_http
from tests.helpers.cloud_servers import CloudServer, cloud_server, missing_server
from tests.helpers.processes import clean_env, run_valkey, running_api, running_pool, short_folder
from tests.helpers.sample_files import multipage_tiff, scan_pdf, text_png
from tests.helpers.wait import wait_until

KEY = "a-key-of-the-test-0123456789"


@dataclass(frozen=True)
class Service:
    """What runs: the server of objects, the api and the worker pools."""

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


@contextlib.contextmanager
def running_service(kind: str, pools: int) -> Iterator[Service]:
    if reason := missing_server(kind):
        pytest.skip(reason)
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(short_folder())
        redis_url = stack.enter_context(run_valkey(folder))
        server = stack.enter_context(cloud_server(kind, folder))
        bucket = server.new_bucket()
        env = {"REDIS_URL": redis_url, "STORAGE_URL": server.url(bucket), "OCR_TIMEOUT_PER_PAGE": "60", **server.env}
        started = [stack.enter_context(running_pool(**env)) for _ in range(pools)]
        url = stack.enter_context(
            running_api(API_KEY_ENABLED="true", API_KEYS=KEY, DOWNLOAD_URL_S="60", log=folder / "api.log", **env)
        )
        found = tuple(psutil.Process(pool.pid) for pool in started)
        made = Service(server, bucket, url.removesuffix("/api/v1"), env, found)
        wait_until(lambda: health(made)["workers"] == pools, "all workers")
        yield made


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    with running_service("rclone", pools=2) as running:
        yield running


def health(service: Service) -> Any:
    return plain_http.get(f"{service.url}/api/v1/health", timeout=30, trust_env=False).json()


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
        children = [child for pool in service.pools for child in pool.children()]
        storage_processes = {child.pid for child in children if "storage_process" in str(child.cmdline())}
        assert len(storage_processes) == 2
        assert seen == storage_processes, "only the storage processes may load obstore, because all others fork"
        assert users_of_obstore(service)["without"] >= {pool.pid for pool in service.pools}
        pdf = client.export(job_id, ResultFormat.PDF)
        assert pdf.startswith(b"%PDF")
        assert any(path.startswith(f"jobs/{job_id}/export-") for path in service.objects())
        client.delete(job_id)
        wait_until(lambda: service.objects() == {".storage-id"}, "the end of all files")


def test_google_storage_keeps_a_jobs_files_and_loses_them_with_the_job(tmp_path: Path) -> None:
    """The upload is above 8 MB, so that it goes in parts."""
    with running_service("gcs", pools=1) as service, service.client() as client:
        scan = multipage_tiff([f"Page number {number}" for number in (1, 2)]) + bytes(9_000_000)
        (tmp_path / "scan.tif").write_bytes(scan)
        job_id = client.submit(tmp_path / "scan.tif")
        assert client.wait(job_id).text == "Page number 1\n\fPage number 2\n"
        assert client.export(job_id, ResultFormat.PDF).startswith(b"%PDF")
        assert service.server.folder is not None
        kept = service.server.folder / service.bucket / "some/prefix/jobs" / job_id
        assert (kept / "upload").read_bytes() == scan
        assert list(kept.glob("export-*"))
        client.delete(job_id)
        wait_until(lambda: service.objects() == {".storage-id"}, "the end of all files")


def test_a_download_goes_to_the_bucket_without_the_key(service: Service, tmp_path: Path) -> None:
    (tmp_path / "Größe 1.pdf").write_bytes(scan_pdf(["One page"]))
    with service.client() as client:
        job_id = client.submit(tmp_path / "Größe 1.pdf")
        client.wait(job_id)
        own_header = client.export(job_id, ResultFormat.PDF)
    path, query = f"{service.url}/api/v1/ocr/jobs/{job_id}/file", {"format": "pdf"}
    with plain_http.Client(trust_env=False, timeout=30) as http:
        kept = http.get(path, params=query, headers={"X-API-Key": KEY})
        assert (kept.status_code, kept.content) == (200, own_header), "a program would send this header on"
        answer = http.get(path, params=query, headers={"Authorization": f"Bearer {KEY}"})
        assert answer.status_code == 307
        assert "no-store" in answer.headers["cache-control"]
        address = answer.headers["location"]
        assert address.startswith(service.server.endpoint)
        assert KEY not in address
        assert "X-Amz-Expires=60" in address
        assert http.get(address).content == own_header
        assert http.get(address.replace("X-Amz-Signature=", "X-Amz-Signature=0")).status_code == 403
        octets = {"Authorization": f"Bearer {KEY}", "Accept": "application/octet-stream"}
        assert http.get(path, params=query, headers=octets).status_code == 200


def test_curl_and_our_client_follow_to_the_bucket(service: Service, tmp_path: Path) -> None:
    """At an open server nobody sends a key, so all are redirected."""
    (tmp_path / "scan.png").write_bytes(text_png("Followed"))
    with running_api(DOWNLOAD_URL_S="60", **service.env) as url, Client(url.removesuffix("/api/v1")) as client:
        job_id = client.submit(tmp_path / "scan.png")
        client.wait(job_id)
        client.save(job_id, ResultFormat.DOCX, tmp_path / "saved.docx")
        docx = client.export(job_id, ResultFormat.DOCX)
        assert docx[:2] == b"PK"
        assert (tmp_path / "saved.docx").read_bytes() == docx
        address = f"{url}/ocr/jobs/{job_id}/file?format=docx"
        assert plain_http.get(address, trust_env=False).status_code == 307
        command = ["curl", "-sSL", "-o", str(tmp_path / "by-curl"), address]
        subprocess.run(command, check=True, timeout=60, env=clean_env(no_proxy="*"))
        assert (tmp_path / "by-curl").read_bytes() == docx
        client.delete(job_id)


def begun_book(client: Client, folder: Path, *, pages: int, read: int) -> str:
    """Submit a file of that many pages; return its job's id when at least `read` pages are done."""
    (folder / "book.tif").write_bytes(multipage_tiff([f"Page {number}" for number in range(1, pages + 1)]))
    job_id = client.submit(folder / "book.tif")
    wait_until(lambda: client.job(job_id).pages_done >= read, "the first pages")
    return job_id


def test_nothing_is_lost_while_the_bucket_is_away(service: Service, tmp_path: Path) -> None:
    with service.client() as client:
        job_id = begun_book(client, tmp_path, pages=18, read=3)
        service.server.stop()
        assert not client.job(job_id).status.is_final
        answer = plain_http.post(
            f"{service.url}/api/v1/ocr/submit",
            files={"file": ("a.png", text_png("Refused"))},
            headers={"X-API-Key": KEY},
            timeout=60,
            trust_env=False,
        )
        assert (answer.status_code, answer.json()["code"]) == (503, "storage_unavailable")
        assert int(answer.headers["retry-after"]) > 0
        wait_until(lambda: health(service)["workers"] == 0, "workers wait")
        assert "storage_unavailable" in {found["message_id"] for found in health(service)["findings"]}
        service.server.start()
        wait_until(lambda: health(service)["workers"] == 2, "workers are back")
        result = client.wait(job_id)
        assert result.status is JobState.FINISHED
        assert result.text == "\f".join(f"Page {number}\n" for number in range(1, 19))
        client.delete(job_id)


def test_a_storage_process_that_is_killed_is_replaced_and_no_page_fails(service: Service, tmp_path: Path) -> None:
    with service.client() as client:
        job_id = begun_book(client, tmp_path, pages=12, read=2)
        for pid in users_of_obstore(service)["with"]:
            psutil.Process(pid).kill()
        result = client.wait(job_id)
        assert (result.status, result.pages_failed) == (JobState.FINISHED, 0)
        assert result.text == "\f".join(f"Page {number}\n" for number in range(1, 13))
        client.delete(job_id)
