"""Webhook requests are signed, and go over real HTTP only to checked addresses."""

from __future__ import annotations

import asyncio
import re
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from ocrdesk.backend.records import WebhookTarget
from ocrdesk.backend.webhooks.allowed_addresses import AddressRules
from ocrdesk.backend.webhooks.deliveries import Delivery, Outcome
from ocrdesk.backend.webhooks.target import make_secret
from ocrdesk.contract.webhooks import WebhookState
from ocrdesk_worker.webhooks.sender import Sender, own_addresses, seconds_until, system_resolver, trusted_authorities
from tests.helpers.certificates import make_certificate
from tests.helpers.machine import NO_LOCALHOST, resolves_localhost
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
    """A sender that may call this machine."""
    return Sender(HERE, trusted_authorities(), threads)


def a_delivery(url: str, body: str = '{"type":"job.finished","file":"ä"}') -> Delivery:
    target = WebhookTarget(url, SECRET)
    return Delivery("job", "msg_1", "me", target, body, WebhookState.PENDING, 0, 0, 0, 0, ())


def sent(sender: Sender, url: str) -> Outcome:
    return asyncio.run(sender.send(a_delivery(url)))


def resolving(*addresses: str) -> Callable[[str, int], list[str]]:
    """Return a resolver that returns these results, one per call."""
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
    """The name resolves to another address the second time, as in DNS rebinding."""
    with run_webhook_receiver(address="127.0.0.2", port=receiver.port) as inner:
        resolve = resolving("127.0.0.1", "127.0.0.2", "127.0.0.2")
        outcome = sent(replace(sender, resolve=resolve), receiver.url(host="receiver.example"))
        assert inner.received == []
    assert outcome.delivered
    assert receiver.received[0].headers["host"] == f"receiver.example:{receiver.port}"


def test_every_attempt_checks_again(sender: Sender, receiver: Receiver) -> None:
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
    hosts = ["127.0.0.1", "localhost"] if resolves_localhost() else ["127.0.0.1"]
    for host in hosts:
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


@pytest.mark.skipif(not resolves_localhost(), reason=NO_LOCALHOST)
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
    """Return a self-signed certificate for receiver.example, and its key."""
    return make_certificate(tmp_path_factory.mktemp("tls"), "DNS:receiver.example")


@pytest.fixture
def tls_receiver(certificate: tuple[Path, Path]) -> Iterator[Receiver]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    with run_webhook_receiver(tls=context) as found:
        yield found


@pytest.fixture
def trusting(sender: Sender, certificate: tuple[Path, Path]) -> Sender:
    """A sender that trusts that certificate, and resolves every name to this machine."""
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


def test_the_time_of_an_attempt_is_in_its_signature(sender: Sender, receiver: Receiver) -> None:
    outcome = sent(sender, receiver.url())
    stamped = int(receiver.received[0].headers["webhook-timestamp"])
    assert abs(outcome.attempt.at - datetime.fromtimestamp(stamped, UTC)) < timedelta(seconds=1)


def test_a_job_may_call_what_the_api_allowed_at_its_submit(threads: Executor, receiver: Receiver) -> None:
    careful = Sender(AddressRules.of(("192.0.2.7",), own_addresses()), trusted_authorities(), threads)
    allowed = replace(a_delivery(receiver.url()), allowed_hosts=("127.0.0.0/8",))
    assert asyncio.run(careful.send(allowed)).delivered
    other = replace(a_delivery(receiver.url()), allowed_hosts=("10.0.0.0/8", "receiver.lan"))
    assert "not public" in (asyncio.run(careful.send(other)).attempt.error or "")
    assert "not public" in (sent(careful, receiver.url()).attempt.error or ""), "the next one has its own rules"
    assert len(receiver.received) == 1
