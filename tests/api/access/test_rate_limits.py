"""Rate limits: which callers are counted, over which time, across all replicas, and how they are refused."""

from __future__ import annotations

import asyncio
import concurrent.futures
import socket
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest
from fastapi import APIRouter, FastAPI
from redis import Redis

from ocrdesk.backend.rate_limits import RateLimit
from ocrdesk.backend.services import Services
from ocrdesk.backend.settings import Settings
from ocrdesk_api import errors
from ocrdesk_api.access import rate_limits
from ocrdesk_api.middleware.http_metrics import HttpMetrics
from tests.api.conftest import KEY, OTHER_KEY, error_code
from tests.helpers import plain_http
from tests.helpers.limited_api import TOKEN, LimitedApi, keys, read, submit, submits
from tests.helpers.processes import run_valkey, running_api, short_folder
from tests.helpers.wait import wait_until

UNKNOWN = "/ocr/jobs/0f8fad5bd9cb469fa16570867728950e"


@pytest.fixture(autouse=True)
def forget_all_counts(limited: LimitedApi) -> None:
    with Redis.from_url(limited.redis_url) as redis:
        redis.flushall()


def test_the_eleventh_submit_is_refused_in_the_documented_words(limited: LimitedApi) -> None:
    assert submits(limited.first, 10) == [202] * 10
    answer = submit(limited.first)
    assert answer.status_code == 429
    body = answer.json()
    retry_after = body.pop("retry_after")
    assert body == {
        "error": "Rate limit exceeded",
        "detail": "Too many requests. Limit: 10 per 1 minute",
        "code": "rate_limited",
        "message_id": "rate_limited",
        "params": {"limit": "10 per 1 minute"},
    }
    assert type(retry_after) is int
    assert 1 <= retry_after <= 60
    assert answer.headers["retry-after"] == str(retry_after)


def test_concurrent_submits_are_counted_one_by_one(limited: LimitedApi) -> None:
    with concurrent.futures.ThreadPoolExecutor(20) as pool:
        statuses = [answer.status_code for answer in pool.map(lambda _: submit(limited.first), range(20))]
    assert sorted(statuses) == [202] * 10 + [429] * 10


def test_replicas_share_a_bound(limited: LimitedApi) -> None:
    urls = [limited.first, limited.second] * 5
    assert [submit(url).status_code for url in urls] == [202] * 10
    assert [submit(url).status_code for url in (limited.first, limited.second)] == [429, 429]


def test_an_invalid_submit_counts_and_a_limited_one_does_not(limited: LimitedApi) -> None:
    bad = [plain_http.post(f"{limited.first}/ocr/submit", trust_env=False) for _ in range(10)]
    assert {(answer.status_code, error_code(answer)) for answer in bad} == {(400, "missing_file")}
    before = window(limited, RateLimit.SUBMITS)
    assert submits(limited.first, 5) == [429] * 5
    assert window(limited, RateLimit.SUBMITS) == before


def test_a_caller_over_the_submit_limit_can_poll_and_cancel(limited: LimitedApi) -> None:
    job_id = submit(limited.first).json()["job_id"]
    assert submits(limited.first, 10)[-1] == 429
    assert read(limited.first, f"/ocr/result/{job_id}").status_code == 200
    cancelled = plain_http.post(f"{limited.first}/ocr/jobs/{job_id}/cancel", trust_env=False)
    assert (cancelled.status_code, cancelled.json()["status"]) == (200, "cancelled")


def test_reads_have_a_bound_of_their_own(limited: LimitedApi) -> None:
    assert [read(limited.first).status_code for _ in range(31)] == [200] * 30 + [429]
    answer = read(limited.first, UNKNOWN)
    assert answer.json()["detail"] == "Too many requests. Limit: 30 per 1 minute"
    assert submit(limited.first).status_code == 202


def test_the_limit_is_checked_before_the_request_is_validated(limited: LimitedApi) -> None:
    assert read(limited.first, "/ocr/jobs?limit=x").status_code == 400
    assert [read(limited.first).status_code for _ in range(29)] == [200] * 29
    assert read(limited.first, "/ocr/jobs?limit=x").status_code == 429
    assert read(limited.first, UNKNOWN).status_code == 429


def test_requests_are_accepted_again_when_earlier_ones_leave_the_window(limited: LimitedApi) -> None:
    limits = {"RATE_LIMIT_ENABLED": "1", "RATE_LIMIT_REQUESTS": "2", "RATE_LIMIT_WINDOW": "second"}
    with running_api(REDIS_URL=limited.redis_url, **limits) as url:
        while (refused := submit(url)).status_code == 202:
            pass
        assert refused.json()["detail"] == "Too many requests. Limit: 2 per 1 second"
        assert refused.json()["retry_after"] == 1
        wait_until(lambda: submit(url).status_code == 202, "room in the window")


