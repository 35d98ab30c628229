"""API keys over real HTTP: registered, checked, counted, replaced, revoked; and never stored in plain text."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
from redis import Redis

from ocrdesk.backend.api_keys.store import KeyStore, hash_secret
from ocrdesk.backend.ledger.ledger import Ledger
from ocrdesk.backend.redis_connection import connect
from ocrdesk.backend.settings import Settings
from ocrdesk.backend.task_queue import TaskQueue
from ocrdesk.contract.api_keys import KeyStats, Scope
from tests.api.conftest import error_code
from tests.helpers import plain_http
from tests.helpers.processes import running_api
from tests.helpers.redis_dump import everything_in
from tests.helpers.sample_files import text_png

STATIC, TOKEN = "set-by-the-operator", "the-local-backends-own-token"
ANN = {"email": "Ann@example.org", "name": "Ann Example"}
MANY = {"RATE_LIMIT_REGISTRATIONS": "1000", "RATE_LIMIT_ALL_REGISTRATIONS": "1000"}
"""All tests register from one address within an hour."""
NOBODY = "ocrdesk_" + "a" * 43
JOB = "0f8fad5bd9cb469fa16570867728950e"
OF_REQUESTS = ("ocrdesk:rates:", "ocrdesk:writable")
"""How the keys begin that count requests, and the one that readiness writes."""


@dataclass(frozen=True, slots=True)
class Replicas:
    """Two apis with one Redis, and the log file of both."""

    urls: tuple[str, str]
    log: Path


@pytest.fixture(scope="module")
def replicas(valkey_server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Replicas]:
    """Two apis that require keys."""
    log = tmp_path_factory.mktemp("api") / "log"
    env = {"REDIS_URL": valkey_server, "API_KEY_ENABLED": "true", "API_KEYS": STATIC, "LOCAL_TOKEN": TOKEN, **MANY}
    with running_api(log=log, **env) as one, running_api(log=log, **env) as other:
        yield Replicas((one, other), log)


@pytest.fixture(scope="module")
def open_server(valkey_server: str) -> Iterator[str]:
    """An api that requires no key."""
    with running_api(REDIS_URL=valkey_server, API_KEYS=STATIC, LOCAL_TOKEN=TOKEN, **MANY) as url:
        yield url


@pytest.fixture
def redis(redis_url: str) -> Any:
    """The apis' Redis, empty at first."""
    return Redis.from_url(redis_url, decode_responses=True)


@pytest.fixture
def store(redis_url: str) -> KeyStore:
    """The key store, as the operator uses it."""
    return KeyStore(connect(Settings(redis_url=redis_url), text=True))


@pytest.fixture
def no_redis_url() -> str:
    """The URL of a Redis that does not exist."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"redis://127.0.0.1:{free.getsockname()[1]}/0"


class Caller:
    """Calls one server with one key, or with none."""

    def __init__(self, url: str, key: str | None = None) -> None:
        self.url, self.key = url, key

    def __call__(self, method: str, path: str, json: object = None, **options: Any) -> httpx2.Response:
        headers = ({"X-API-Key": self.key} if self.key else {}) | options.pop("headers", {})
        return plain_http.request(
            method, self.url + path, json=json, headers=headers, trust_env=False, timeout=30, **options
        )

    def at(self, url: str) -> Caller:
        return Caller(url, self.key)

    def get(self, path: str, **options: Any) -> httpx2.Response:
        return self("GET", path, **options)

    def post(self, path: str, json: object = None, **options: Any) -> httpx2.Response:
        return self("POST", path, json, **options)

    def is_let_in(self) -> bool:
        answer = self.get("/auth/stats")
        assert answer.status_code in (200, 401), answer.text
        return answer.status_code == 200

    def submit(self) -> str:
        answer = self("POST", "/ocr/submit", files={"file": ("a.png", text_png("Hello"))})
        assert answer.status_code == 202, answer.text
        return str(answer.json()["job_id"])

    def jobs(self) -> list[str]:
        return [job["job_id"] for job in self.get("/ocr/jobs").json()["jobs"]]


@pytest.fixture
def anyone(replicas: Replicas, redis: Any) -> Caller:
    """A caller without a key, at an api with an empty Redis."""
    return Caller(replicas.urls[0])


@pytest.fixture
def ann(anyone: Caller) -> Caller:
    """A user who has just registered."""
    return Caller(anyone.url, registered(anyone))


@pytest.fixture
def admin(anyone: Caller, store: KeyStore) -> Caller:
    return Caller(anyone.url, store.create("Root", scopes=[Scope.ADMIN]).secret)


def registered(anyone: Caller, **changes: str) -> str:
    answer = anyone.post("/auth/register", ANN | changes)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["api_key"])


def refusal(answer: httpx2.Response) -> tuple[int, str]:
    return answer.status_code, error_code(answer)


def end(redis: Any, key_id: str) -> None:
    """Set a key's end to a second ago."""
    redis.hset(f"ocrdesk:key:{key_id}", "expires_at", datetime.now(UTC).timestamp() - 1)


