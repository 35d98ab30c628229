"""The service follows its own description: no request causes an internal error or an undescribed response.

Every operation is called with generated requests, the same in each run: as described, malformed, for things that do
not exist, and without a key. SCHEMA_EXAMPLES=300 in the environment generates that many of each.
"""

from __future__ import annotations

import itertools
import os
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import jsonschema_rs
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from ocrdesk.backend.api_keys.store import KeyStore
from ocrdesk.backend.redis_connection import connect
from ocrdesk.backend.settings import Settings
from ocrdesk.contract.api_keys import Scope
from ocrdesk.contract.jobs import ResultFormat
from tests.api.conftest import Api, open_http
from tests.helpers.openapi import Operation, described, operations_of
from tests.helpers.processes import Backend, running_backend, short_folder
from tests.helpers.sample_files import multipage_tiff, text_pdf, text_png, truncated_pdf
from tests.helpers.wait import wait_until
from tests.helpers.webhook_receiver import Receiver, run_webhook_receiver

EXAMPLES = int(os.environ.get("SCHEMA_EXAMPLES", "20"))
OPERATIONS = described()
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
LENIENT = {"POST /ocr/submit"}
"""Operations whose options may be empty, as web forms send them, or have spaces around them."""
UNKNOWN = "0f8fad5bd9cb469fa16570867728950e"
_FIRST_BYTES = 64
_MAX_WAIT_S = 5.0

Draw = Callable[[st.SearchStrategy[Any]], Any]


@dataclass(slots=True)
class Service:
    """A running service, a key that may do everything, and the existing jobs and keys."""

    api: Api
    key: str
    url: str
    receiver: Receiver
    session: requests.Session
    description: dict[str, Any]
    jobs: dict[str, str] = field(default_factory=dict)
    numbers: Iterator[int] = field(default_factory=itertools.count)
    schema: Any = field(init=False)

    def __post_init__(self) -> None:
        self.schema = schemathesis.openapi.from_dict(self.description)

    def new_job(self) -> str:
        return self.api.submit(text_pdf(["Just submitted"]), "new.pdf")

    def new_key(self) -> dict[str, Any]:
        """Return a new account, to be changed or ended."""
        answer = self.api.http.post("/auth/keys", json={"name": "Somebody", "scopes": ["submit", "read"]})
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.json()
        return made

    def send(self, case: Case, operation: Operation, **headers: str) -> requests.Response:
        """Send a request and return the response; of a stream only its beginning."""
        request = case.as_transport_kwargs(base_url=self.url, headers=headers)
        answer = self.session.request(**request, stream=operation.is_stream, timeout=90)
        if answer.headers.get("Content-Type", "").startswith("text/event-stream"):
            with answer:
                answer._content = next(answer.iter_content(_FIRST_BYTES), b"")
        return answer


@pytest.fixture(scope="module")
def served() -> Iterator[Backend]:
    with (
        short_folder() as folder,
        running_backend(
            folder / "data",
            API_KEY_ENABLED="true",
            WEBHOOK_ALLOWED_HOSTS="127.0.0.1",
            MAX_QUEUED_PAGES="0",
            MAX_QUEUED_MB="0",
        ) as backend,
    ):
        yield backend


@pytest.fixture(scope="module")
def service(served: Backend) -> Iterator[Service]:
    store = KeyStore(connect(Settings(redis_url=served.redis_url), text=True))
    key = store.create("Everything", scopes=list(Scope)).secret
    with open_http(served.api, key) as http, run_webhook_receiver() as receiver, requests.Session() as session:
        session.trust_env = False
        description = session.get(f"{served.url}/openapi.json", timeout=30).json()
        made = Service(Api(http), key, served.url, receiver, session, description)
        made.jobs = made_jobs(made.api, receiver)
        yield made


def made_jobs(api: Api, receiver: Receiver) -> dict[str, str]:
    """Return a job with each end and each kind of result, by name."""
    long = multipage_tiff([f"Page {number}" for number in range(1, 41)])
    ids = {
        "finished": api.submit(multipage_tiff(["First page", "Second page"]), "two.tif"),
        "notified": api.submit(text_png("Hello"), "hello.png", webhook_url=receiver.url()),
        "failed": api.submit(truncated_pdf(), "cut.pdf"),
        "cancelled": api.submit(long, "long.tif", pages="1-15"),
    }
    assert api.http.post(f"/ocr/jobs/{ids['cancelled']}/cancel").json()["status"] == "cancelled"
    states = {name: api.result(job_id)["status"] for name, job_id in ids.items()}
    assert states == {"finished": "finished", "notified": "finished", "failed": "failed", "cancelled": "cancelled"}
    wait_until(lambda: receiver.received, "the webhook")
    return ids


# ── requests ─────────────────────────────────────────────────────────────────────────────────────


