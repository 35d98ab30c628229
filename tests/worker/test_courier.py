"""The courier: signed attempts over real HTTP, to checked addresses alone, from a real worker process."""

from __future__ import annotations

import asyncio
import os
import re
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psutil
import pytest
from redis import Redis
from rq.utils import import_attribute
from standardwebhooks import Webhook, WebhookVerificationError

from ocrdesk.backend.ledger.ledger import Ledger
from ocrdesk.backend.records import JobRecord, WebhookTarget
from ocrdesk.backend.redis_connection import connect
from ocrdesk.backend.settings import Settings
from ocrdesk.backend.task_queue import WEBHOOK_TASK_NAME, TaskQueue
from ocrdesk.backend.webhooks.allowed_addresses import AddressRules
from ocrdesk.backend.webhooks.deliveries import Deliveries, Delivery, Outcome
from ocrdesk.backend.webhooks.target import make_secret
from ocrdesk.contract.webhooks import WebhookState
from ocrdesk_worker.webhooks import rq_worker
from ocrdesk_worker.webhooks.sender import Sender, own_addresses, seconds_until, system_resolver, trusted_authorities
from tests.backend.jobs import new_job_record
from tests.helpers.processes import clean_env
from tests.helpers.wait import wait_until
from tests.helpers.webhook_receiver import Answer, Receiver, run_webhook_receiver, signature_by_hand

SECRET = make_secret()
HERE = AddressRules.of(("127.0.0.1",))


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with run_webhook_receiver() as found:
        yield found


@pytest.fixture(scope="session")
def threads() -> Iterator[Executor]:
    with ThreadPoolExecutor(4) as pool:
        yield pool


@pytest.fixture
def sender(threads: Executor) -> Sender:
    """One that may call this machine."""
    return Sender(HERE, trusted_authorities(), threads)


def a_delivery(url: str, body: str = '{"type":"job.finished","file":"ä"}') -> Delivery:
    target = WebhookTarget(url, SECRET)
    return Delivery("job", "msg_1", "me", target, body, WebhookState.PENDING, 0, 0, 0, 0, ())


def sent(sender: Sender, url: str) -> Outcome:
    return asyncio.run(sender.send(a_delivery(url)))


def resolving(*addresses: str) -> Callable[[str, int], list[str]]:
    """A resolver that answers these, one a call."""
    left = list(addresses)
    return lambda host, port: [left.pop(0)]


# ── one attempt ──────────────────────────────────────────────────────────────────────────────────


def test_a_delivery_is_a_post_that_the_library_and_plain_hmac_both_verify(sender: Sender, receiver: Receiver) -> None:
    outcome = sent(sender, receiver.url("/hook?token=a%20b"))
    assert outcome.delivered
    (request,) = receiver.received
    assert request.path == "/hook?token=a%20b"
    assert request.headers["content-type"] == "application/json"
    assert request.headers["host"] == f"127.0.0.1:{receiver.port}"
    assert request.headers["user-agent"].startswith("ocrdesk/")
    assert request.body.decode() == a_delivery("").body
    Webhook(SECRET).verify(request.body, request.headers)
    assert request.headers["webhook-signature"] == signature_by_hand(SECRET, request)
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(request.body + b" ", request.headers)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_a_failure_and_never_followed(sender: Sender, receiver: Receiver, status: int) -> None:
    with run_webhook_receiver() as elsewhere:
        receiver.answers = [Answer(status, {"Location": elsewhere.url()})]
        outcome = sent(sender, receiver.url())
        assert elsewhere.received == []
    assert len(receiver.received) == 1
    assert not outcome.delivered
    assert outcome.attempt.status_code == status
    assert "Redirects are not followed" in (outcome.attempt.error or "")


@pytest.mark.parametrize("status", [400, 404, 410, 500, 503])
def test_another_status_is_a_failure_by_its_number(sender: Sender, receiver: Receiver, status: int) -> None:
    receiver.answers = [Answer(status)]
    outcome = sent(sender, receiver.url())
    assert (outcome.delivered, outcome.attempt.status_code, outcome.attempt.error) == (False, status, None)
    assert outcome.unwanted is (status == 410)