def stored(redis: Any) -> list[str]:
    """Return the keys in Redis, except what counts requests and what readiness writes."""
    return [key for key in redis.keys("*") if not key.startswith(OF_REQUESTS)]


def dump_without_counts(redis: Any) -> list[str]:
    """Return all keys and values in Redis, except what counts requests and what readiness writes."""
    return [line for line in everything_in(redis).splitlines() if not line.startswith(OF_REQUESTS)]


# ── registering ──────────────────────────────────────────────────────────────────────────────────


def test_registration_returns_a_working_key(anyone: Caller) -> None:
    answer = anyone.post("/auth/register", ANN)
    body = answer.json()
    assert answer.status_code == 201
    assert (body["email"], body["name"], body["scopes"]) == ("Ann@example.org", "Ann Example", ["submit", "read"])
    assert body["api_key"].startswith("ocrdesk_")
    assert "X-API-Key" in body["message"]
    assert answer.headers["cache-control"] == "no-store"
    ann = Caller(anyone.url, body["api_key"])
    assert ann.submit() in ann.jobs()


def test_a_registration_cannot_choose_its_rights(anyone: Caller) -> None:
    wanted = {"scopes": ["admin"], "owner": "local", "key_id": "0" * 16, "expires_at": None, "unlimited": True}
    answer = anyone.post("/auth/register", ANN | wanted)
    if answer.status_code != 400:  # fields that nobody knows may be refused or ignored
        mine = Caller(anyone.url, answer.json()["api_key"])
        stats = mine.get("/auth/stats").json()
        assert stats["scopes"] == ["submit", "read"]
        assert stats["key_id"] != "0" * 16
        assert mine.get("/auth/keys").status_code == 403


def test_a_name_is_trimmed(anyone: Caller) -> None:
    assert anyone.post("/auth/register", ANN | {"name": " \t Ann  Ä.\u3000"}).json()["name"] == "Ann  Ä."
    longest = {"email": "bob@example.org", "name": " " + "b" * 100 + " "}
    assert anyone.post("/auth/register", longest).json()["name"] == "b" * 100


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *(
            ("email", wrong)
            for wrong in ("", "ann", "ann@nowhere", "a@b@c.org", "ann@[127.0.0.1]", 7, None, ["a@b.org"])
        ),
        *(("email", "a" * 400 + "@example.org"), ("email", "ann\n@example.org")),
        *(("name", wrong) for wrong in ("", "   ", "b" * 101, "a\nb", "a\x1b[2Jb", "a\u202eb", "a\0", 7, None, {})),
    ],
)
def test_a_wrong_address_or_name_is_refused_by_name(anyone: Caller, redis: Any, field: str, value: object) -> None:
    answer = anyone.post("/auth/register", ANN | {field: value})
    assert refusal(answer) == (400, "bad_request")
    assert answer.json()["detail"].removeprefix("The request is not valid. ").startswith(f"{field}: ")
    assert stored(redis) == []


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"null", b'"x"', b"[" * 50_000, b"{}", b"\xff", b'{"email":"\\ud800"}']
)
def test_a_body_that_is_no_registration_is_refused(anyone: Caller, redis: Any, body: bytes) -> None:
    answer = anyone("POST", "/auth/register", content=body, headers={"Content-Type": "application/json"})
    assert refusal(answer) == (400, "bad_request")
    assert stored(redis) == []


def test_a_name_that_is_no_text_is_refused(anyone: Caller) -> None:
    body = b'{"email":"ann@example.org","name":"\\ud800"}'
    answer = anyone("POST", "/auth/register", content=body, headers={"Content-Type": "application/json"})
    assert refusal(answer) == (400, "bad_request")


def test_a_large_body_is_refused_before_it_is_read_whole(anyone: Caller) -> None:
    def endless() -> Iterator[bytes]:
        for _ in range(3):
            yield b" " * 30_000

    for content in (b" " * 70_000, endless()):
        answer = anyone("POST", "/auth/register", content=content, headers={"Content-Type": "application/json"})
        assert refusal(answer) == (413, "body_too_large")