def fit(service: Service, operation: Operation, case: Case, draw: Draw) -> dict[str, str]:
    """Put existing ids into a generated request, so that most requests are accepted; return its headers."""
    headers = {"X-API-Key": service.key}
    if draw(st.booleans()):
        case.query = {}
    if "job_id" in operation.path_parameters:
        chosen = service.jobs[draw(st.sampled_from(sorted(service.jobs)))]
        case.path_parameters["job_id"] = service.new_job() if operation.method == "DELETE" else chosen
    if "key_id" in operation.path_parameters:
        case.path_parameters["key_id"] = service.new_key()["key_id"]
    if "number" in operation.path_parameters:
        case.path_parameters["number"] = draw(st.sampled_from([1, 2, case.path_parameters["number"]]))
    change = _CHANGES.get(str(operation))
    return headers | (change(service, case, draw) if change else {})


def _submit(service: Service, case: Case, draw: Draw) -> dict[str, str]:
    real = {"file": draw(st.sampled_from([text_pdf(["Hello"]), text_png("Hello"), truncated_pdf()]))}
    options = {
        "languages": ["eng", "eng+osd", "klingon"],
        "engine": ["auto", "tesseract", "steam"],
        "pages": ["1", "1-3", "9-", "x"],
        "mode": ["auto", "force", "text-layer-only", "guess"],
        "webhook_url": [service.receiver.url(), "http://10.0.0.1/", "ftp://x", "::"],
        "webhook_secret": ["whsec_" + "A" * 43 + "=", "whsec_", ""],
        "colour": ["red"],
    }
    for name in draw(st.lists(st.sampled_from(sorted(options)), unique=True, max_size=2)):
        real[name] = draw(st.sampled_from(options[name]))
    case.body = real
    return {}


def _correct(service: Service, case: Case, draw: Draw) -> dict[str, str]:
    # Generated values must not depend on the job's state, which differs in the next example.
    is_real, known_as = draw(st.booleans()), draw(st.sampled_from(["", "*", '"0"', "x", "ETag"]))
    job_id = case.path_parameters["job_id"]
    answer = service.api.http.get(f"/ocr/jobs/{job_id}/document")
    if is_real and answer.status_code == 200:
        case.body = answer.json()
    elif isinstance(case.body, dict):
        case.body = case.body | {"job_id": job_id}
    expected = answer.headers.get("ETag", "") if known_as == "ETag" else known_as
    return {"If-Match": expected} if expected else {}


def _file(service: Service, case: Case, draw: Draw) -> dict[str, str]:
    case.query["format"] = draw(st.sampled_from(list(ResultFormat))).value
    return draw(st.sampled_from([{}, *({"Accept": kind} for kind in ("*/*", "application/octet-stream"))]))


def _events(service: Service, case: Case, draw: Draw) -> dict[str, str]:
    case.headers.pop("Last-Event-ID", None)
    return draw(st.sampled_from([{}, {"Last-Event-ID": "0-0"}, {"Last-Event-ID": f"{2**64 - 1}-0"}]))


def _with_address(service: Service, case: Case, draw: Draw) -> dict[str, str]:
    case.body["email"] = f"somebody-{next(service.numbers)}@example.org"
    case.body["name"] = draw(st.sampled_from(["Somebody", case.body.get("name", "")]))
    return {}


def _new_key(service: Service, case: Case, draw: Draw) -> dict[str, str]:
    _with_address(service, case, draw)
    case.body = {
        name: case.body[name] for name in draw(st.sampled_from([("name",), ("name", "email"), tuple(case.body)]))
    }
    return {}


def _own_key(service: Service, case: Case, draw: Draw) -> dict[str, str]:
    return {"X-API-Key": service.new_key()["api_key"]}


def _metrics(service: Service, case: Case, draw: Draw) -> dict[str, str]:
    return draw(st.sampled_from([{}, {"Accept": "application/openmetrics-text; version=1.0.0"}]))


_CHANGES: dict[str, Callable[[Service, Case, Draw], dict[str, str]]] = {
    "POST /ocr/submit": _submit,
    "PUT /ocr/jobs/{job_id}/document": _correct,
    "GET /ocr/jobs/{job_id}/file": _file,
    "GET /ocr/events": _events,
    "GET /ocr/events/{job_id}": _events,
    "POST /auth/register": _with_address,
    "POST /auth/keys": _new_key,
    "POST /auth/regenerate": _own_key,
    "POST /auth/revoke": _own_key,
    "GET /metrics": _metrics,
}


def break_only(service: Service, operation: Operation, case: Case, draw: Draw) -> dict[str, str]:
    """Leave a generated request malformed, but put existing ids into its path if possible."""
    if "job_id" in operation.path_parameters and operation.method != "DELETE":
        case.path_parameters["job_id"] = service.jobs[draw(st.sampled_from(sorted(service.jobs)))]
    if isinstance(case.body, dict) and "webhook_url" in case.body:
        case.body["webhook_url"] = service.receiver.url()  # only this test uses it
    own = _own_key(service, case, draw) if str(operation) in ("POST /auth/regenerate", "POST /auth/revoke") else {}
    return {"X-API-Key": service.key} | own


