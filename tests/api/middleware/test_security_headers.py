"""Every response tells browsers to take its type as it is and to load nothing for it."""

from __future__ import annotations

import re

import httpx2
import pytest

from tests.api.conftest import Api
from tests.helpers import plain_http
from tests.helpers.processes import Backend
from tests.helpers.sample_files import text_png


def assert_safe(answer: httpx2.Response) -> None:
    assert answer.headers.get_list("x-content-type-options") == ["nosniff"]
    (policy,) = answer.headers.get_list("content-security-policy")
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy


@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    [
        ("GET", "/health/live", {}, 200),
        ("HEAD", "/health/live", {}, 200),
        ("GET", "/nowhere<script>", {}, 404),
        ("DELETE", "/ocr/submit", {}, 405),
        ("GET", "/ocr/jobs?limit=x", {}, 400),
        ("GET", "/ocr/jobs", {"X-API-Key": "wrong"}, 401),
        ("GET", "/ocr/jobs", {"Host": "evil.example"}, 403),
        ("OPTIONS", "/ocr/jobs", {"Origin": "https://evil.example", "Access-Control-Request-Method": "GET"}, 403),
        ("POST", "/auth/register", {"Content-Type": "application/json", "Content-Length": "70000"}, 413),
    ],
)
def test_responses_and_errors_have_the_headers(
    api: Api, method: str, path: str, headers: dict[str, str], status: int
) -> None:
    answer = api.http.request(method, path, headers=headers, content=b" " * 70_000 if status == 413 else None)
    assert answer.status_code == status
    assert_safe(answer)
    assert "script-src" not in answer.headers["content-security-policy"]


def test_results_cannot_run_scripts(api: Api) -> None:
    job_id = api.submit(text_png("Hello"))
    api.result(job_id)
    for form in ("text", "hocr", "json", "alto"):
        assert_safe(api.http.get(f"/ocr/result/{job_id}", params={"format": form}))


@pytest.mark.parametrize("path", ["/docs", "/redoc"])
def test_the_pages_of_the_description_may_load_what_they_need(backend: Backend, path: str) -> None:
    page = plain_http.get(backend.url + path, trust_env=False)
    assert_safe(page)
    policy = dict(part.strip().split(" ", 1) for part in page.headers["content-security-policy"].split(";"))
    loaded = re.findall(r'<(?:script|link|img)[^>]* (?:src|href)="([^"]+)"', page.text)
    assert loaded
    for url in loaded:
        assert url.startswith(("/", "data:")), "the policy allows only the server's own files"
        if url.startswith("/"):
            assert plain_http.get(backend.url + url, trust_env=False).status_code == 200
    assert "'unsafe-inline'" in policy["script-src"], "FastAPI's page begins with a script"
    assert policy["connect-src"] == "'self'"