def test_an_address_with_an_active_key_cannot_register_again(anyone: Caller, ann: Caller, redis: Any) -> None:
    before = dump_without_counts(redis)
    for email in ("Ann@example.org", "ANN@EXAMPLE.ORG", " ann@Example.org "):
        answer = anyone.post("/auth/register", ANN | {"email": email})
        assert refusal(answer) == (409, "already_registered")
        assert "/auth/regenerate" in answer.json()["detail"]
        assert "revoke" in answer.json()["detail"]
    assert dump_without_counts(redis) == before
    assert ann.is_let_in()


def test_registrations_of_one_address_at_the_same_time_make_one_key(replicas: Replicas, redis: Any) -> None:
    barrier = threading.Barrier(6)

    def register(number: int) -> int:
        barrier.wait()
        return Caller(replicas.urls[number % 2]).post("/auth/register", ANN).status_code

    with ThreadPoolExecutor(6) as pool:
        assert sorted(pool.map(register, range(6))) == [201, 409, 409, 409, 409, 409]
    assert len(redis.keys("ocrdesk:key:*")) == 1


def test_closed_registration_is_refused_before_validation(redis_url: str, redis: Any) -> None:
    with running_api(REDIS_URL=redis_url, REGISTRATION_ENABLED="false") as url:
        for body in (ANN, {}, {"email": "x"}):
            assert refusal(Caller(url).post("/auth/register", body)) == (403, "registration_closed")
    assert stored(redis) == []


# ── who has access ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
def test_a_key_may_come_as_a_bearer_token(anyone: Caller, ann: Caller, scheme: str) -> None:
    for key in (ann.key, STATIC, TOKEN):
        assert anyone.get("/ocr/jobs", headers={"Authorization": f"{scheme} {key}"}).status_code == 200
    answer = anyone.get("/ocr/jobs", headers={"Authorization": f"Basic {ann.key}"})
    assert refusal(answer) == (401, "unauthorized")
    assert "Bearer" in answer.headers["www-authenticate"]


def test_the_keys_own_header_counts_before_a_bearer_token(ann: Caller) -> None:
    assert ann.get("/ocr/jobs", headers={"Authorization": "Bearer of-some-proxy"}).status_code == 200


def test_the_authorization_header_can_be_the_configured_one(redis_url: str, store: KeyStore) -> None:
    secret = store.create("Ann", scopes=[Scope.READ]).secret
    with running_api(REDIS_URL=redis_url, API_KEY_ENABLED="true", API_KEY_HEADER="Authorization") as url:
        for value in (secret, f"Bearer {secret}"):
            assert Caller(url).get("/ocr/jobs", headers={"Authorization": value}).status_code == 200


def test_unknown_revoked_and_malformed_keys_get_the_same_response(anyone: Caller, ann: Caller) -> None:
    ann.post("/auth/revoke")
    answers = [Caller(anyone.url, key).get("/ocr/jobs") for key in (ann.key, NOBODY, "wrong", None)]
    assert {refusal(answer) for answer in answers} == {(401, "unauthorized")}
    assert len({answer.content for answer in answers}) == 1


def test_an_expired_key_may_say_so(anyone: Caller, store: KeyStore, redis: Any) -> None:
    issued = store.create("Ann", scopes=[Scope.READ], expires_at=datetime.now(UTC) + timedelta(days=1))
    caller = Caller(anyone.url, issued.secret)
    assert caller.is_let_in()
    end(redis, issued.record.key_id)
    answer = caller.get("/ocr/jobs")
    assert refusal(answer) == (401, "unauthorized")
    assert "expired" in answer.json()["detail"]
    assert refusal(caller.post("/auth/regenerate"))[0] == refusal(caller.post("/auth/revoke"))[0] == 401


SUBMITTING = [("POST", "/ocr/submit"), ("POST", f"/ocr/jobs/{JOB}/cancel"), ("DELETE", f"/ocr/jobs/{JOB}")]
READING = [
    *(("GET", "/ocr/jobs"), ("GET", f"/ocr/jobs/{JOB}"), ("GET", f"/ocr/result/{JOB}"), ("GET", "/ocr/events")),
    *(("GET", f"/ocr/events/{JOB}"), ("GET", f"/ocr/jobs/{JOB}/pages/1"), ("GET", "/capabilities")),
]
MANAGING = [
    *(("GET", "/auth/keys"), ("POST", "/auth/keys"), ("GET", "/auth/keys/0123456789abcdef")),
    ("DELETE", "/auth/keys/0123456789abcdef"),
]


