"""The proxy examples with real proxies, TLS and a path prefix: uploads, live events, results, addresses, refusals."""

from __future__ import annotations

import contextlib
import json
import re
import shutil
import ssl
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import httpx2
import pytest
from redis import Redis

from ocrdesk.backend.settings import Settings
from ocrdesk.client import Client
from ocrdesk.contract.errors import ErrorBody, ErrorCode
from ocrdesk.contract.jobs import ResultFormat
from tests.helpers import plain_http
from tests.helpers.certificates import make_certificate
from tests.helpers.processes import clean_env, free_port, run_valkey, running_api_process, running_pool, short_folder
from tests.helpers.sample_files import multipage_tiff, text_png
from tests.helpers.wait import wait_until
from tests.packaging.repository import PACKAGING

EXAMPLES = PACKAGING / "proxies"
NAME = "ocr.example.org"
CALLER = "127.0.0.2"
"""The address that callers have here; the proxy, which the api trusts, has 127.0.0.1."""
MEGABYTE = 1 << 20


@dataclass(frozen=True, slots=True)
class Place:
    """Ports, certificate and folder of a proxy under test."""

    folder: Path
    api_port: int
    https: int
    http: int
    certificate: Path
    key: Path


def replaced(text: str, *changes: tuple[str, str]) -> str:
    """Replace each text, all of which must be there."""
    for old, new in changes:
        assert old in text, f"the example has no {old!r}: adapt this test"
        text = text.replace(old, new)
    return text


def nginx_command(place: Place) -> list[str]:
    """Write the example with the test's ports and files, below the lines of a main configuration."""
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
    if program is None:
        pytest.skip("nginx is not installed: apt-get install nginx-light")
    site = replaced(
        re.sub(r"^ +listen \[::\].*\n", "", (EXAMPLES / "nginx.conf").read_text(), flags=re.MULTILINE),
        ("server 127.0.0.1:8000;", f"server 127.0.0.1:{place.api_port};"),
        ("listen 80;", f"listen 127.0.0.1:{place.http};"),
        ("listen 443 ", f"listen 127.0.0.1:{place.https} "),
        ("/etc/ssl/ocrdesk/fullchain.pem", str(place.certificate)),
        ("/etc/ssl/ocrdesk/privkey.pem", str(place.key)),
    )
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temporary = "\n".join(f"{kind}_temp_path {place.folder / kind};" for kind in kinds)
    main = place.folder / "nginx.conf"
    (place.folder / "site.conf").write_text(site)
    main.write_text(
        f"daemon off; worker_processes 1; pid {place.folder}/nginx.pid; error_log stderr;\n"
        f"events {{}}\nhttp {{ access_log off; {temporary} include {place.folder}/site.conf; }}\n"
    )
    place.folder.chmod(0o755)  # nginx, started as root, works as another user
    return [program, "-e", "stderr", "-p", str(place.folder), "-c", str(main)]


def caddy_command(place: Place) -> list[str]:
    """Write the example with the test's ports and certificate, below options that keep Caddy off other ports."""
    program = shutil.which("caddy")
    if program is None:
        pytest.skip("caddy is not installed: apt-get install caddy")
    addresses = f"https://{NAME}:{place.https}, https://127.0.0.1:{place.https}"
    site = replaced(
        (EXAMPLES / "Caddyfile").read_text(),
        (f"{NAME} {{", f"{addresses} {{\n\tbind 127.0.0.1\n\ttls {place.certificate} {place.key}"),
        ("127.0.0.1:8000", f"127.0.0.1:{place.api_port}"),
    )
    file = place.folder / "Caddyfile"
    file.write_text("{\n\tadmin off\n\tauto_https disable_redirects\n}\n" + site)
    return [program, "run", "--adapter", "caddyfile", "--config", str(file)]


COMMANDS: dict[str, Callable[[Place], list[str]]] = {"nginx": nginx_command, "caddy": caddy_command}


