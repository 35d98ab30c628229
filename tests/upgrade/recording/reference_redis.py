"""Records which Redis keys a checkout writes: their types, fields and values, after each of several scenes."""

from __future__ import annotations

import gzip
import json
import math
import re
import threading
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from redis import Redis
from reference_files import make_files
from reference_server import LONG_PAGE_LIMIT_S, Api, Checkout, eventually, running_api, running_valkey, running_worker
from reference_text import lines_of_json, steady, steady_json

_SECRET = "whsec_" + "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVowMTIz"
_TTL_STEP_S = 600
_MEASURED_FIELDS = ("seconds",)
_STAMPED_KEY = re.compile(r"\b(drain:)\d+|(usage:\S*:)\d{4}-\d\d-\d\d")
_FLOAT = re.compile(r"1\.\d+e\+9")
_BUCKET = re.compile(r"(page_s:[\w-]+:).*")
"""The counter of pages by duration."""
_RANDOM_TAIL = re.compile(r"(rq:job:\S*?|\b(?:prepare|page|close|export)\S*?)-[0-9a-f]{8}\b")
_ACCOUNT = re.compile(r"(?<![0-9a-f])[0-9a-f]{16}(?![0-9a-f])")
_KEY_SECRET = re.compile(r"\bocrdesk_[A-Za-z0-9_-]{6,}")


@dataclass
class _Scene:
    """The parts that a scene uses."""

    checkout: Checkout
    redis: Any
    env: dict[str, str]
    inputs: Path

    @contextmanager
    def serving(self, *, workers: bool = True, **env: str) -> Iterator[Api]:
        """Run the api, and a worker unless the scene needs none."""
        settings = {**self.env, **env}
        with running_api(self.checkout, **settings) as api:
            if not workers:
                yield api
                return
            with running_worker(self.checkout, 1, **settings):  # only one, so that the order of events is fixed
                yield api


def record_redis(checkout: Checkout, out: Path) -> None:
    """Write a file for each scene: all keys that Redis holds once the api and the workers have stopped."""
    out.mkdir(parents=True, exist_ok=True)
    inputs = checkout.home / "redis-inputs"
    make_files(inputs)
    with running_valkey(checkout.home / "valkey-of-scenes") as url, Redis.from_url(url) as redis:
        env = {
            "REDIS_URL": url,
            "OCR_TIMEOUT_PER_PAGE": LONG_PAGE_LIMIT_S,
            "WEBHOOK_ALLOWED_HOSTS": "127.0.0.1",
            "WORKER_GRACE_S": "60",
        }
        for name, play in _SCENES.items():
            redis.flushall()
            play(_Scene(checkout, redis, env, inputs))
            (out / f"{name}.txt").write_text(dump(redis), encoding="utf-8")


def _queued(scene: _Scene) -> None:
    """Leave jobs that no worker has started, one with an idempotency key and a webhook."""
    with scene.serving(workers=False) as api:
        api.submit(scene.inputs / "pages.tiff", {"pages": "1-2"})
        options = {"webhook_url": "http://127.0.0.1:9/hook", "webhook_secret": _SECRET}
        for _ in range(2):
            api.submit(scene.inputs / "scan.png", options, {"Idempotency-Key": "the same"})


def _finished(scene: _Scene) -> None:
    with scene.serving() as api:
        api.ended(api.submit(scene.inputs / "pages.tiff"))


def _failed(scene: _Scene) -> None:
    with scene.serving() as api:
        api.ended(api.submit(scene.inputs / "broken.pdf"))


def _partly_failed(scene: _Scene) -> None:
    with scene.serving() as api:
        api.ended(api.submit(scene.inputs / "mixed.pdf", {"mode": "text-layer-only"}))


def _cancelled(scene: _Scene) -> None:
    with scene.serving(workers=False) as api:
        job_id = api.submit(scene.inputs / "scan.png")
        api.post(f"/ocr/jobs/{job_id}/cancel").raise_for_status()