@pytest.mark.parametrize(
    ("missing", "calls"), [(Scope.SUBMIT, SUBMITTING), (Scope.READ, READING), (Scope.ADMIN, MANAGING)]
)
def test_a_key_without_the_scope_learns_which_one_is_missing(
    anyone: Caller, store: KeyStore, missing: Scope, calls: list[tuple[str, str]]
) -> None:
    caller = Caller(anyone.url, store.create("Ann", scopes=[scope for scope in Scope if scope is not missing]).secret)
    for method, path in calls:
        answer = caller(method, path)
        assert refusal(answer) == (403, "forbidden"), path
        assert f"lacks the scope {missing}" in answer.json()["detail"]
        assert answer.json()["missing_scope"] == missing
    for method, path in [call for call in SUBMITTING + READING[:3] + MANAGING if call not in calls]:
        assert caller(method, path).status_code != 403, path
    assert caller.is_let_in(), "one's own key can be looked at with any scope"


def test_a_job_is_cancelled_and_deleted_by_its_own_key_only(anyone: Caller, ann: Caller) -> None:
    bob = Caller(anyone.url, registered(anyone, email="bob@example.org"))
    job_id = ann.submit()
    assert refusal(bob.post(f"/ocr/jobs/{job_id}/cancel")) == (404, "not_found")
    assert refusal(bob("DELETE", f"/ocr/jobs/{job_id}")) == (404, "not_found")
    assert bob.jobs() == []
    assert ann.post(f"/ocr/jobs/{job_id}/cancel").json()["status"] == "cancelled"
    assert ann("DELETE", f"/ocr/jobs/{job_id}").status_code == 204


def test_keys_of_the_operator_keep_their_owners(anyone: Caller, redis: Any) -> None:
    job_id = Caller(anyone.url, STATIC).submit()
    assert redis.hget(f"ocrdesk:job:{job_id}", "owner") == "key-8719b89f6d4e8da75934fd3bec3f3185"
    assert redis.hget(f"ocrdesk:job:{Caller(anyone.url, TOKEN).submit()}", "owner") == "local"


# ── stats ────────────────────────────────────────────────────────────────────────────────────────


def test_stats_show_the_caller_and_the_usage(ann: Caller) -> None:
    before = datetime.now(UTC)
    ann.jobs()
    stats = KeyStats.model_validate_json(ann.get("/auth/stats").content)
    assert (stats.email, stats.name, stats.scopes) == ("Ann@example.org", "Ann Example", (Scope.SUBMIT, Scope.READ))
    assert stats.prefix is not None
    assert str(ann.key).startswith(stats.prefix)
    assert (stats.request_count, stats.page_count, stats.byte_count) == (2, 0, 0)
    assert stats.last_used_at is not None
    assert stats.last_used_at >= before
    assert stats.created_at is not None
    assert stats.created_at <= before
    assert stats.expires_at is None
    assert len(stats.daily) == 30
    assert (stats.daily[-1].requests, sum(day.requests for day in stats.daily)) == (2, 2)


def test_every_request_is_counted_once_on_every_replica(replicas: Replicas, ann: Caller) -> None:
    calls = [("GET", "/ocr/jobs"), ("GET", f"/ocr/jobs/{JOB}"), ("DELETE", f"/ocr/jobs/{JOB}"), ("GET", "/auth/keys")]

    def call(number: int) -> None:
        ann.at(replicas.urls[number % 2])(*calls[number % len(calls)])

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(call, range(60)))
    assert ann.get("/auth/stats").json()["request_count"] == 61


def test_requests_refused_for_their_key_are_not_counted(anyone: Caller, ann: Caller, redis: Any) -> None:
    before = dump_without_counts(redis)
    for key in (None, "wrong", NOBODY):
        assert Caller(anyone.url, key).get("/ocr/jobs").status_code == 401
    assert dump_without_counts(redis) == before


@pytest.mark.parametrize(("key", "scopes"), [(STATIC, ["submit", "read"]), (TOKEN, ["submit", "read", "admin"])])
def test_keys_of_the_operator_have_stats_without_an_address(anyone: Caller, key: str, scopes: list[str]) -> None:
    caller = Caller(anyone.url, key)
    caller.jobs()
    stats = caller.get("/auth/stats").json()
    assert (stats["email"], stats["name"], stats["prefix"], stats["scopes"]) == (None, None, None, scopes)
    assert stats["request_count"] == 2
    assert stats["last_used_at"] is not None


