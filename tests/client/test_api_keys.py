"""The SDK's calls about keys with a real server."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ocrdesk.backend.api_keys.store import KeyStore
from ocrdesk.backend.redis_connection import connect
from ocrdesk.backend.settings import Settings
from ocrdesk.client import ApiError, AuthError, Client, InvalidRequestError, NotFoundError
from ocrdesk.contract.api_keys import KeyStatus, NewKey, Scope
from tests.helpers.processes import running_api


@pytest.fixture(scope="module")
def url(valkey_server: str) -> Iterator[str]:
    with running_api(REDIS_URL=valkey_server, API_KEY_ENABLED="true", API_KEY_HEADER="X-Sesame") as api:
        yield api.removesuffix("/api/v1")


def client(url: str, key: str | None = None) -> Client:
    return Client(url, key, api_key_header="X-Sesame")


@pytest.fixture
def stranger(url: str, redis_url: str) -> Iterator[Client]:
    """A caller without a key, at a server that has no keys yet."""
    with client(url) as somebody:
        yield somebody


@pytest.fixture
def admin(url: str, redis_url: str) -> Iterator[Client]:
    store = KeyStore(connect(Settings(redis_url=redis_url), text=True))
    with client(url, store.create("Root", scopes=[Scope.ADMIN]).secret) as root:
        yield root


def test_a_life_of_a_key(url: str, stranger: Client) -> None:
    first = stranger.register("Ann@example.org", "Ann")
    with client(url, first.api_key) as ann, client(url, first.api_key) as elsewhere:
        assert ann.stats().email == "Ann@example.org"
        second = ann.regenerate(overlap_s=60)
        assert second.overlap_until is not None
        assert elsewhere.stats().request_count == 3
        third = ann.regenerate()
        assert len({first.api_key, second.api_key, third.api_key}) == 3
        assert ann.stats().key_id == first.key_id, "the client uses the new secret"
        with pytest.raises(AuthError):
            elsewhere.stats()
        assert "revoked" in ann.revoke().message
        with pytest.raises(AuthError):
            ann.stats()


def test_the_end_of_the_line_that_a_key_was_read_from_is_no_part_of_it(url: str, stranger: Client) -> None:
    issued = stranger.register("ann@example.org", "Ann")
    with client(url, f" {issued.api_key}\n") as ann:
        assert ann.stats().email == "ann@example.org"


@pytest.mark.parametrize("key", ["schlüssel", "“quoted”", " "])
def test_a_key_that_cannot_be_one_is_refused_as_any_wrong_one(url: str, redis_url: str, key: str) -> None:
    with client(url, key) as nobody, pytest.raises(AuthError):
        nobody.stats()


def test_no_secret_is_in_what_is_printed(stranger: Client) -> None:
    issued = stranger.register("ann@example.org", "Ann")
    assert issued.api_key not in repr(issued)
    assert issued.prefix in repr(issued)


def test_refusals_of_the_server_raise_the_usual_exceptions(stranger: Client) -> None:
    stranger.register("ann@example.org", "Ann")
    with pytest.raises(ApiError, match="already has a key") as taken:
        stranger.register("ANN@example.org", "Ann")
    assert (taken.value.status, taken.value.code) == (409, "already_registered")
    for email, name in (("x", "Ann"), ("bob@example.org", " ")):
        with pytest.raises(InvalidRequestError):
            stranger.register(email, name)
    with pytest.raises(AuthError):
        stranger.stats()


def test_an_admin_makes_finds_and_revokes_keys(url: str, admin: Client) -> None:
    issued = admin.create_key(NewKey(name="Robot", email="robot@example.org", scopes=(Scope.READ,), expires_in_days=1))
    assert issued.expires_at is not None
    admin.create_key(NewKey(name="Other"))
    page = admin.keys(limit=1)
    assert ([key.name for key in page.keys], page.next) == (["Other"], page.keys[0].key_id)
    assert [key.name for key in admin.keys(limit=1, after=page.next).keys] == ["Robot"]
    assert [key.name for key in admin.keys(email="ROBOT@example.org").keys] == ["Robot"]
    with client(url, issued.api_key) as robot:
        robot.jobs()
        assert admin.key(issued.key_id).daily[-1].requests == 1
        admin.revoke_key(issued.key_id)
        with pytest.raises(AuthError):
            robot.jobs()
    assert admin.key(issued.key_id).status is KeyStatus.REVOKED
    with pytest.raises(NotFoundError):
        admin.revoke_key("0" * 16)