@pytest.mark.parametrize(("status", "expected"), [(429, 7.0), (503, 7.0), (500, None), (204, None)])
def test_retry_after_counts_where_a_receiver_says_that_it_is_busy(
    sender: Sender, receiver: Receiver, status: int, expected: float | None
) -> None:
    receiver.answers = [Answer(status, {"Retry-After": "7"})]
    assert sent(sender, receiver.url()).retry_after_s == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("120", 120.0),
        (" 5 ", 5.0),
        ("Fri, 01 Jan 2038 00:01:00 GMT", 60.0),
        ("Thu, 31 Dec 2037 00:00:00 GMT", 0.0),
        ("9" * 400, 999_999_999.0),
        ("-5", None),
        ("soon", None),
        ("1e9", None),
        ("٣", None),
        ("", None),
        (None, None),
    ],
)
def test_retry_after_is_read_as_seconds_or_as_a_date(text: str | None, expected: float | None) -> None:
    assert seconds_until(text, datetime(2038, 1, 1, tzinfo=UTC)) == expected


def test_a_receiver_that_does_not_answer_is_given_up(sender: Sender, receiver: Receiver) -> None:
    receiver.open.clear()
    outcome = sent(replace(sender, timeout_s=0.3), receiver.url())
    assert outcome.attempt.error == "The receiver did not answer within 0.3 s."
    assert outcome.attempt.status_code is None


def test_headers_that_drip_in_do_not_prolong_an_attempt(sender: Sender) -> None:
    stop = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def drip() -> None:
            connection, _ = server.accept()
            with connection:
                connection.sendall(b"HTTP/1.1 200 OK\r\n")
                for number in range(1000):
                    if stop.wait(0.05):
                        return
                    try:
                        connection.sendall(b"x-%d: y\r\n" % number)
                    except OSError:
                        return

        thread = threading.Thread(target=drip)
        thread.start()
        try:
            outcome = sent(replace(sender, timeout_s=0.5), f"http://127.0.0.1:{server.getsockname()[1]}/")
        finally:
            stop.set()
            thread.join()
    assert outcome.attempt.error == "The receiver did not answer within 0.5 s."


def test_a_slow_resolver_is_given_up_like_a_slow_receiver(sender: Sender) -> None:
    release = threading.Event()

    def stuck(host: str, port: int) -> list[str]:
        release.wait(30)
        return ["127.0.0.1"]

    try:
        outcome = sent(replace(sender, resolve=stuck, timeout_s=0.3), "http://receiver.example/")
    finally:
        release.set()
    assert outcome.attempt.error == "The receiver did not answer within 0.3 s."


def test_a_status_counts_though_the_body_never_comes(sender: Sender, receiver: Receiver) -> None:
    receiver.answers = [Answer(200, body=None)]
    assert sent(replace(sender, timeout_s=1.0), receiver.url()).delivered