def _exported(scene: _Scene) -> None:
    """Make a Word file with and without headers and footers, a searchable PDF, and a page image."""
    with scene.serving() as api:
        job_id = api.submit(scene.inputs / "headers.pdf", {"pages": "1-2"})
        api.ended(job_id)
        for query in ("format=docx", "format=docx&without_furniture=true&omit_headers_footers=true", "format=pdf"):
            api.get(f"/ocr/result/{job_id}?{query}&wait=60").raise_for_status()
        api.get(f"/ocr/jobs/{job_id}/pages/1/image?width=200&wait=60")
        eventually(lambda: api.get(f"/ocr/jobs/{job_id}/pages/1/image?width=200").status_code == 200, "the image")


def _corrected(scene: _Scene) -> None:
    with scene.serving() as api:
        job_id = api.submit(scene.inputs / "scan.png")
        api.ended(job_id)
        found = api.get(f"/ocr/jobs/{job_id}/document")
        document = found.json()
        document["pages"][0]["blocks"][0]["lines"][0]["words"][0] |= {"text": "One", "source": "corrected"}
        headers = {"If-Match": found.headers["etag"]}
        api.put(f"/ocr/jobs/{job_id}/document", json=document, headers=headers).raise_for_status()


def _webhook(scene: _Scene) -> None:
    """Leave two webhooks: one that is delivered, one that has to be tried again."""
    with receiver() as url, scene.serving(WEBHOOK_RETRY_SCHEDULE="0,3600") as api:
        for path in ("taken", "refused"):
            options = {"webhook_url": f"{url}/{path}", "webhook_secret": _SECRET, "pages": "1"}
            job_id = api.submit(scene.inputs / "born-digital.pdf", options)
            api.ended(job_id)
            eventually(lambda: api.get(f"/ocr/jobs/{job_id}/webhook").json()["attempts"], "a delivery")  # noqa: B023


def _api_keys(scene: _Scene) -> None:
    """Make keys by the command line and by registration; use, replace and revoke them."""
    scopes = ("--scope", "admin", "--scope", "submit", "--scope", "read")
    made = scene.checkout.run("ocrdesk", "keys", "create", "--name", "reader", *scopes, **scene.env)
    admin = made.stdout.decode().strip()
    with scene.serving(workers=False, API_KEY_ENABLED="true") as api:
        api.headers = {"X-API-Key": admin}
        api.submit(scene.inputs / "scan.png")
        registered = [_register(api, name) for name in ("first", "second", "third")]
        api.post("/auth/regenerate", headers={"X-API-Key": registered[1]}).raise_for_status()
        api.post("/auth/revoke", headers={"X-API-Key": registered[2]}).raise_for_status()
        api.get("/ocr/jobs", headers={"X-API-Key": "wrong"})


def _register(api: Api, name: str) -> str:
    answer = api.post("/auth/register", json={"name": name, "email": f"{name}@example.org"})
    answer.raise_for_status()
    return str(answer.json()["api_key"])


def _rate_limited(scene: _Scene) -> None:
    limits = {"RATE_LIMIT_ENABLED": "true", "RATE_LIMIT_REQUESTS": "1", "RATE_LIMIT_WINDOW": "hour"}
    with scene.serving(workers=False, **limits) as api:
        api.submit(scene.inputs / "scan.png")
        with (scene.inputs / "scan.png").open("rb") as data:
            refused = api.post("/ocr/submit", files={"file": ("scan.png", data)})
    if refused.status_code != 429:
        raise RuntimeError(f"the second submit was answered with {refused.status_code}")


_SCENES: dict[str, Callable[[_Scene], None]] = {
    "queued": _queued,
    "finished": _finished,
    "failed": _failed,
    "partly-failed": _partly_failed,
    "cancelled": _cancelled,
    "exported": _exported,
    "corrected": _corrected,
    "webhook": _webhook,
    "api-keys": _api_keys,
    "rate-limited": _rate_limited,
}


