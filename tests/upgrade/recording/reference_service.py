"""Records the api's OpenAPI description, and its responses to a few wrong requests."""

from __future__ import annotations

import json
from pathlib import Path

import httpx2
from reference_files import FILES
from reference_server import Api, Checkout, running_api, running_valkey
from reference_text import steady, steady_json


def record_openapi(checkout: Checkout, out: Path) -> None:
    """Write openapi.json with sorted keys, and refusals.txt."""
    out.mkdir(parents=True, exist_ok=True)
    with running_valkey(checkout.home / "valkey-of-openapi") as url, running_api(checkout, REDIS_URL=url) as api:
        described = httpx2.get(f"{api.url}/openapi.json", trust_env=False, timeout=60).json()
        text = json.dumps(described, indent=1, sort_keys=True, ensure_ascii=False)
        (out / "openapi.json").write_text(text + "\n", encoding="utf-8")
        (out / "refusals.txt").write_text("".join(_refusals(api)), encoding="utf-8")
    with running_valkey(checkout.home / "valkey-of-keys") as url:
        env = {"REDIS_URL": url, "API_KEY_ENABLED": "true", "API_KEYS": "secret", "REGISTRATION_ENABLED": "false"}
        with running_api(checkout, **env) as api:
            answers = [_answer("no key", api.get("/ocr/jobs"))]
            answers.append(_answer("wrong key", api.get("/ocr/jobs", headers={"X-API-Key": "wrong"})))
            answers.append(_answer("registration", api.post("/auth/register", json={"name": "a", "email": "a@b.org"})))
            (out / "refusals-with-keys.txt").write_text("".join(answers), encoding="utf-8")


def _refusals(api: Api) -> list[str]:
    scan = FILES["scan.png"]()

    def submitted(name: str, data: bytes, **options: str) -> httpx2.Response:
        return api.post("/ocr/submit", files={"file": (name, data)}, data=options)

    return [
        _answer("unknown job", api.get("/ocr/result/" + "0" * 32)),
        _answer("unknown path", api.get("/nothing")),
        _answer("unknown option", submitted("scan.png", scan, colour="red")),
        _answer("unknown engine", submitted("scan.png", scan, engine="magic")),
        _answer("unknown language", submitted("scan.png", scan, languages="!")),
        _answer("unknown mode", submitted("scan.png", scan, mode="fast")),
        _answer("wrong pages", submitted("scan.png", scan, pages="3-1")),
        _answer("wrong webhook", submitted("scan.png", scan, webhook_url="ftp://example.org")),
        _answer("private webhook", submitted("scan.png", scan, webhook_url="http://127.0.0.1/hook")),
        _answer("secret alone", submitted("scan.png", scan, webhook_secret="whsec_x")),  # no secret
        _answer("no file", api.post("/ocr/submit", data={"engine": "auto"})),
        _answer("empty file", submitted("scan.png", b"")),
        _answer("unknown type", submitted("notes.txt", b"just words\n" * 20)),
        _answer("too large", submitted("large.png", scan + bytes(11 << 20))),
        _answer("wrong e-mail", api.post("/auth/register", json={"name": "a", "email": "nobody"})),
        _answer("limit of the list", api.get("/ocr/jobs", params={"limit": "0"})),
        _answer("no workers", api.get("/health/ready")),
    ]


def _answer(what: str, answer: httpx2.Response) -> str:
    body = json.dumps(steady_json(json.loads(answer.content)), indent=1, sort_keys=True, ensure_ascii=False)
    shown = {name: answer.headers[name] for name in ("www-authenticate", "retry-after") if name in answer.headers}
    return steady(f"==== {what}: {answer.status_code} {shown or ''}\n{body}\n")