def test_no_more_than_a_little_of_a_body_is_read(sender: Sender, receiver: Receiver) -> None:
    receiver.answers = [Answer(200, body=b"x" * 50_000_000)]
    assert sent(sender, receiver.url()).delivered
    assert receiver.cut_off.wait(30)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (b"SSH-2.0-server\r\n", "valid HTTP"),
        (b"", "broke off|valid HTTP"),
        (b"HTTP/1.1 200 OK\r\nx: " + b"y" * 500_000, "valid HTTP"),
    ],
)
def test_an_answer_that_is_no_http_is_a_failure_in_words(sender: Sender, said: bytes, expected: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(65536)
                try:
                    connection.sendall(said)
                    connection.shutdown(socket.SHUT_WR)
                    connection.recv(65536)
                except OSError:
                    return

        thread = threading.Thread(target=answer)
        thread.start()
        outcome = sent(sender, f"http://127.0.0.1:{server.getsockname()[1]}/")
        thread.join()
    assert not outcome.delivered
    assert re.search(expected, outcome.attempt.error or ""), outcome.attempt.error


def test_a_port_where_no_one_listens_is_a_failure_in_words(sender: Sender) -> None:
    with run_webhook_receiver() as gone:
        url = gone.url()
    assert sent(sender, url).attempt.error == "The receiver refused the connection."


# ── addresses ────────────────────────────────────────────────────────────────────────────────────


def test_the_connection_goes_to_the_address_that_was_checked(sender: Sender, receiver: Receiver) -> None:
    """The name points elsewhere at a second look, as DNS rebinding has it."""
    with run_webhook_receiver(address="127.0.0.2", port=receiver.port) as inner:
        resolve = resolving("127.0.0.1", "127.0.0.2", "127.0.0.2")
        outcome = sent(replace(sender, resolve=resolve), receiver.url(host="receiver.example"))
        assert inner.received == []
    assert outcome.delivered
    assert receiver.received[0].headers["host"] == f"receiver.example:{receiver.port}"


def test_every_attempt_checks_anew(sender: Sender, receiver: Receiver) -> None:
    with run_webhook_receiver(address="127.0.0.2", port=receiver.port) as inner:
        turning = replace(sender, resolve=resolving("127.0.0.1", "127.0.0.2"))
        assert sent(turning, receiver.url(host="receiver.example")).delivered
        outcome = sent(turning, receiver.url(host="receiver.example"))
        assert inner.received == []
    assert "not public" in (outcome.attempt.error or "")
    assert len(receiver.received) == 1


@pytest.mark.parametrize("found", [["10.0.0.1"], ["8.8.8.8", "10.0.0.1"], ["::ffff:127.0.0.1"], ["fe80::1%eth0"]])
def test_a_name_with_any_private_address_is_not_called(threads: Executor, found: list[str]) -> None:
    careful = Sender(AddressRules(), trusted_authorities(), threads, lambda host, port: found)
    outcome = sent(careful, "http://receiver.example/")
    assert "not public" in (outcome.attempt.error or "")
    assert not any(address in (outcome.attempt.error or "") for address in found)


def test_this_machine_is_not_called_unless_allowed(threads: Executor, receiver: Receiver) -> None:
    careful = Sender(AddressRules.of((), own_addresses()), trusted_authorities(), threads)
    for host in ("127.0.0.1", "localhost"):
        assert "not public" in (sent(careful, receiver.url(host=host)).attempt.error or "")
    assert receiver.received == []


def test_a_name_that_the_operator_allowed_may_point_anywhere(threads: Executor, receiver: Receiver) -> None:
    rules = AddressRules.of(("receiver.lan",))
    lenient = Sender(rules, trusted_authorities(), threads, lambda host, port: ["127.0.0.1"])
    assert sent(lenient, receiver.url(host="receiver.lan")).delivered
    assert "not public" in (sent(lenient, receiver.url(host="other.lan")).attempt.error or "")


def test_the_next_address_is_tried_when_one_does_not_answer(sender: Sender, receiver: Receiver) -> None:
    both = replace(sender, rules=AddressRules.of(("127.0.0.0/8",)), resolve=lambda *_: ["127.0.0.9", "127.0.0.1"])
    assert sent(both, receiver.url(host="receiver.example")).delivered


def test_a_name_that_cannot_be_resolved_is_a_failure_in_words(sender: Sender) -> None:
    def nowhere(host: str, port: int) -> list[str]:
        raise OSError("no such name")

    outcome = sent(replace(sender, resolve=nowhere), "http://receiver.example/")
    assert outcome.attempt.error == "The receiver's host name could not be resolved."


def test_the_systems_resolver_answers_each_address_once() -> None:
    assert "127.0.0.1" in system_resolver("localhost", 80)
    assert len(system_resolver("127.0.0.1", 80)) == 1


def test_proxies_of_the_environment_are_not_used(
    sender: Sender, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    with run_webhook_receiver() as proxy:
        for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        monkeypatch.delenv("NO_PROXY", raising=False)
        monkeypatch.delenv("no_proxy", raising=False)
        assert sent(sender, receiver.url()).delivered
        assert proxy.received == []


# ── TLS ──────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A self-signed certificate for receiver.example, and its key."""
    folder = tmp_path_factory.mktemp("tls")
    made = folder / "certificate.pem", folder / "key.pem"
    command = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-days",
        "2",
    ]
    names = ["-subj", "/CN=receiver.example", "-addext", "subjectAltName=DNS:receiver.example"]
    try:
        out = ["-out", str(made[0]), "-keyout", str(made[1])]
        subprocess.run([*command, *names, *out], check=True, capture_output=True, timeout=60)
    except FileNotFoundError:
        pytest.skip("there is no openssl to make a certificate with")
    return made


@pytest.fixture
def tls_receiver(certificate: tuple[Path, Path]) -> Iterator[Receiver]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    with run_webhook_receiver(tls=context) as found:
        yield found


@pytest.fixture
def trusting(sender: Sender, certificate: tuple[Path, Path]) -> Sender:
    """Trusts that certificate, and finds every name on this machine."""
    tls = ssl.create_default_context(cafile=str(certificate[0]))
    return replace(sender, tls=tls, resolve=lambda host, port: ["127.0.0.1"])


def test_tls_goes_by_the_name_though_the_connection_goes_to_the_address(
    trusting: Sender, tls_receiver: Receiver
) -> None:
    assert sent(trusting, tls_receiver.url(host="receiver.example")).delivered
    assert tls_receiver.received[0].headers["host"] == f"receiver.example:{tls_receiver.port}"


@pytest.mark.parametrize("host", ["other.example", "127.0.0.1"])
def test_a_certificate_for_another_name_is_not_accepted(trusting: Sender, tls_receiver: Receiver, host: str) -> None:
    outcome = sent(trusting, tls_receiver.url(host=host))
    assert "certificate was not accepted" in (outcome.attempt.error or "")
    assert tls_receiver.received == []


def test_a_certificate_of_no_known_authority_is_not_accepted(sender: Sender, tls_receiver: Receiver) -> None:
    known = replace(sender, resolve=lambda host, port: ["127.0.0.1"])
    assert "certificate was not accepted" in (
        sent(known, tls_receiver.url(host="receiver.example")).attempt.error or ""
    )
    assert tls_receiver.received == []


def test_a_plain_server_behind_https_is_a_failure_in_words(sender: Sender, receiver: Receiver) -> None:
    url = receiver.url().replace("http:", "https:")
    assert sent(sender, url).attempt.error == "The TLS handshake with the receiver failed."


# ── the process ──────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def settings(redis_url: str) -> Settings:
    return Settings(redis_url=redis_url, webhook_allowed_hosts=("127.0.0.1",), webhook_retry_schedule=(0, 0.01, 0.01))


@pytest.fixture
def ledger(settings: Settings) -> Ledger:
    return Ledger(connect(settings, text=True), TaskQueue(connect(settings, text=False)), 3600)


@pytest.fixture
def deliveries(settings: Settings) -> Deliveries:
    return Deliveries.open(settings)


_COURIER = (
    "import sys; from ocrdesk_worker.webhooks import rq_worker; from ocrdesk.backend.settings import Settings; from "
)
_COURIER += "ocrdesk.backend import logs; logs.configure(); rq_worker.run(Settings.from_environment(), sys.argv[1])"


class RunningCourier:
    """A courier as the pool starts it, in a process of its own."""

    def __init__(self, settings: Settings, log: Path) -> None:
        env = clean_env(REDIS_URL=settings.redis_url, WEBHOOK_ALLOWED_HOSTS="127.0.0.1")
        env["WEBHOOK_RETRY_SCHEDULE"] = ",".join(map(str, settings.webhook_retry_schedule))
        self.log = log
        with log.open("ab") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-c", _COURIER, f"courier-{os.urandom(4).hex()}"],
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
            )

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def horses(self) -> list[psutil.Process]:
        return list(psutil.Process(self.process.pid).children())