def test_no_stretch_of_a_windows_length_holds_more_than_the_bound(limited: LimitedApi) -> None:
    submits(limited.first, 10)
    key = keys(limited, RateLimit.SUBMITS)[0]
    with Redis.from_url(limited.redis_url) as redis:  # as if they had arrived up to 59 s ago
        times = [float(time) for time in redis.lrange(key, 0, -1)]
        redis.delete(key)
        redis.rpush(key, *[time - (1 if n < 9 else 61) for n, time in enumerate(times)])
    assert submits(limited.first, 3) == [202, 429, 429], "nine are in the window still, however old its first was"


def test_free_routes_are_never_counted(limited: LimitedApi) -> None:
    root = limited.first.removesuffix("/api/v1")
    paths = ("/api/v1/health", "/api/v1/health/live", "/api/v1/health/ready", "/docs", "/redoc", "/openapi.json")
    for path in paths:
        for _ in range(31):
            answer = read(root, path)
            assert answer.status_code == 200
            assert "ratelimit-limit" not in answer.headers
    assert keys(limited) == []


def test_the_local_backends_token_knows_no_limit(limited: LimitedApi) -> None:
    assert submits(limited.keyed, 11, X_API_Key=TOKEN) == [202] * 11
    assert [read(limited.keyed, X_API_Key=TOKEN).status_code for _ in range(31)] == [200] * 31
    assert "ratelimit-limit" not in read(limited.keyed, X_API_Key=TOKEN).headers
    assert keys(limited) == []


def test_there_are_no_limits_by_default(limited: LimitedApi) -> None:
    with running_api(REDIS_URL=limited.redis_url, RATE_LIMIT_REQUESTS="1") as url:
        assert submits(url, 3) == [202] * 3
        assert "ratelimit-limit" not in submit(url).headers


def test_each_key_has_its_own_bound_from_wherever_it_is_used(limited: LimitedApi) -> None:
    for n in range(10):
        assert submit(limited.keyed, X_API_Key=KEY, X_Forwarded_For=f"198.51.100.{n}").status_code == 202
    assert submit(limited.keyed, X_API_Key=KEY, X_Forwarded_For="198.51.100.99").status_code == 429
    assert submit(limited.keyed, X_API_Key=OTHER_KEY, X_Forwarded_For="198.51.100.1").status_code == 202


def test_without_keys_each_address_behind_a_trusted_proxy_has_its_own_bound(limited: LimitedApi) -> None:
    assert submits(limited.second, 11, X_Forwarded_For="198.51.100.1") == [202] * 10 + [429]
    assert submit(limited.second, X_Forwarded_For="198.51.100.2").status_code == 202


def test_too_many_wrong_keys_of_an_address_are_refused_and_right_ones_work(limited: LimitedApi) -> None:
    """Many callers can share an address: none of them may lock out the others."""
    guesser, other = "198.51.100.66", "198.51.100.1"
    guesses = [read(limited.keyed, X_API_Key=f"guess-{n}", X_Forwarded_For=guesser) for n in range(31)]
    assert [answer.status_code for answer in guesses] == [401] * 30 + [429]
    assert error_code(guesses[-1]) == "rate_limited"
    assert int(guesses[-1].headers["retry-after"]) == guesses[-1].json()["retry_after"] > 0
    assert submit(limited.keyed, X_Forwarded_For=guesser).status_code == 429
    for key in (KEY, OTHER_KEY):
        assert read(limited.keyed, X_API_Key=key, X_Forwarded_For=guesser).status_code == 200
        assert submit(limited.keyed, X_API_Key=key, X_Forwarded_For=guesser).status_code == 202
    assert read(limited.keyed, X_API_Key="wrong", X_Forwarded_For=guesser).status_code == 429
    assert read(limited.keyed, X_API_Key="wrong", X_Forwarded_For=other).status_code == 401