# ── replacing ────────────────────────────────────────────────────────────────────────────────────


def test_a_replaced_key_stops_working_immediately_on_every_replica_and_its_jobs_stay(
    replicas: Replicas, ann: Caller
) -> None:
    assert ann.at(replicas.urls[1]).is_let_in()
    job_id = ann.submit()
    answer = ann.post("/auth/regenerate")
    body = answer.json()
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert (body["email"], body["name"], body["overlap_until"]) == ("Ann@example.org", "Ann Example", None)
    assert "works no more" in body["message"]
    new = Caller(ann.url, body["api_key"])
    for url in replicas.urls:
        assert refusal(ann.at(url).get("/ocr/jobs")) == (401, "unauthorized")
        assert new.at(url).jobs() == [job_id]
    assert new.get("/auth/stats").json()["request_count"] == 6, "the account keeps counting"


def test_an_old_key_works_until_its_overlap_ends(replicas: Replicas, ann: Caller, redis: Any) -> None:
    body = ann.post("/auth/regenerate", {"overlap_seconds": 3600}).json()
    new = Caller(ann.url, body["api_key"])
    assert body["overlap_until"][:16] in body["message"]
    assert ann.is_let_in()
    assert new.is_let_in()
    assert new.get("/auth/stats").json()["overlap_until"] == body["overlap_until"]
    redis.pexpire(f"ocrdesk:keyhash:{hash_secret(str(ann.key))}", 0)
    for url in replicas.urls:
        assert not ann.at(url).is_let_in()
        assert new.at(url).is_let_in()


def test_at_most_one_old_key_stays_valid(ann: Caller) -> None:
    second = Caller(ann.url, ann.post("/auth/regenerate", {"overlap_seconds": 3600}).json()["api_key"])
    answer = second.post("/auth/regenerate", {"overlap_seconds": 604_800}).json()
    third = Caller(ann.url, answer["api_key"])
    assert "no other does" in answer["message"]
    assert [caller.is_let_in() for caller in (ann, second, third)] == [False, True, True]


@pytest.mark.parametrize(
    "body",
    [
        {"overlap_seconds": -1},
        {"overlap_seconds": 604_801},
        {"overlap_seconds": "long"},
        {"overlap_second": 60},
        [],
        60,
    ],
)
def test_a_wrong_overlap_replaces_nothing(ann: Caller, body: object) -> None:
    assert refusal(ann.post("/auth/regenerate", body)) == (400, "bad_request")
    assert ann.is_let_in()


@pytest.mark.parametrize("body", [None, {}, {"overlap_seconds": 0}])
def test_without_an_overlap_the_old_key_ends(ann: Caller, body: object) -> None:
    assert ann.post("/auth/regenerate", body).status_code == 200
    assert not ann.is_let_in()


def test_one_of_two_that_replace_a_key_at_the_same_time_wins(replicas: Replicas, ann: Caller) -> None:
    barrier = threading.Barrier(6)

    def regenerate(number: int) -> httpx2.Response:
        barrier.wait()
        return ann.at(replicas.urls[number % 2]).post("/auth/regenerate")

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(regenerate, range(6)))
    assert sorted(answer.status_code for answer in answers) == [200, 401, 401, 401, 401, 401]
    (won,) = [answer for answer in answers if answer.status_code == 200]
    assert Caller(ann.url, won.json()["api_key"]).is_let_in()


# ── revoking ─────────────────────────────────────────────────────────────────────────────────────


def test_a_revoked_key_stops_working_immediately_with_all_its_secrets(replicas: Replicas, ann: Caller) -> None:
    new = Caller(ann.url, ann.post("/auth/regenerate", {"overlap_seconds": 3600}).json()["api_key"])
    answer = ann.post("/auth/revoke")
    assert answer.status_code == 200
    assert "run to their end and then expire" in answer.json()["message"]
    for url in replicas.urls:
        assert not ann.at(url).is_let_in()
        assert not new.at(url).is_let_in()


def test_a_revoked_keys_address_can_register_again_and_does_not_get_its_jobs(anyone: Caller, ann: Caller) -> None:
    ann.submit()
    ann.post("/auth/revoke")
    again = Caller(anyone.url, registered(anyone))
    assert again.jobs() == []
    assert again.get("/auth/stats").json()["request_count"] == 2