@dataclass(frozen=True, slots=True)
class Proxied:
    """An api behind a proxy, at `url`, which ends in the prefix."""

    url: str
    place: Place
    env: dict[str, str]

    @property
    def tls(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.place.certificate))

    def http(self) -> httpx2.Client:
        """A client that trusts the certificate, with an address of its own; the proxy's name need not be resolved."""
        transport = httpx2.HTTPTransport(verify=self.tls, local_address=CALLER)
        return plain_http.Client(transport=Resolved(transport), base_url=self.url, timeout=60)


class Resolved(httpx2.BaseTransport):
    """Sends requests for the proxy's name to this machine, as a name server would."""

    def __init__(self, inner: httpx2.HTTPTransport) -> None:
        self._inner = inner

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        request.url = request.url.copy_with(host="127.0.0.1")
        request.extensions["sni_hostname"] = NAME
        return self._inner.handle_request(request)

    def close(self) -> None:
        self._inner.close()


@pytest.fixture(scope="module", params=COMMANDS)
def proxied(request: pytest.FixtureRequest) -> Iterator[Proxied]:
    with short_folder() as folder, run_valkey(folder) as redis_url:
        certificate, key = make_certificate(folder, f"DNS:{NAME},IP:127.0.0.1")
        env = {
            "REDIS_URL": redis_url,
            "RATE_LIMIT_ENABLED": "true",
            "RATE_LIMIT_REQUESTS": "1000",
            "MAX_FILE_SIZE_MB": "30",
            "TRUSTED_PROXIES": "127.0.0.1",
            "OCR_TIMEOUT_PER_PAGE": "120",
        }
        with running_api_process(**env) as api:
            own = folder / "proxy"
            own.mkdir()
            port = urlsplit(api.url).port
            assert port
            place = Place(own, port, free_port(), free_port(), certificate, key)
            with running_proxy(COMMANDS[request.param](place), own) as process:
                found = Proxied(f"https://{NAME}:{place.https}/ocr/", place, env)
                with found.http() as http:
                    wait_until(lambda: responds(process, http, own), "the proxy")
                yield found