@contextmanager
def receiver() -> Iterator[str]:
    """Run a receiver that accepts webhooks sent to /taken, and refuses everything else."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("content-length", 0)))
            self.send_response(204 if self.path == "/taken" else 500)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *arguments: object) -> None:
            """Log nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


# ── the dump ─────────────────────────────────────────────────────────────────────────────────────


def dump(redis: Any) -> str:
    """Return every key with its type, its expiry and its content, without what differs from run to run."""
    entries = []
    for raw in redis.scan_iter(count=1000):
        kind = redis.type(raw).decode()
        if kind == "none" or raw.startswith(b"rq:worker:"):
            continue  # expired meanwhile; or RQ's own record of a worker that has stopped
        lines = _CONTENTS[kind](redis, raw)
        name = _name(raw.decode())
        entries.append("\n".join([f"{name}  {kind}, {_expiry(redis.pttl(raw))}", *(f"    {line}" for line in lines)]))
    return "\n".join(sorted(entries)) + "\n"


def _name(key: str) -> str:
    key = _STAMPED_KEY.sub(lambda found: (found[1] or found[2]) + "<stamp>", key)
    key = _KEY_SECRET.sub("<secret>", _ACCOUNT.sub("<account>", key))
    return _RANDOM_TAIL.sub(r"\1-<random>", steady(key))


def _expiry(left_ms: int) -> str:
    if left_ms < 0:
        return "kept"
    return f"expires within {math.ceil(left_ms / 1000 / _TTL_STEP_S) * _TTL_STEP_S} s"


def _shown(value: bytes) -> str:
    """Return a value as text: JSON, gzip and zlib opened, other bytes by their size."""
    if value.startswith(b"\x1f\x8b"):
        return f"gzip: {_shown(gzip.decompress(value))}"
    if value.startswith(b"\x78\x9c"):
        return f"zlib: {_shown(zlib.decompress(value))}"
    try:
        text = value.decode()
    except UnicodeDecodeError:
        return f"{len(value)} bytes beginning with {value[:4]!r}"
    try:
        parsed = json.loads(text)
    except ValueError:
        return repr(_name(_FLOAT.sub("<seconds>", text)))
    if isinstance(parsed, dict | list):
        return _name(lines_of_json(steady_json(parsed)).replace("\n", " "))
    return repr(_name(_FLOAT.sub("<seconds>", text)))


def _hash(redis: Any, key: bytes) -> list[str]:
    lines = set()
    for raw, value in redis.hgetall(key).items():
        name = raw.decode()
        bucket = _BUCKET.fullmatch(name)
        if bucket or name.startswith("page_s_sum:") or name in _MEASURED_FIELDS:
            lines.add((f"{bucket[1]}<bucket>" if bucket else name) + " = <measured>")
        else:
            lines.add(f"{_name(name)} = {_shown(value)}")
    return sorted(lines)


def _set(redis: Any, key: bytes) -> list[str]:
    return sorted(_shown(value) for value in redis.smembers(key))


def _list(redis: Any, key: bytes) -> list[str]:
    return [_shown(value) for value in redis.lrange(key, 0, -1)]


def _zset(redis: Any, key: bytes) -> list[str]:
    found = redis.zrange(key, 0, -1, withscores=True)
    return sorted(f"{_shown(value)} at {steady(f'{score:.6f}'.rstrip('0').rstrip('.'))}" for value, score in found)


def _stream(redis: Any, key: bytes) -> list[str]:
    lines = []
    for _, fields in redis.xrange(key):
        lines.append(", ".join(sorted(f"{name.decode()} = {_shown(v)}" for name, v in fields.items())))
    return lines


def _string(redis: Any, key: bytes) -> list[str]:
    return [_shown(redis.get(key))]


_CONTENTS: dict[str, Callable[[Any, bytes], list[str]]] = {
    "hash": _hash,
    "set": _set,
    "list": _list,
    "zset": _zset,
    "stream": _stream,
    "string": _string,
}