@pytest.mark.parametrize("path", ["", "/{job_id}"])
@pytest.mark.parametrize("how", ["/auth/revoke", "/auth/regenerate"])
def test_an_open_stream_of_an_ended_key_ends_without_further_events(
    ann: Caller, redis_url: str, path: str, how: str
) -> None:
    job_id = ann.submit()
    url = f"{ann.url}/ocr/events{path.format(job_id=job_id)}"
    said = ""
    with plain_http.stream("GET", url, headers={"X-API-Key": str(ann.key)}, timeout=60, trust_env=False) as stream:
        lines = stream.iter_lines()
        assert "still here" in next(lines)
        assert ann.post(how).status_code == 200
        settings = Settings(redis_url=redis_url)
        ledger = Ledger(
            connect(settings, text=True), TaskQueue(connect(settings, text=False), settings.queue_name), 3600
        )
        ledger.jobs.cancel(job_id)
        said = "".join(lines)
    assert "cancelled" not in said


@pytest.mark.parametrize("path", ["/auth/regenerate", "/auth/revoke"])
@pytest.mark.parametrize(("key", "who"), [(STATIC, "in API_KEYS"), (TOKEN, "local server")])
def test_keys_of_the_operator_cannot_be_changed_here(anyone: Caller, path: str, key: str, who: str) -> None:
    caller = Caller(anyone.url, key)
    answer = caller.post(path)
    assert refusal(answer) == (403, "forbidden")
    assert who in answer.json()["detail"]
    assert caller.is_let_in()


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/auth/stats"), ("POST", "/auth/regenerate"), ("POST", "/auth/revoke"), *MANAGING]
)
def test_without_a_key_there_is_nothing_to_ask_about(anyone: Caller, open_server: str, method: str, path: str) -> None:
    for url in (anyone.url, open_server):
        assert refusal(Caller(url)(method, path, {"name": "x"})) == (401, "unauthorized")


# ── a server that requires no key ────────────────────────────────────────────────────────────────


def test_on_an_open_server_a_key_is_its_account_and_none_is_everyone(open_server: str, redis: Any) -> None:
    anyone = Caller(open_server)
    ann, static = Caller(open_server, registered(anyone)), Caller(open_server, STATIC)
    jobs = {caller: caller.submit() for caller in (anyone, ann, static)}
    for caller, job_id in jobs.items():
        assert caller.jobs() == [job_id]
    assert Caller(open_server, TOKEN).jobs() == [], "this machine's own desktop has jobs of its own"
    assert Caller(open_server, TOKEN).get("/auth/keys").json()["keys"][0]["email"] == "Ann@example.org"


def test_an_open_server_refuses_a_wrong_key(open_server: str, redis: Any) -> None:
    revoked = Caller(open_server, registered(Caller(open_server)))
    revoked.post("/auth/revoke")
    for caller in (revoked, Caller(open_server, NOBODY), Caller(open_server, "wrong")):
        answer = caller.get("/ocr/jobs")
        assert refusal(answer) == (401, "unauthorized")
        assert "leave it out" in answer.json()["detail"]
    bearer = {"Authorization": f"Bearer {revoked.key}"}
    assert refusal(Caller(open_server).get("/ocr/jobs", headers=bearer)) == (401, "unauthorized")


def test_on_an_open_server_a_proxys_own_token_is_no_key(open_server: str, redis: Any) -> None:
    for value in ("Bearer eyJhbGciOiJIUzI1NiJ9.e30.x", "Basic YW5uOnNlY3JldA==", "Bearer", ""):
        assert Caller(open_server).get("/ocr/jobs", headers={"Authorization": value}).status_code == 200


# ── admins ───────────────────────────────────────────────────────────────────────────────────────


def test_an_admin_makes_a_key_with_scopes_and_an_end(admin: Caller) -> None:
    answer = admin.post("/auth/keys", {"name": "Robot", "scopes": ["read", "read"], "expires_in_days": 30})
    body = answer.json()
    assert answer.status_code == 201
    assert answer.headers["cache-control"] == "no-store"
    assert (body["email"], body["name"], body["scopes"]) == (None, "Robot", ["read"])
    left = datetime.fromisoformat(body["expires_at"]) - datetime.now(UTC)
    assert timedelta(days=29, hours=23) < left <= timedelta(days=30)
    assert Caller(admin.url, body["api_key"]).get("/auth/stats").json()["expires_at"] == body["expires_at"]


def test_an_admins_key_takes_an_address_too(anyone: Caller, admin: Caller) -> None:
    end_at = (datetime.now(UTC) + timedelta(days=2)).replace(microsecond=0)
    made = admin.post("/auth/keys", ANN | {"expires_at": end_at.isoformat()})
    assert (made.status_code, made.json()["scopes"]) == (201, ["submit", "read"])
    assert datetime.fromisoformat(made.json()["expires_at"]) == end_at
    assert refusal(anyone.post("/auth/register", ANN)) == (409, "already_registered")
    assert refusal(admin.post("/auth/keys", ANN)) == (409, "already_registered")


