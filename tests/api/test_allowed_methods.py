"""The methods of a path, over all routes of the service."""

from __future__ import annotations

import pytest

from ocrdesk_api.allowed_methods import allowed_methods
from tests.api.conftest import Api, error_code
from tests.helpers import plain_http
from tests.helpers.openapi import described
from tests.helpers.processes import Backend
from tests.helpers.route_paths import filled, methods_by_path

NEVER = "TRACE"


@pytest.mark.parametrize(("path", "methods"), methods_by_path().items(), ids=list(methods_by_path()))
def test_405_names_all_methods_of_the_path(backend: Backend, path: str, methods: set[str]) -> None:
    for method in {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", NEVER} - methods:
        answer = plain_http.request(method, backend.url + filled(path), trust_env=False, timeout=30)
        assert answer.status_code == 405, (method, answer.text)
        assert set(answer.headers["allow"].split(", ")) == methods
        if method != "HEAD":
            assert error_code(answer) == "method_not_allowed"
            assert method in answer.json()["detail"]


def test_every_described_operation_is_in_the_route_table() -> None:
    found = methods_by_path()
    assert {(one.path, one.method) for one in described()} <= {
        (path, method) for path, methods in found.items() for method in methods
    }
    assert len(found) > 25


@pytest.mark.parametrize("path", ["/docs", "/redoc", "/openapi.json", "/"])
def test_the_documentation_can_only_be_read(backend: Backend, path: str) -> None:
    answer = plain_http.post(backend.url + path, trust_env=False)
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")


def test_an_unknown_path_is_404_for_any_method(api: Api) -> None:
    for method in ("GET", "HEAD", "POST", NEVER):
        assert api.http.request(method, "/nothing/here").status_code == 404


def test_a_path_without_routes_has_no_methods(backend: Backend) -> None:
    from ocrdesk.backend.settings import Settings
    from ocrdesk_api.app import create_app

    app = create_app(Settings(redis_url=backend.redis_url))
    scope = {"type": "http", "path": "/nothing", "method": "GET", "app": app, "headers": []}
    assert allowed_methods(scope) == []