@pytest.fixture
def start_courier(settings: Settings, tmp_path: Path) -> Iterator[Callable[[], RunningCourier]]:
    started: list[RunningCourier] = []

    def start() -> RunningCourier:
        started.append(RunningCourier(settings, tmp_path / "courier.log"))
        return started[-1]

    yield start
    for one in started:
        one.kill()


def ended_job(ledger: Ledger, url: str) -> JobRecord:
    job = replace(new_job_record(), webhook=WebhookTarget(url, SECRET))
    ledger.jobs.create(job)
    ended = ledger.jobs.cancel(job.job_id)
    assert ended is not None
    return ended


def settled(deliveries: Deliveries, job: JobRecord) -> Delivery | None:
    """The delivery once it is over; what is due is pushed meanwhile, as the pool does."""
    deliveries.push_due()
    found = deliveries.get(job.job_id)
    return found if found and found.state is not WebhookState.PENDING else None


def let_leases_run_out(redis_url: str) -> None:
    """As if a minute had passed."""
    redis: Any = Redis.from_url(redis_url, decode_responses=True)
    past = round(time.time() * 1000) - 1
    for job_id, due in redis.zrange("ocrdesk:webhooks:due", 0, -1, withscores=True):
        if due > past:
            redis.hset(f"ocrdesk:job:{job_id}:webhook", "lease", past)
            redis.zadd("ocrdesk:webhooks:due", {job_id: past})