@pytest.mark.parametrize(
    "changes",
    [
        *({"scopes": wrong} for wrong in ([], ["root"], "admin", None)),
        *({"expires_in_days": wrong} for wrong in (0, -1, 3651, "soon")),
        *(
            {"expires_at": wrong}
            for wrong in ("2020-01-01T00:00:00Z", "2030-01-01T00:00:00", "9999-12-31T23:59:59-12:00")
        ),
        *({"expires_at": "2030-01-01T00:00:00Z", "expires_in_days": 1}, {"email": "x"}, {"email": ""}, {"name": " "}),
        *({"scope": ["admin"]}, {"expire_in_days": 1}),
    ],
)
def test_an_invalid_request_creates_no_key(admin: Caller, redis: Any, changes: dict[str, object]) -> None:
    answer = admin.post("/auth/keys", {"name": "Robot"} | changes)
    assert refusal(answer) == (400, "bad_request")
    assert len(redis.keys("ocrdesk:key:*")) == 1


def test_keys_are_listed_page_by_page_and_never_a_secret(anyone: Caller, admin: Caller) -> None:
    secrets = [registered(anyone, email=f"ann{n}@example.org") for n in range(5)]
    Caller(anyone.url, secrets[1]).post("/auth/revoke")
    seen: list[dict[str, Any]] = []
    params: dict[str, Any] = {"limit": 2}
    while True:
        answer = admin.get("/auth/keys", params=params)
        assert not any(secret in answer.text or hash_secret(secret) in answer.text for secret in [*secrets, admin.key])
        seen += answer.json()["keys"]
        if (after := answer.json()["next"]) is None:
            break
        params["after"] = after
    assert [key["email"] for key in seen] == [*(f"ann{n}@example.org" for n in (4, 3, 2, 1, 0)), None]
    assert [key["status"] for key in seen] == ["active", "active", "active", "revoked", "active", "active"]
    assert seen[3]["request_count"] == 1


@pytest.mark.parametrize("params", [{"limit": 0}, {"limit": 1001}, {"limit": "x"}, {"after": "0" * 16}, {"email": "x"}])
def test_a_wrong_page_is_refused(admin: Caller, params: dict[str, Any]) -> None:
    assert refusal(admin.get("/auth/keys", params=params)) == (400, "bad_request")


def test_a_key_is_found_by_its_address(anyone: Caller, admin: Caller, ann: Caller) -> None:
    assert [key["name"] for key in admin.get("/auth/keys", params={"email": "ANN@example.org"}).json()["keys"]] == [
        "Ann Example"
    ]
    assert admin.get("/auth/keys", params={"email": "bob@example.org"}).json() == {"keys": [], "next": None}


def test_an_admin_looks_at_a_key_and_revokes_it(anyone: Caller, admin: Caller, ann: Caller) -> None:
    key_id = ann.get("/auth/stats").json()["key_id"]
    found = admin.get(f"/auth/keys/{key_id}").json()
    assert (found["email"], found["status"], found["request_count"]) == ("Ann@example.org", "active", 1)
    assert found["daily"][-1]["requests"] == 1
    for _ in range(2):
        assert admin("DELETE", f"/auth/keys/{key_id}").status_code == 204
        assert not ann.is_let_in()
    assert admin.get(f"/auth/keys/{key_id}").json()["status"] == "revoked"
    registered(anyone)


@pytest.mark.parametrize("key_id", ["0123456789abcdef", "x", "a:b", "%00", "ä"])
def test_an_unknown_key_is_not_found(admin: Caller, key_id: str) -> None:
    for method in ("GET", "DELETE"):
        assert refusal(admin(method, f"/auth/keys/{key_id}")) == (404, "not_found")


# ── where a secret must not be ───────────────────────────────────────────────────────────────────