def ask_about_nothing(service: Service, operation: Operation, case: Case, draw: Draw) -> dict[str, str]:
    for name in operation.path_parameters - {"number"}:
        case.path_parameters[name] = draw(st.sampled_from([UNKNOWN, case.path_parameters[name]]))
    return {"X-API-Key": service.key}


def send_no_key(service: Service, operation: Operation, case: Case, draw: Draw) -> dict[str, str]:
    headers = fit(service, operation, case, draw)
    headers.pop("X-API-Key")
    case.headers.pop("X-API-Key", None)
    case.headers.pop("Authorization", None)
    return headers | draw(st.sampled_from([{}, {"X-API-Key": "wrong"}, {"Authorization": "Bearer wrong"}]))


Change = Callable[[Service, Operation, Case, Draw], dict[str, str]]


def run(
    service: Service,
    operation: Operation,
    change: Change,
    mode: GenerationMode = GenerationMode.POSITIVE,
    examples: int = EXAMPLES,
) -> Counter[int]:
    """Send the requests, check the responses, and count them by status."""
    statuses: Counter[int] = Counter()
    is_refusable = mode is GenerationMode.NEGATIVE and str(operation) not in LENIENT
    refused = [negative_data_rejection] if is_refusable else []
    strategy = service.schema[operation.path][operation.method].as_strategy(mode)

    @settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.data())
    def ask(data: st.DataObject) -> None:
        case = data.draw(strategy)
        headers = change(service, operation, case, data.draw)
        _shorten_wait(case)
        answer = service.send(case, operation, **headers)
        statuses[answer.status_code] += 1
        case.validate_response(answer, checks=CHECKS + refused)

    ask()
    return statuses


def _shorten_wait(case: Case) -> None:
    wait = case.query.get("wait") if isinstance(case.query, dict) else None
    if isinstance(wait, int | float) and wait > _MAX_WAIT_S:
        case.query["wait"] = _MAX_WAIT_S


# ── responses ────────────────────────────────────────────────────────────────────────────────────


def test_the_operations_that_are_tried_are_those_that_are_described(service: Service) -> None:
    assert set(operations_of(service.description)) == set(OPERATIONS)


@pytest.mark.parametrize("operation", OPERATIONS, ids=str)
def test_requests_as_described_are_answered_as_described(service: Service, operation: Operation) -> None:
    statuses = run(service, operation, fit)
    assert any(200 <= status < 300 for status in statuses), f"none was taken: {statuses}"


@pytest.mark.parametrize("operation", [found for found in OPERATIONS if found.takes_anything], ids=str)
def test_malformed_requests_are_refused_as_described(service: Service, operation: Operation) -> None:
    assert run(service, operation, break_only, GenerationMode.NEGATIVE)


@pytest.mark.parametrize("operation", [found for found in OPERATIONS if found.path_parameters], ids=str)
def test_requests_about_missing_things_are_answered_as_described(service: Service, operation: Operation) -> None:
    statuses = run(service, operation, ask_about_nothing, examples=max(1, EXAMPLES // 2))
    assert set(statuses) <= {400, 404}, statuses


@pytest.mark.parametrize("operation", OPERATIONS, ids=str)
def test_callers_without_a_key_are_answered_as_described(service: Service, operation: Operation) -> None:
    statuses = run(service, operation, send_no_key, examples=max(1, EXAMPLES // 4))
    if operation.asks_for_a_key:
        assert set(statuses) == {401}, statuses


@pytest.mark.parametrize("form", list(ResultFormat))
def test_a_result_in_every_format_is_as_described(service: Service, form: ResultFormat) -> None:
    (operation,) = [found for found in OPERATIONS if str(found) == "GET /ocr/jobs/{job_id}/file"]
    asked = {"path_parameters": {"job_id": service.jobs["finished"]}, "query": {"format": form.value}}
    case = service.schema[operation.path][operation.method].Case(**asked)
    answer = service.send(case, operation, **{"X-API-Key": service.key})
    assert answer.status_code == 200
    case.validate_response(answer, checks=CHECKS)


@pytest.mark.parametrize("path", ["/ocr/jobs/{job_id}/file", "/ocr/jobs/{job_id}/pages/{number}/image"])
def test_unavailable_results_and_invalid_requests_are_both_described(path: str) -> None:
    """The description omits FastAPI's own 422, which never occurs. These 422 responses do."""
    (found,) = [operation for operation in OPERATIONS if str(operation) == f"GET {path}"]
    assert "cannot be" in found.spec["responses"]["422"]["description"]
    assert "400" in found.spec["responses"]


def test_a_webhook_is_sent_as_described(service: Service) -> None:
    sent_request = service.receiver.received[0]
    sent = service.description["webhooks"]["job.ended"]["post"]
    body = sent["requestBody"]["content"]["application/json"]["schema"]
    jsonschema_rs.validator_for(service.description | body).validate(sent_request.json)
    assert {header["name"] for header in sent["parameters"] if header["required"]} <= set(sent_request.headers)
