"""Real servers of object storage, from packages: rclone and moto for S3, rclone for Google Cloud, Azurite for Azure.

Google's XML protocol and S3's have the same requests: objects, parts, lists. They differ in how requests are signed. So
rclone's S3 server, when it asks for no signature, serves a client of Google's storage.
"""

from __future__ import annotations

import contextlib
import json
import shutil
import subprocess
import sys
import urllib.request
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.helpers.processes import clean_env, end, free_port
from tests.helpers.wait import wait_until
from tests.packaging.repository import ROOT

KEY, SECRET = "test-key-of-nobody", "test-secret-of-nobody-1"  # of servers that a test starts
S3_ENV = {"AWS_ACCESS_KEY_ID": KEY, "AWS_SECRET_ACCESS_KEY": SECRET, "AWS_REGION": "us-east-1"}
_AZURE_ACCOUNT = "devstoreaccount1"
_AZURE_KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="


@dataclass
class CloudServer:
    """A server that runs, and can be stopped and started again on its port with the same data."""

    command: list[str]
    port: int
    endpoint: str
    scheme: str
    env: Mapping[str, str]
    process: subprocess.Popen[bytes] | None = None
    folder: Path | None = None
    """Where rclone keeps buckets as folders and objects as files; None elsewhere."""
    server_env: Mapping[str, str] = field(default_factory=dict)
    patience_s: float = 10
    """How long it may take to end. Azurite would wait for the ends of its connections."""

    def start(self) -> None:
        self.process = subprocess.Popen(
            self.command, env=clean_env(**self.server_env), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        wait_until(self._answers, f"{self.command[0]} answers")

    def _answers(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, f"{self.command} ended"
        try:
            opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
            opener.open(f"http://127.0.0.1:{self.port}/", timeout=2)
        except urllib.request.HTTPError:
            return True
        except OSError:
            return False
        return True

    def stop(self) -> None:
        if self.process is not None:
            end(self.process, self.patience_s)

    def url(self, bucket: str, prefix: str = "some/prefix", **options: str) -> str:
        """Return the STORAGE_URL of a bucket."""
        query = "&".join(f"{name}={value}" for name, value in {"endpoint": self.endpoint, **options}.items())
        return f"{self.scheme}://{bucket}/{prefix}?{query}"

    def new_bucket(self) -> str:
        """Create a bucket; return its name."""
        name = f"bucket-{uuid.uuid4().hex[:12]}"
        if self.scheme == "s3":
            s3_client(self).create_bucket(Bucket=name)
        elif self.scheme == "gs":
            request = urllib.request.Request(f"{self.endpoint}/{name}", method="PUT")
            urllib.request.urlopen(request, timeout=5).close()
        else:
            _create_container(self.port, name)
        return name


def s3_client(server: CloudServer):  # type: ignore[no-untyped-def]  # boto3 has no types
    """Return Amazon's own client of a server."""
    import boto3

    return boto3.client(
        "s3",
        endpoint_url=server.endpoint,
        aws_access_key_id=KEY,
        aws_secret_access_key=SECRET,
        region_name="us-east-1",
    )


def _create_container(port: int, name: str) -> None:
    """Create a container of Azurite, with a request that is signed as Azure asks for."""
    import base64
    import hashlib
    import hmac
    from email.utils import formatdate

    date, path = formatdate(usegmt=True), f"/{_AZURE_ACCOUNT}/{name}"
    told = f"x-ms-date:{date}\nx-ms-version:2021-08-06\n/{_AZURE_ACCOUNT}{path}\nrestype:container"
    signed = "PUT" + 12 * "\n" + told
    digest = hmac.new(base64.b64decode(_AZURE_KEY), signed.encode(), hashlib.sha256).digest()
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}?restype=container", method="PUT")
    request.add_header("x-ms-date", date)
    request.add_header("x-ms-version", "2021-08-06")
    request.add_header("Authorization", f"SharedKey {_AZURE_ACCOUNT}:{base64.b64encode(digest).decode()}")
    urllib.request.urlopen(request, timeout=5).close()


def _command(name: str) -> str | None:
    """Return the path of a program, beside this Python, on the PATH, or where packaging/get_azurite.sh puts it."""
    places = (str(Path(sys.executable).parent), None, str(ROOT / "build" / "azurite" / "node_modules" / ".bin"))
    return next(filter(None, (shutil.which(name, path=place) for place in places)), None)


def missing_server(kind: str) -> str:
    """Return why the server of that kind cannot run here; empty if it can."""
    names = {"rclone": "rclone", "moto": "moto_server", "gcs": "rclone", "azurite": "azurite"}
    return "" if _command(names[kind]) else f"{names[kind]} is not installed"


def _google_env(folder: Path, endpoint: str) -> dict[str, str]:
    """Return the environment for a service account that asks nobody for a token."""
    account = {"gcs_base_url": endpoint, "disable_oauth": True, "client_email": "", "private_key": ""}
    (folder / "account.json").write_text(json.dumps({**account, "private_key_id": ""}))
    return {"GOOGLE_SERVICE_ACCOUNT": str(folder / "account.json")}


@contextlib.contextmanager
def cloud_server(kind: str, folder: Path) -> Iterator[CloudServer]:
    """Run a server of that kind on a free port: rclone, moto, gcs or azurite."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    if kind in ("rclone", "gcs"):
        (folder / "buckets").mkdir()
        command = [_command("rclone") or "", "serve", "s3", str(folder / "buckets"), "--addr", f"127.0.0.1:{port}"]
        command += ["--config", str(folder / "none")]
        if kind == "rclone":
            command += ["--auth-key", f"{KEY},{SECRET}"]
        scheme, env = ("s3", S3_ENV) if kind == "rclone" else ("gs", _google_env(folder, address))
        server = CloudServer(command, port, address, scheme, env, folder=folder / "buckets")
    elif kind == "moto":
        command = [_command("moto_server") or "moto_server", "-H", "127.0.0.1", "-p", str(port)]
        server = CloudServer(command, port, address, "s3", S3_ENV)
    else:
        command = [_command("azurite") or "", "--silent", "--location", str(folder), "--skipApiVersionCheck"]
        command += ["--blobPort", str(port), "--queuePort", "0", "--tablePort", "0"]
        env = {"AZURE_STORAGE_ACCOUNT_NAME": _AZURE_ACCOUNT, "AZURE_STORAGE_ACCOUNT_KEY": _AZURE_KEY}
        server = CloudServer(command, port, f"{address}/{_AZURE_ACCOUNT}", "az", env, patience_s=0)
    server.start()
    try:
        yield server
    finally:
        server.stop()