def test_registering_is_limited_by_default_by_address_and_in_all(limited: LimitedApi) -> None:
    env = {"REDIS_URL": limited.redis_url, "TRUSTED_PROXIES": "127.0.0.1", "RATE_LIMIT_ALL_REGISTRATIONS": "13"}
    with running_api(**env) as url:

        def register(number: int, address: str) -> httpx2.Response:
            person = {"email": f"p{number}@example.com", "name": "P"}
            return plain_http.post(
                f"{url}/auth/register", json=person, headers={"X-Forwarded-For": address}, trust_env=False
            )

        mine = [register(number, "198.51.100.1") for number in range(11)]
        assert [answer.status_code for answer in mine] == [201] * 10 + [429]
        others = [register(100 + number, f"198.51.100.{2 + number}") for number in range(4)]
        assert [answer.status_code for answer in others] == [201] * 3 + [429]
        for refused, amount in ((mine[-1], 10), (others[-1], 13)):
            assert error_code(refused) == "rate_limited"
            assert refused.json()["detail"] == f"Too many requests. Limit: {amount} per 1 hour"
            assert 3_500 < int(refused.headers["retry-after"]) <= 3_600


def test_right_keys_leave_the_address_alone(limited: LimitedApi) -> None:
    assert submits(limited.keyed, 11, X_API_Key=KEY) == [202] * 10 + [429]
    assert [key.split("/")[0] for key in keys(limited)] == ["ocrdesk:rates:submits"]


@dataclass(frozen=True, slots=True)
class Registry:
    """A server with keys in this process, whose registration does nothing."""

    app: FastAPI

    def call(self, method: str, path: str, key: str | None = None, address: str = "198.51.100.1") -> httpx2.Response:
        async def send() -> httpx2.Response:
            transport = httpx2.ASGITransport(self.app, client=(address, 4711))
            async with plain_http.AsyncClient(transport=transport, base_url="http://127.0.0.1/api/v1") as http:
                return await http.request(method, path, headers={"X-API-Key": key} if key else {})

        return asyncio.run(send())


@pytest.fixture
def registry(limited: LimitedApi) -> Registry:
    settings = Settings(
        redis_url=limited.redis_url,
        rate_limit_enabled=True,
        rate_limit_registrations=3,
        api_key_enabled=True,
        api_keys=(KEY,),  # type: ignore[arg-type]  # pydantic makes secrets of them
    )
    router = APIRouter(prefix="/auth")
    router.add_api_route("/register", lambda: {"message": "registered"}, methods=["POST"])
    router.add_api_route("/stats", lambda: {"message": "so many"}, methods=["GET"])
    app = FastAPI()
    app.state.services = Services.open(settings)
    app.state.metrics = HttpMetrics()
    errors.install(app)
    rate_limits.install(app)
    api = APIRouter(prefix="/api/v1")
    rate_limits.include(api, router, settings)
    app.include_router(api)
    return Registry(app)


def test_registering_has_a_strict_bound_by_address_and_asks_for_no_key(registry: Registry) -> None:
    answers = [registry.call("POST", "/auth/register") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert answers[-1].json()["detail"] == "Too many requests. Limit: 3 per 1 hour"
    assert answers[0].headers["ratelimit-policy"] == '"registrations";q=3;w=3600'
    assert registry.call("POST", "/auth/register", KEY).status_code == 429
    assert registry.call("POST", "/auth/register", address="198.51.100.2").status_code == 200


def test_all_other_routes_ask_for_a_key_and_have_the_bound_of_reads(registry: Registry) -> None:
    assert registry.call("GET", "/auth/stats").status_code == 401
    answer = registry.call("GET", "/auth/stats", KEY)
    assert (answer.status_code, answer.headers["ratelimit-limit"]) == (200, "600")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/ocr/jobs", 200),
        ("GET", "/capabilities", 200),
        ("GET", UNKNOWN, 404),
        ("DELETE", UNKNOWN, 404),
        ("GET", "/ocr/result/0f8fad5bd9cb469fa16570867728950e", 404),
        ("GET", "/ocr/jobs?limit=x", 400),
    ],
)
def test_every_counted_response_has_the_rate_limit_headers(
    limited: LimitedApi, method: str, path: str, status: int
) -> None:
    answer = plain_http.request(method, limited.first + path, trust_env=False)
    assert answer.status_code == status
    assert standing(answer) == (30, 29)
    assert answer.headers["ratelimit-policy"] == '"reads";q=30;w=60'


def test_a_result_a_deletion_a_submit_and_a_stream_say_so_too(limited: LimitedApi) -> None:
    accepted = submit(limited.first)
    assert standing(accepted) == (10, 9)
    job_id = accepted.json()["job_id"]
    assert standing(read(limited.first, f"/ocr/result/{job_id}")) == (30, 29)
    with plain_http.stream("GET", f"{limited.first}/ocr/events/{job_id}", trust_env=False) as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        assert standing(stream) == (30, 28)
        next(stream.iter_lines())
    assert standing(read(limited.first)) == (30, 27), "an open stream counts once"
    assert standing(plain_http.delete(f"{limited.first}/ocr/jobs/{job_id}", trust_env=False)) == (30, 26)