def test_the_pushed_task_is_the_couriers() -> None:
    assert import_attribute(WEBHOOK_TASK_NAME) is rq_worker.deliver


def test_a_courier_tries_again_with_a_fresh_signature_under_one_id(
    ledger: Ledger, deliveries: Deliveries, receiver: Receiver, start_courier: Callable[[], RunningCourier]
) -> None:
    receiver.answers = [Answer(500), Answer(302), Answer(200)]
    start_courier()
    job = ended_job(ledger, receiver.url())
    over = wait_until(lambda: settled(deliveries, job), "the delivery")
    assert over is not None
    assert [attempt.status_code for attempt in over.attempts] == [500, 302, 200]
    assert {request.id for request in receiver.received} == {over.id}
    for request in receiver.received:
        assert request.headers["webhook-signature"] == signature_by_hand(SECRET, request)
        Webhook(SECRET).verify(request.body, request.headers)
    assert receiver.received[0].json["data"]["job_id"] == job.job_id


def test_after_the_schedule_a_delivery_is_given_up(
    ledger: Ledger, deliveries: Deliveries, receiver: Receiver, start_courier: Callable[[], RunningCourier]
) -> None:
    receiver.answers = [Answer(500)]
    start_courier()
    job = ended_job(ledger, receiver.url())
    over = wait_until(lambda: settled(deliveries, job), "the end")
    assert over is not None
    assert over.state is WebhookState.FAILED
    assert len(over.attempts) == len(receiver.received) == 3


def test_one_slow_receiver_does_not_hold_up_the_others_of_its_batch(
    ledger: Ledger, deliveries: Deliveries, receiver: Receiver, start_courier: Callable[[], RunningCourier]
) -> None:
    receiver.open.clear()
    with run_webhook_receiver() as quick:
        slow_job = ended_job(ledger, receiver.url())
        quick_jobs = [ended_job(ledger, quick.url()) for _ in range(3)]
        deliveries.push_due()
        start_courier()
        for job in quick_jobs:
            wait_until(lambda job=job: settled(deliveries, job), "a quick one")  # type: ignore[misc]
        assert deliveries.log(slow_job).state is WebhookState.PENDING
        receiver.open.set()
        wait_until(lambda: settled(deliveries, slow_job), "the slow one")


def test_a_killed_courier_takes_its_horse_along_and_is_made_up_for(
    ledger: Ledger,
    deliveries: Deliveries,
    receiver: Receiver,
    redis_url: str,
    start_courier: Callable[[], RunningCourier],
) -> None:
    receiver.open.clear()
    job = ended_job(ledger, receiver.url())
    deliveries.push_due()
    first = start_courier()
    wait_until(lambda: len(receiver.received) == 1, "the courier in the middle of it")
    (horse,) = first.horses()
    first.kill()
    wait_until(lambda: not horse.is_running(), "the horse is gone")
    receiver.open.set()
    start_courier()
    assert settled(deliveries, job) is None
    let_leases_run_out(redis_url)
    over = wait_until(lambda: settled(deliveries, job), "the delivery")
    assert over is not None
    assert over.state is WebhookState.DELIVERED
    assert [request.id for request in receiver.received] == [over.id, over.id]
    assert len(over.attempts) == 1