def test_no_secret_is_in_redis_the_log_or_an_error(replicas: Replicas, anyone: Caller, ann: Caller, redis: Any) -> None:
    new = Caller(ann.url, ann.post("/auth/regenerate", {"overlap_seconds": 60}).json()["api_key"])
    answers = [
        *(caller(method, path) for caller in (ann, new) for method, path in SUBMITTING + READING[:3] + MANAGING),
        *(caller.post("/auth/regenerate", {"overlap_seconds": caller.key}) for caller in (ann, new)),
        anyone.post("/auth/register", {"email": new.key, "name": new.key}),
        *(anyone.get(f"/nowhere/{NOBODY}", headers={"X-API-Key": str(key)}) for key in (ann.key, new.key)),
    ]
    stored = everything_in(redis)
    redis.set(f"ocrdesk:keyhash:{hash_secret(str(new.key))}", "x")
    redis.set("ocrdesk:key:x", "of a wrong type")
    failed = new.get("/ocr/jobs")
    assert refusal(failed) == (500, "internal")
    log = replicas.log.read_text()
    assert "ResponseError" in log, "the log must be the one that is looked at"
    for secret in (str(ann.key), str(new.key), STATIC, TOKEN):
        assert secret not in stored
        assert secret not in log
        for answer in (*answers, failed):
            assert secret not in answer.text


def test_while_redis_is_unavailable_keys_are_not_called_wrong(no_redis_url: str) -> None:
    with running_api(REDIS_URL=no_redis_url, API_KEY_ENABLED="true", API_KEYS=STATIC) as url:
        for caller in (Caller(url, NOBODY), Caller(url, STATIC)):
            for path in ("/auth/stats", "/ocr/jobs"):
                assert refusal(caller.get(path)) == (503, "redis_unavailable")
        assert refusal(Caller(url).post("/auth/register", ANN)) == (503, "redis_unavailable")


def test_with_a_full_redis_jobs_can_be_read_and_deleted(ann: Caller, redis: Any) -> None:
    job_id = ann.submit()
    redis.config_set("maxmemory", "1")
    try:
        assert ann.jobs() == [job_id]
        assert refusal(Caller(ann.url).post("/auth/register", ANN | {"email": "bob@example.org"})) == (
            503,
            "storage_full",
        )
    finally:
        redis.config_set("maxmemory", "0")


# ── the documentation ────────────────────────────────────────────────────────────────────────────


def schema_of(url: str) -> dict[str, Any]:
    answer = plain_http.get(url.removesuffix("/api/v1") + "/openapi.json", trust_env=False)
    schema: dict[str, Any] = answer.json()
    return schema


def test_the_documentation_has_a_button_for_the_key(redis_url: str, open_server: str) -> None:
    with running_api(REDIS_URL=redis_url, API_KEY_ENABLED="true", API_KEY_HEADER="X-Sesame") as url:
        schema = schema_of(url)
    schemes = schema["components"]["securitySchemes"]
    assert (schemes["apiKey"]["in"], schemes["apiKey"]["name"]) == ("header", "X-Sesame")
    assert (schemes["bearer"]["type"], schemes["bearer"]["scheme"]) == ("http", "bearer")
    both = [{"apiKey": []}, {"bearer": []}]
    assert schema["paths"]["/api/v1/ocr/submit"]["post"]["security"] == both
    assert "security" not in schema["paths"]["/api/v1/auth/register"]["post"]
    opened = schema_of(open_server)["paths"]
    assert opened["/api/v1/ocr/submit"]["post"]["security"] == [*both, {}]
    assert opened["/api/v1/auth/stats"]["get"]["security"] == both


def test_every_field_and_error_of_the_keys_is_described_with_an_example(open_server: str) -> None:
    schema = schema_of(open_server)
    models = schema["components"]["schemas"]
    for model in ("Registration", "RegenerateRequest", "NewKey", "IssuedKey", "Message", "KeyStats", "KeyInfo"):
        for name, field in models[model]["properties"].items():
            inner = [field, *field.get("anyOf", [])]
            assert any("examples" in part or "$ref" in part.get("items", {}) for part in inner), f"{model}.{name}"
    for path, operations in schema["paths"].items():
        for operation in operations.values():
            if unprocessable := operation["responses"].get("422"):  # never the framework's default body
                assert unprocessable["content"]["application/json"]["schema"] == {
                    "$ref": "#/components/schemas/ErrorBody"
                }
            if "/auth/" not in path:
                continue
            assert operation["summary"]
            assert operation["description"]
            for status, response in operation["responses"].items():
                if status >= "401":
                    content = response["content"]["application/json"]
                    assert "example" in content or "examples" in content, (path, status)


def test_the_documented_errors_are_sent(anyone: Caller, ann: Caller) -> None:
    responses = schema_of(anyone.url)["paths"]["/api/v1/auth/register"]["post"]["responses"]
    answer = anyone.post("/auth/register", ANN)
    assert responses["409"]["content"]["application/json"]["example"] == answer.json()
