"""Storage in a bucket: what only this store does. moto shows encryption and unfinished uploads, rclone checks keys."""

from __future__ import annotations

import base64
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from ocrdesk.backend.settings import SettingsError
from ocrdesk.backend.storage.blob_store import BlobStore, FileLabel, StorageUnavailableError, put, writing
from ocrdesk.backend.storage.cloud import connection
from ocrdesk.backend.storage.cloud.address import CloudAddress
from ocrdesk.backend.storage.cloud.bucket_state import IDENTITY_OBJECT
from ocrdesk.backend.storage.cloud.lifecycle import rule
from ocrdesk.backend.storage.cloud.object_store import ObjectStore
from tests.helpers import plain_http
from tests.helpers.cloud_servers import CloudServer, cloud_server, missing_server, s3_client
from tests.helpers.processes import clean_env, free_port, short_folder
from tests.helpers.recording_relay import recording_relay

JOB = "0a" * 16
BIG = bytes(range(256)) * (1 << 16)
KMS_KEY = "arn:aws:kms:us-east-1:123456789012:key/0123-4567"
ROOT = Path(__file__).resolve().parents[4]


def served(kind: str) -> Iterator[CloudServer]:
    if reason := missing_server(kind):
        pytest.skip(reason)
    with short_folder() as folder, cloud_server(kind, folder) as server:
        yield server


@pytest.fixture(scope="module")
def moto() -> Iterator[CloudServer]:
    yield from served("moto")


@pytest.fixture(scope="module")
def rclone() -> Iterator[CloudServer]:
    yield from served("rclone")


@pytest.fixture(scope="module")
def gcs() -> Iterator[CloudServer]:
    yield from served("gcs")


@pytest.fixture(scope="module")
def azurite() -> Iterator[CloudServer]:
    yield from served("azurite")