def test_a_courier_that_is_told_to_stop_ends_its_batch_first(
    ledger: Ledger, deliveries: Deliveries, receiver: Receiver, start_courier: Callable[[], RunningCourier]
) -> None:
    receiver.open.clear()
    job = ended_job(ledger, receiver.url())
    deliveries.push_due()
    running = start_courier()
    wait_until(lambda: len(receiver.received) == 1, "the courier in the middle of it")
    running.process.terminate()
    receiver.open.set()
    assert running.process.wait(30) == 0
    assert deliveries.log(job).state is WebhookState.DELIVERED


def test_a_couriers_log_names_hosts_and_nothing_secret(
    ledger: Ledger, deliveries: Deliveries, receiver: Receiver, start_courier: Callable[[], RunningCourier]
) -> None:
    receiver.answers = [Answer(500), Answer(200)]
    running = start_courier()
    job = ended_job(ledger, receiver.url("/private-path?token=hush"))
    refused = ended_job(ledger, "http://127.0.0.2/other-path?token=hush")
    for one in (job, refused):
        wait_until(lambda one=one: settled(deliveries, one), "the end")  # type: ignore[misc]
    said = wait_until(lambda: running.log.read_text(), "the log")
    assert f"webhook of job {job.job_id} to 127.0.0.1: delivered (status 200)" in said
    assert f"webhook of job {refused.job_id} to 127.0.0.2: failed" in said
    for secret in ("hush", "private-path", "other-path", SECRET, SECRET.removeprefix("whsec_")):
        assert secret not in said
    for request in receiver.received:
        assert request.headers["webhook-signature"] not in said


def test_deliveries_leave_no_rq_records_behind(
    ledger: Ledger,
    deliveries: Deliveries,
    receiver: Receiver,
    redis_url: str,
    start_courier: Callable[[], RunningCourier],
) -> None:
    start_courier()
    for job in [ended_job(ledger, receiver.url()) for _ in range(20)]:
        wait_until(lambda job=job: settled(deliveries, job), "the delivery")  # type: ignore[misc]
    redis: Any = Redis.from_url(redis_url, decode_responses=True)

    def no_batch_is_kept() -> bool:
        # the OCR queue has the jobs' own records; a batch's is named by no job
        batches = [key for key in redis.keys("rq:job:*") if "job" not in key.removeprefix("rq:job:")]
        lists = [key for key in redis.keys("rq:*ocrdesk-webhooks*") if not key.startswith("rq:workers:")]
        return not batches and not lists

    wait_until(no_batch_is_kept, "nothing is kept")


def test_tidying_drops_what_a_killed_courier_had_taken(
    ledger: Ledger, deliveries: Deliveries, receiver: Receiver, redis_url: str
) -> None:
    ended_job(ledger, receiver.url())
    deliveries.push_due()
    redis: Any = Redis.from_url(redis_url, decode_responses=True)
    queue, intermediate = "rq:queue:ocrdesk-webhooks", "rq:queue:ocrdesk-webhooks:intermediate"
    rq_id = redis.lmove(queue, intermediate, "RIGHT", "LEFT")
    deliveries.tidy()
    assert redis.lrange(intermediate, 0, -1) == [rq_id]  # it may be about to begin
    redis.delete(f"rq:job:{rq_id}")
    deliveries.tidy()
    assert redis.llen(intermediate) == 0


def test_the_time_of_an_attempt_is_in_its_signature(sender: Sender, receiver: Receiver) -> None:
    outcome = sent(sender, receiver.url())
    stamped = int(receiver.received[0].headers["webhook-timestamp"])
    assert abs(outcome.attempt.at - datetime.fromtimestamp(stamped, UTC)) < timedelta(seconds=1)