def test_refused_and_unauthorised_answers_say_so_too(limited: LimitedApi) -> None:
    submits(limited.first, 10)
    assert standing(submit(limited.first)) == (10, 0)
    unauthorised = read(limited.keyed, X_API_Key="wrong")
    assert unauthorised.status_code == 401
    assert standing(unauthorised) == (30, 29)
    assert unauthorised.headers["ratelimit-policy"] == '"wrong-keys";q=30;w=60'


def test_the_schema_shows_the_refusal_as_it_is_sent(limited: LimitedApi) -> None:
    paths = read(limited.first.removesuffix("/api/v1"), "/openapi.json").json()["paths"]
    refusal = paths["/api/v1/ocr/submit"]["post"]["responses"]["429"]
    assert refusal["content"]["application/json"]["example"] == {
        "error": "Rate limit exceeded",
        "detail": "Too many requests. Limit: 10 per 1 minute",
        "code": "rate_limited",
        "message_id": "rate_limited",
        "params": {"limit": "10 per 1 minute"},
        "retry_after": 60,
    }
    assert {"Retry-After", "RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset"} <= set(refusal["headers"])
    free = {"/api/v1/health", "/api/v1/health/live", "/api/v1/health/ready", "/api/v1/metrics"}
    for path, methods in paths.items():
        for described in methods.values():
            assert ("429" in described["responses"]) is (path not in free), path


def test_redis_over_tcp_counts_as_well(limited: LimitedApi) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    assert limited.redis_url.startswith("unix://")
    with short_folder() as folder, run_valkey(folder) as url:
        with Redis.from_url(url) as redis:
            redis.config_set("bind", "127.0.0.1")
            redis.config_set("port", port)
        tcp = f"redis://127.0.0.1:{port}/3"
        with running_api(REDIS_URL=tcp, RATE_LIMIT_ENABLED="1", RATE_LIMIT_REQUESTS="2") as api:
            assert submits(api, 3) == [202, 202, 429]
        with Redis.from_url(tcp, decode_responses=True) as redis:
            assert redis.keys("ocrdesk:rates:*") == ["ocrdesk:rates:submits/LIMITER/address-127.0.0.1/2/1/minute"]


def test_without_redis_every_request_is_refused(limited: LimitedApi) -> None:
    with short_folder() as folder:
        with run_valkey(folder) as redis_url:
            pass
        with running_api(
            REDIS_URL=redis_url, RATE_LIMIT_ENABLED="1", API_KEY_ENABLED="1", API_KEYS=KEY, REGISTRATION_ENABLED="0"
        ) as url:
            for answer in (submit(url, X_API_Key=KEY), read(url, X_API_Key=KEY), read(url, X_API_Key="wrong")):
                assert (answer.status_code, error_code(answer)) == (503, "redis_unavailable")
                assert int(answer.headers["retry-after"]) > 0


def test_a_redis_that_forgot_its_scripts_counts_on(limited: LimitedApi) -> None:
    assert submits(limited.first, 9) == [202] * 9
    with Redis.from_url(limited.redis_url) as redis:
        redis.script_flush()
    assert submits(limited.first, 2) == [202, 429]


def test_a_full_redis_still_gives_results(limited: LimitedApi) -> None:
    job_id = submit(limited.first).json()["job_id"]
    with Redis.from_url(limited.redis_url) as redis:
        redis.config_set("maxmemory", 1)
        try:
            assert read(limited.first, f"/ocr/result/{job_id}").status_code == 200
            refused, guess = submit(limited.first), read(limited.keyed, X_API_Key="wrong")
        finally:
            redis.config_set("maxmemory", 0)
    assert (refused.status_code, error_code(refused)) == (503, "storage_full")
    assert guess.status_code == 401


def standing(answer: httpx2.Response) -> tuple[int, int]:
    """Return the limit and what is left of it."""
    assert int(answer.headers["ratelimit-reset"]) in range(1, 61)
    return int(answer.headers["ratelimit-limit"]), int(answer.headers["ratelimit-remaining"])


def window(limited: LimitedApi, bound: RateLimit) -> Any:
    """Return the times of a caller's counted requests."""
    (key,) = keys(limited, bound)
    with Redis.from_url(limited.redis_url) as redis:
        return redis.lrange(key, 0, -1)