@pytest.fixture(autouse=True)
def credentials(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("moto", "rclone", "gcs", "azurite"):
        if name in request.fixturenames:
            for variable, value in request.getfixturevalue(name).env.items():
                monkeypatch.setenv(variable, value)


def opened(url: str) -> ObjectStore:
    return ObjectStore(CloudAddress.parse(url))


def head(server: CloudServer, bucket: str, name: str, **options: Any) -> Any:
    return s3_client(server).head_object(Bucket=bucket, Key=f"some/prefix/jobs/{JOB}/{name}", **options)


# ── encryption ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("data", [b"small", BIG], ids=["in one request", "in parts"])
def test_objects_are_encrypted_as_the_address_says(moto: CloudServer, data: bytes) -> None:
    bucket = moto.new_bucket()
    put(opened(moto.url(bucket, sse="s3")), JOB, "one", data)
    assert head(moto, bucket, "one")["ServerSideEncryption"] == "AES256"
    put(opened(moto.url(bucket, sse="kms", sse_kms_key=KMS_KEY)), JOB, "two", data)
    found = head(moto, bucket, "two")
    assert (found["ServerSideEncryption"], found["SSEKMSKeyId"]) == ("aws:kms", KMS_KEY)


def test_the_customers_key_is_sent_with_each_request_and_allows_no_download_by_address(
    moto: CloudServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """moto takes the key and does not tell, so the requests are looked at."""
    key = os.urandom(32)
    monkeypatch.setenv("AWS_SSE_CUSTOMER_KEY_BASE64", base64.b64encode(key).decode())
    bucket = moto.new_bucket()
    with recording_relay(moto.port) as relay:
        store = opened(moto.url(bucket, sse="customer").replace(f":{moto.port}", f":{relay.port}"))
        put(store, JOB, "upload", b"secret")
        assert store.read(JOB, "upload") == b"secret"
        assert store.exists(JOB, "upload")
        sent = [(method, headers) for method, path, headers in relay.requests() if path.endswith("/upload")]
    assert [method for method, _ in sent] == ["PUT", "GET", "HEAD"]
    for _, headers in sent:
        assert "x-amz-server-side-encryption-customer-algorithm: AES256" in headers
        assert f"x-amz-server-side-encryption-customer-key: {base64.b64encode(key).decode()}" in headers
    assert store.download_url(JOB, "upload", 60) is None


# ── lists ────────────────────────────────────────────────────────────────────────────────────────


def test_a_server_that_lists_from_the_first_object_again_names_each_job_once(
    gcs: CloudServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As Azurite does. Who reads on after a position would get the same jobs again and again."""

    def forget_where_to_begin(sent: bytes) -> bytes:
        return sent.replace(b"start-after=", b"start-xxxxx=")

    with recording_relay(gcs.port, forget_where_to_begin) as relay:
        account = Path(gcs.env["GOOGLE_SERVICE_ACCOUNT"]).read_text().replace(f":{gcs.port}", f":{relay.port}")
        monkeypatch.setenv("GOOGLE_SERVICE_ACCOUNT_KEY", account)
        monkeypatch.delenv("GOOGLE_SERVICE_ACCOUNT")
        store = opened(gcs.url(gcs.new_bucket()).replace(f":{gcs.port}", f":{relay.port}"))
        jobs = [f"{number:032x}" for number in range(3)]
        for job_id in jobs:
            put(store, job_id, "upload", b"bytes")
        assert store.job_ids("", 2) == (jobs[:2], jobs[1])
        assert store.job_ids(jobs[1], 2) == (jobs[2:], "")
        assert any("start-after=" in path for _, path, _ in relay.requests())


# ── uploads ──────────────────────────────────────────────────────────────────────────────────────


def test_a_big_file_goes_in_parts_to_google_too(gcs: CloudServer, monkeypatch: pytest.MonkeyPatch) -> None:
    with recording_relay(gcs.port) as relay:
        account = Path(gcs.env["GOOGLE_SERVICE_ACCOUNT"]).read_text().replace(f":{gcs.port}", f":{relay.port}")
        monkeypatch.setenv("GOOGLE_SERVICE_ACCOUNT_KEY", account)
        monkeypatch.delenv("GOOGLE_SERVICE_ACCOUNT")
        bucket = gcs.new_bucket()
        store = opened(gcs.url(bucket).replace(f":{gcs.port}", f":{relay.port}"))
        put(store, JOB, "big", BIG)
        assert store.read(JOB, "big") == BIG
        sent = [(method, path) for method, path, _ in relay.requests() if "big" in path]
    asked = sorted(method + (" part" if "partNumber=" in path else "") for method, path in sent)
    assert asked == ["GET", "POST", "POST", "PUT part", "PUT part"], "parts are sent at the same time"
    assert any(method == "POST" and "uploads" in path for method, path in sent)
    assert gcs.folder is not None
    assert (gcs.folder / bucket / "some/prefix/jobs" / JOB / "big").read_bytes() == BIG


def test_a_big_file_goes_in_blocks_to_azure(azurite: CloudServer) -> None:
    bucket = azurite.new_bucket()
    with recording_relay(azurite.port) as relay:
        store = opened(azurite.url(bucket).replace(f":{azurite.port}", f":{relay.port}"))
        for name, data in (("small", b"small"), ("big", BIG)):
            put(store, JOB, name, data)
            assert store.read(JOB, name) == data
        sent = [path for method, path, _ in relay.requests() if method == "PUT"]
    steps = [re.findall(r"comp=(\w+)", path) for path in sent if f"jobs/{JOB}/big" in path]
    assert steps == [["block"], ["block"], ["blocklist"]]
    assert [path for path in sent if f"jobs/{JOB}/small" in path and "comp=" in path] == []


def test_azure_gives_a_file_to_who_has_its_address_and_to_nobody_else(azurite: CloudServer) -> None:
    """Azurite checks the signature, and the type and name are those of the file's label."""
    store = opened(azurite.url(azurite.new_bucket()))
    label = FileLabel("application/pdf", "attachment; filename=\"a.pdf\"; filename*=UTF-8''%C3%A4.pdf")
    with writing(store, JOB, "export", label) as writer:
        writer.write(b"%PDF")
    address = store.download_url(JOB, "export", 60)
    assert address is not None
    found = plain_http.get(address, trust_env=False)
    assert (found.status_code, found.content) == (200, b"%PDF")
    assert found.headers["content-type"] == label.media_type
    assert found.headers["content-disposition"] == label.disposition
    for wrong in (address.replace("sig=", "sig=A"), address.replace("/export", "/other"), address.partition("?")[0]):
        assert plain_http.get(wrong, trust_env=False).status_code in (403, 404), wrong
    (until,) = parse_qs(urlsplit(address).query)["se"]
    assert timedelta(0) < datetime.fromisoformat(until) - datetime.now(UTC) <= timedelta(seconds=60)


def test_a_big_file_goes_in_parts_and_a_small_one_in_one_request(moto: CloudServer) -> None:
    bucket = moto.new_bucket()
    store = opened(moto.url(bucket))
    for name, data in (("small", b"small"), ("big", BIG)):
        put(store, JOB, name, data)
        assert store.read(JOB, name) == data
    assert head(moto, bucket, "small")["ETag"].count("-") == 0
    assert head(moto, bucket, "big")["ETag"].endswith('-2"'), "16 MB are two parts of 8 MB"


def test_an_upload_that_fails_leaves_no_parts(moto: CloudServer) -> None:
    """The file ends in the middle with an error, after its first part was sent."""
    bucket = moto.new_bucket()
    store = opened(moto.url(bucket))

    class Failing:
        left = 3

        def read(self, size: int = -1) -> bytes:
            self.left -= 1
            if self.left < 0:
                raise OSError(5, "a broken disk")
            return bytes(8 << 20)[: size if size > 0 else None]

        def seek(self, offset: int, whence: int = 0) -> int:
            return offset if whence == 0 else 40 << 20

    with pytest.raises(OSError, match="a broken disk"):
        store.put_file(JOB, "upload", Failing(), None)
    assert s3_client(moto).list_multipart_uploads(Bucket=bucket).get("Uploads", []) == []
    assert store.names(JOB) == set()


def test_a_commit_that_failed_can_be_repeated(rclone: CloudServer) -> None:
    store = opened(rclone.url(rclone.new_bucket()))
    writer = store.writer(JOB, "upload")
    writer.write(BIG)
    rclone.stop()
    with pytest.raises(StorageUnavailableError, match="does not answer"):
        writer.commit()
    rclone.start()
    writer.commit()
    assert store.read(JOB, "upload") == BIG


def test_a_label_is_what_a_download_by_address_says(moto: CloudServer) -> None:
    bucket = moto.new_bucket()
    store = opened(moto.url(bucket))
    label = FileLabel("application/pdf", "attachment; filename=\"a.pdf\"; filename*=UTF-8''%C3%A4.pdf")
    with writing(store, JOB, "export", label) as writer:
        writer.write(b"%PDF")
    found = head(moto, bucket, "export")
    assert (found["ContentType"], found["ContentDisposition"]) == (label.media_type, label.disposition)


# ── the bucket as a whole ────────────────────────────────────────────────────────────────────────


def test_processes_that_start_together_agree_on_the_identity(moto: CloudServer) -> None:
    url = moto.url(moto.new_bucket())
    with ThreadPoolExecutor(6) as pool:
        assert len(set(pool.map(lambda _: opened(url).identity(), range(6)))) == 1


def test_prefixes_are_storages_of_their_own(moto: CloudServer) -> None:
    bucket = moto.new_bucket()
    one, two = opened(moto.url(bucket, "one")), opened(moto.url(bucket, "two"))
    assert one.identity() != two.identity()
    put(one, JOB, "upload", b"bytes")
    assert two.job_ids("", 10) == ([], "")
    assert two.survey() == {}
    assert one.survey() == {JOB: {"upload"}}


def test_a_bucket_that_was_emptied_is_not_the_one_that_the_process_began_with(moto: CloudServer) -> None:
    bucket = moto.new_bucket()
    store = opened(moto.url(bucket))
    s3_client(moto).delete_object(Bucket=bucket, Key=f"some/prefix/{IDENTITY_OBJECT}")
    with pytest.raises(StorageUnavailableError, match="in its place"):
        store.read(JOB, "upload")
    with pytest.raises(StorageUnavailableError):
        put(store, JOB, "upload", b"bytes")


def test_a_bucket_that_vanishes_makes_nothing_missing(moto: CloudServer) -> None:
    bucket = moto.new_bucket()
    store: BlobStore = opened(moto.url(bucket))
    client = s3_client(moto)
    client.delete_object(Bucket=bucket, Key=f"some/prefix/{IDENTITY_OBJECT}")
    client.delete_bucket(Bucket=bucket)
    for look in (lambda: store.exists(JOB, "a"), lambda: store.read(JOB, "a"), lambda: store.names(JOB)):
        with pytest.raises(StorageUnavailableError):
            look()


def test_a_missing_bucket_and_refused_credentials_end_the_start(
    rclone: CloudServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(SettingsError, match=r"STORAGE_URL: the bucket 'no-such-bucket' does not exist"):
        opened(rclone.url("no-such-bucket"))
    url = rclone.url(rclone.new_bucket())
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "a-wrong-secret-0123")
    with pytest.raises(SettingsError, match=r"refuses the credentials: SignatureDoesNotMatch") as caught:
        opened(url)
    assert "a-wrong-secret" not in str(caught.value)


def test_credentials_that_expire_are_an_outage(rclone: CloudServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """The server is started again with other keys."""
    store = opened(rclone.url(rclone.new_bucket()))
    put(store, JOB, "upload", b"bytes")
    command = list(rclone.command)
    rclone.stop()
    with monkeypatch.context() as patch:
        patch.setattr(rclone, "command", [word.replace("test-secret", "other-secret") for word in command])
        rclone.start()
    for look in (lambda: store.read(JOB, "upload"), lambda: put(store, JOB, "a", b"b"), lambda: store.purge(JOB)):
        with pytest.raises(StorageUnavailableError, match="refuses the credentials"):
            look()
    rclone.stop()
    rclone.start()
    assert store.read(JOB, "upload") == b"bytes"


def test_a_server_that_is_away_at_the_start_is_found_later(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable, value in {"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b"}.items():
        monkeypatch.setenv(variable, value)
    store = opened(f"s3://bucket/p?endpoint=http://127.0.0.1:{free_port()}")
    for look in (store.check, store.identity, lambda: store.writer(JOB, "upload")):
        with pytest.raises(StorageUnavailableError, match="does not answer"):
            look()


# ── processes that fork ──────────────────────────────────────────────────────────────────────────


def test_a_fork_of_a_process_that_used_it_is_refused_and_does_not_hang(moto: CloudServer) -> None:
    store = opened(moto.url(moto.new_bucket()))
    assert connection.was_used()
    pid = os.fork()
    if pid == 0:
        signal.alarm(20)
        try:
            store.names(JOB)
        except RuntimeError as error:
            os._exit(7 if "forked" in str(error) else 1)
        os._exit(2)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 7


def test_without_the_extra_the_service_says_what_to_install() -> None:
    code = (
        "import sys; sys.modules['obstore'] = None\n"
        "from ocrdesk_api.main import app\nimport asyncio\n"
        "from ocrdesk.backend.settings import Settings, SettingsError\n"
        "from ocrdesk.backend.services import Services\n"
        "try: Services.open(Settings.from_environment())\n"
        "except SettingsError as error: print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=clean_env(STORAGE_URL="s3://bucket"),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stdout.startswith("STORAGE_URL: s3:// needs the extra `cloud`. Get it with: ")
    assert done.stdout.endswith("[cloud]'\n")


# ── the lifecycle rule ───────────────────────────────────────────────────────────────────────────


def test_the_printed_rule_is_accepted_and_outlives_every_result(moto: CloudServer) -> None:
    import json

    bucket = moto.new_bucket()
    env = clean_env(STORAGE_URL=moto.url(bucket), RESULT_TTL="200000")
    command = [sys.executable, "-m", "ocrdesk.backend.storage.cloud.lifecycle"]
    printed = subprocess.run(command, env=env, cwd=ROOT, capture_output=True, text=True, timeout=60, check=True).stdout
    client = s3_client(moto)
    client.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration=json.loads(printed))
    (kept,) = client.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"]
    assert kept["Filter"] == {"Prefix": "some/prefix/jobs/"}, "the object .storage-id stays"
    assert kept["Expiration"] == {"Days": 10}, "2.3 days of results, and a week in which a job may run"
    assert kept["AbortIncompleteMultipartUpload"] == {"DaysAfterInitiation": 1}


def test_other_providers_have_a_rule_of_their_own_form() -> None:
    google = rule(CloudAddress.parse("gs://bucket/p"), 86_400)["rule"]
    assert {entry["action"]["type"] for entry in google} == {"Delete", "AbortIncompleteMultipartUpload"}
    azure = rule(CloudAddress.parse("az://container"), 86_400)["rules"][0]["definition"]
    assert azure["filters"]["prefixMatch"] == ["container/jobs/"]
