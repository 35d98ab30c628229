"""Which certificates a client trusts, on a real TLS connection."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from pathlib import Path

import certifi
import pytest

from ocrdesk.client import Client, ClientError, ServerUnavailableError
from ocrdesk.client.tls import tls_context
from tests.helpers.certificates import make_certificate
from tests.helpers.webhook_receiver import Receiver, run_webhook_receiver


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return make_certificate(tmp_path_factory.mktemp("tls"), "IP:127.0.0.1")


@pytest.fixture
def server(certificate: tuple[Path, Path]) -> Iterator[Receiver]:
    """A web server with that certificate, which is not ocrdesk."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    with run_webhook_receiver(tls=context) as found:
        yield found


@pytest.fixture(autouse=True)
def no_choice(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.delenv(name, raising=False)


def authorities(context: ssl.SSLContext) -> set[bytes]:
    return set(context.get_ca_certs(binary_form=True))


def certifi_alone() -> set[bytes]:
    return authorities(ssl.create_default_context(cafile=certifi.where()))


def test_unknown_authority_is_refused(server: Receiver) -> None:
    with Client(server.url(), retry_policy=0) as client, pytest.raises(ServerUnavailableError) as caught:
        client.jobs()
    causes = []
    error: BaseException | None = caught.value
    while error is not None:
        causes.append(error)
        error = error.__cause__ or error.__context__
    assert any(isinstance(cause, ssl.SSLCertVerificationError) for cause in causes)
    assert server.received == []


def test_authority_named_by_the_environment_is_trusted(
    server: Receiver, certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    with Client(server.url(), retry_policy=0) as client, pytest.raises(ClientError) as caught:
        client.jobs()
    assert not isinstance(caught.value, ServerUnavailableError)  # it responded, but not as ocrdesk does


def test_public_authorities_are_trusted_even_where_the_system_has_no_list() -> None:
    assert certifi_alone() <= authorities(tls_context("https://ocr.example.org"))


def test_environment_replaces_the_public_authorities(
    certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    assert not certifi_alone() & authorities(tls_context("https://ocr.example.org"))


def test_address_without_tls_loads_no_authorities() -> None:
    context = tls_context("http://127.0.0.1:8000")
    assert authorities(context) == set()
    assert context.verify_mode is ssl.CERT_REQUIRED