@contextlib.contextmanager
def running_proxy(command: list[str], folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    home = {"HOME": str(folder), "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, env=clean_env(**home), stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(30)


def responds(process: subprocess.Popen[bytes], http: httpx2.Client, folder: Path) -> bool:
    assert process.poll() is None, (folder / "log").read_text()
    try:
        return http.get("api/v1/health/live").status_code == 200
    except httpx2.TransportError:
        return False


def test_a_file_is_recognised_and_its_events_arrive_live(proxied: Proxied) -> None:
    with proxied.http() as http:
        files = {"file": ("two.tiff", multipage_tiff(["Alpha meadow", "Bravo river"]))}
        accepted = http.post("api/v1/ocr/submit", files=files)
        assert accepted.status_code == 202
        job_id = accepted.json()["job_id"]
        location = accepted.headers["location"]
        assert location == f"{proxied.url}api/v1/ocr/result/{job_id}"
        with http.stream("GET", f"api/v1/ocr/events/{job_id}") as stream:
            events = (json.loads(line[5:]) for line in stream.iter_lines() if line.startswith("data:"))
            # No worker runs yet, so the stream is open: a proxy that buffers it would keep this event back.
            assert next(events)["status"] == "queued"
            with running_pool(**proxied.env):
                rest = list(events)
        assert [event["page"] for event in rest if event["type"] == "page"] in ([1, 2], [2, 1])
        assert rest[-1]["status"] == "finished"
        assert "Bravo river" in http.get(location).json()["text"]


def test_the_python_client_works_through_the_proxy(proxied: Proxied, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(proxied.place.certificate))
    url = f"https://127.0.0.1:{proxied.place.https}/ocr"
    with running_pool(**proxied.env), Client(url) as client:
        job_id = client.submit(text_png("Quarterly report"), name="report.png")
        assert "Quarterly report" in client.wait(job_id, timeout_s=120).text
        assert client.export(job_id, ResultFormat.PDF).startswith(b"%PDF")


def test_the_documentation_works_below_the_prefix(proxied: Proxied) -> None:
    with proxied.http() as http:
        without_slash = http.get(f"https://{NAME}:{proxied.place.https}/ocr")
        assert (without_slash.status_code, urlsplit(without_slash.headers["location"]).path) == (308, "/ocr/")
        page = http.get("", follow_redirects=True)
        assert page.url.path == "/ocr/docs"
        named = set(re.findall(r"""["'](/ocr/[^"']+)["']""", page.text))
        assert {"/ocr/openapi.json", "/ocr/static-offline-docs/swagger-ui-bundle.js"} <= named
        for path in named:
            assert http.get(str(httpx2.URL(proxied.url).copy_with(path=path))).status_code == 200, path
        described = http.get("openapi.json").json()
        assert [server["url"] for server in described["servers"]] == ["/ocr"]
        assert http.get("api/v1/capabilities").status_code == 200


def test_a_body_that_is_too_large_is_refused_in_the_apis_form(proxied: Proxied) -> None:
    with proxied.http() as http:
        job_id = http.post("api/v1/ocr/submit", files={"file": ("a.png", text_png("Hello"))}).json()["job_id"]
        # a little too large: the proxy lets it pass, and the api says which limit it is
        by_the_api = http.put(f"api/v1/ocr/jobs/{job_id}/document", content=bytes(16 * MEGABYTE + 500_000))
        assert by_the_api.status_code == 413
        assert by_the_api.json()["message_id"] == "document_too_large"
        # far too large; the api here would accept it
        by_the_proxy = http.post(
            "api/v1/ocr/submit", files={"file": ("a.png", text_png("Hello") + bytes(18 * MEGABYTE))}
        )
        assert by_the_proxy.status_code == 413
        assert by_the_proxy.headers["content-type"] == "application/json"
        assert ErrorBody.model_validate(by_the_proxy.json()).code == ErrorCode.BODY_TOO_LARGE


def test_callers_are_counted_by_their_own_address(proxied: Proxied) -> None:
    with Redis.from_url(proxied.env["REDIS_URL"], decode_responses=True) as redis, proxied.http() as http:
        redis.flushall()
        assert http.get("api/v1/ocr/jobs", headers={"X-Forwarded-For": "203.0.113.9"}).status_code == 200
        counted = [key.split("/")[2] for key in redis.scan_iter("ocrdesk:rates:*")]
    assert counted == [f"address-{CALLER}"]


def test_a_caller_cannot_choose_the_prefix(proxied: Proxied) -> None:
    with proxied.http() as http:
        described = http.get("openapi.json", headers={"X-Forwarded-Prefix": "/elsewhere"}).json()
    assert [server["url"] for server in described["servers"]] == ["/ocr"]


def test_plain_http_is_redirected_by_nginx(proxied: Proxied) -> None:
    if not (proxied.place.folder / "nginx.conf").exists():
        pytest.skip("Caddy redirects by itself, on port 80")
    answer = plain_http.get(f"http://127.0.0.1:{proxied.place.http}/ocr/api/v1/health", headers={"Host": NAME})
    assert (answer.status_code, answer.headers["location"]) == (308, f"https://{NAME}/ocr/api/v1/health")


@pytest.mark.parametrize(
    ("example", "limit"), [("nginx.conf", r"client_max_body_size (\d+)m;"), ("Caddyfile", r"max_size (\d+)MiB")]
)
def test_the_body_limit_is_above_the_apis_own_limits(example: str, limit: str) -> None:
    [found] = re.findall(limit, (EXAMPLES / example).read_text())
    defaults = (Settings.model_fields[name].default for name in ("max_file_size_mb", "max_document_mb"))
    assert int(found) == max(defaults) + 1
