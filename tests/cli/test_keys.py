"""`ocrdesk keys`: through a server, directly in Redis, and on the local server."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ocrdesk.backend.api_keys.store import KeyStore
from ocrdesk.backend.redis_connection import connect
from ocrdesk.backend.settings import Settings
from ocrdesk.contract.api_keys import KeyInfo, KeyStatus, Scope
from ocrdesk.installation import this_installation
from ocrdesk.local.server import state
from tests.helpers import plain_http
from tests.helpers.processes import clean_env, run_ocrdesk, running_api, short_folder
from tests.helpers.wait import wait_until

NOTHING = "redis://127.0.0.1:9/0"


class Keys:
    """`ocrdesk keys` with one way to reach the keys."""

    def __init__(self, *options: str, **env: str) -> None:
        self.options, self.env = options, env

    def __call__(self, command: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        done = run_ocrdesk("keys", command, *self.options, *arguments, **self.env)
        assert "Traceback" not in done.stderr, done.stderr
        return done

    def create(self, *arguments: str) -> str:
        """Create a key and return its secret, the only output on stdout."""
        done = self("create", *arguments)
        assert done.returncode == 0, done.stderr
        secret = done.stdout.removesuffix("\n")
        assert secret.startswith("ocrdesk_")
        assert secret.isprintable()
        assert secret not in done.stderr
        return secret

    def list(self) -> list[KeyInfo]:
        done = self("list", "--json")
        assert (done.returncode, done.stderr) == (0, "")
        return [KeyInfo.model_validate_json(line) for line in done.stdout.splitlines()]


@pytest.fixture
def store(redis_url: str) -> KeyStore:
    return KeyStore(connect(Settings(redis_url=redis_url), text=True))


@pytest.fixture(scope="module")
def url(valkey_server: str) -> Iterator[str]:
    with running_api(REDIS_URL=valkey_server, API_KEY_ENABLED="true") as api:
        yield api.removesuffix("/api/v1")


@pytest.fixture
def on_redis(redis_url: str) -> Keys:
    return Keys(REDIS_URL=redis_url)


@pytest.fixture(params=["server", "redis"])
def keys(request: pytest.FixtureRequest, url: str, redis_url: str, store: KeyStore) -> Keys:
    """Over HTTP with an admin's key, and directly in Redis."""
    if request.param == "redis":
        store.create("Root", scopes=[Scope.ADMIN])
        return Keys(REDIS_URL=redis_url)
    # REDIS_URL is wrong: the given server has precedence
    return Keys("--server", url, "--api-key", store.create("Root", scopes=[Scope.ADMIN]).secret, REDIS_URL=NOTHING)


# ── everywhere ───────────────────────────────────────────────────────────────────────────────────


def test_a_key_that_was_made_works_and_its_secret_alone_is_on_stdout(keys: Keys, store: KeyStore) -> None:
    found = store.authenticate(keys.create("--name", "Robot"))
    assert found is not None
    assert found.scopes == (Scope.SUBMIT, Scope.READ)


def test_a_key_can_have_an_address_scopes_and_an_end(keys: Keys) -> None:
    keys.create(
        *("--name", "Ann", "--email", "Ann@example.org", "--scope", "read", "--scope", "admin,submit"),
        *("--expires-in-days", "30"),
    )
    made = keys.list()[0]
    assert (made.name, made.email, made.scopes) == ("Ann", "Ann@example.org", tuple(Scope))
    assert made.expires_at is not None
    assert round((made.expires_at - made.created_at).total_seconds() / 86_400) == 30


def test_all_keys_are_listed_newest_first_in_full(keys: Keys, store: KeyStore) -> None:
    for number in range(3):
        store.create(f"Key {number} " + "x" * 90, scopes=[Scope.READ])
    listed = keys.list()
    assert [key.name[:5] for key in listed] == ["Key 2", "Key 1", "Key 0", "Root"]
    table = keys("list").stdout.splitlines()
    assert table[0].split()[:2] == ["ID", "Name"]
    for key in listed:
        assert any(line.startswith(key.key_id) and key.prefix in line for line in table)


def test_more_keys_than_a_page_are_listed(keys: Keys, store: KeyStore) -> None:
    for number in range(501):
        store.create(f"Key {number}", scopes=[Scope.READ])
    assert len({key.key_id for key in keys.list()}) == 502


def test_a_name_cannot_send_control_characters_to_the_terminal(keys: Keys, store: KeyStore) -> None:
    store.create("\x1b]0;owned\x07[red]Ann[/red]", scopes=[Scope.READ])
    done = keys("list")
    assert "\x1b" not in done.stdout
    assert "\x07" not in done.stdout
    assert "[red]Ann[/red]" in done.stdout


def test_a_key_is_revoked_by_its_id_or_its_address(keys: Keys, store: KeyStore) -> None:
    secrets = [keys.create("--name", "Ann", "--email", "ann@example.org"), keys.create("--name", "Robot")]
    robot = keys.list()[0].key_id
    done = keys("revoke", robot, "ANN@example.org")
    assert (done.returncode, done.stdout) == (0, "")
    assert robot in done.stderr
    assert [store.authenticate(secret) for secret in secrets] == [None, None]
    assert [key.status for key in keys.list()[:2]] == [KeyStatus.REVOKED, KeyStatus.REVOKED]
    keys.create("--name", "Ann", "--email", "ann@example.org")


def test_keys_that_cannot_be_revoked_are_reported_and_the_others_are_revoked(keys: Keys, store: KeyStore) -> None:
    issued = store.create("Robot", scopes=[Scope.READ])
    done = keys("revoke", "0" * 16, "bob@example.org", issued.secret, issued.record.key_id)
    assert done.returncode == 1
    for named in ("0" * 16, "bob@example.org", "This is a secret", issued.record.key_id):
        assert named in done.stderr
    assert issued.secret not in done.stderr
    assert store.authenticate(issued.secret) is None


def test_an_address_that_has_a_key_is_reported_with_what_to_do(keys: Keys) -> None:
    keys.create("--name", "Ann", "--email", "ann@example.org")
    done = keys("create", "--name", "Ann", "--email", "ANN@example.org")
    assert (done.returncode, done.stdout) == (1, "")
    assert "ocrdesk keys revoke ANN@example.org" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--name", "x", "--scope", "root"], "unknown scope 'root'; scopes are submit, read, admin"),
        (["--name", "x", "--scope", ""], "scopes"),
        (["--name", " "], "name"),
        (["--name", "x", "--expires-in-days", "4000"], "expires_in_days"),
        (["--name", "x", "--expires-in-days", "0"], "--expires-in-days"),
        ([], "--name"),
    ],
)
def test_a_wrong_call_makes_no_key_and_says_why(keys: Keys, arguments: list[str], said: str) -> None:
    done = keys("create", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert len(keys.list()) == 1


@pytest.mark.parametrize("email", ["x", ""])
def test_a_wrong_address_makes_no_key(keys: Keys, email: str) -> None:
    done = keys("create", "--name", "x", "--email", email)
    assert (done.returncode, done.stdout) == (1, "")
    assert "e-mail address" in done.stderr


# ── on Redis: the first admin ────────────────────────────────────────────────────────────────────


def test_the_operator_makes_the_first_admin_who_then_works_over_http(on_redis: Keys, url: str) -> None:
    secret = on_redis.create("--name", "Root", "--scope", "admin")
    over_http = Keys(OCRDESK_SERVER=url, OCRDESK_API_KEY=secret)
    over_http.create("--name", "Robot")
    assert [key.name for key in over_http.list()] == ["Robot", "Root"]


@pytest.mark.parametrize(("env", "code"), [({"REDIS_URL": NOTHING}, 3), ({"REDIS_URL": "localhost"}, 2)])
def test_an_unavailable_redis_is_reported_in_one_line(env: dict[str, str], code: int) -> None:
    for arguments in (["create", "--name", "x"], ["list"], ["revoke", "0" * 16]):
        done = Keys(**env)(*arguments)
        assert (done.returncode, done.stdout) == (code, "")
        assert "REDIS_URL" in done.stderr


# ── over a server ────────────────────────────────────────────────────────────────────────────────


def test_a_key_without_the_scope_is_refused(url: str, store: KeyStore) -> None:
    secret = store.create("Ann", scopes=[Scope.SUBMIT, Scope.READ]).secret
    for key, said in ((secret, "lacks the scope admin"), ("wrong", "missing or wrong"), ("", "missing or wrong")):
        done = Keys("--server", url, "--api-key", key)("list")
        assert (done.returncode, done.stdout) == (3, "")
        assert said in done.stderr
        assert secret not in done.stderr


def test_no_server_is_exit_code_3() -> None:
    done = Keys("--server", "127.0.0.1:9")("list")
    assert done.returncode == 3
    assert "No server responds" in done.stderr


def test_a_server_is_reached_without_the_servers_own_libraries(url: str, store: KeyStore, tmp_path: Path) -> None:
    for name in ("redis", "rq", "fastapi", "email_validator", "pydantic_settings"):
        (tmp_path / f"{name}.py").write_text(f"raise ImportError('there is no {name} here', name={name!r})")
    env = clean_env(PYTHONPATH=os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")]))
    secret = store.create("Root", scopes=[Scope.ADMIN]).secret
    command = [sys.executable, "-m", "ocrdesk", "keys", "list", "--json"]
    done = subprocess.run(
        [*command, "--server", url, "--api-key", secret], env=env, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["name"] == "Root"
    lacking = subprocess.run(command, env=env | {"REDIS_URL": NOTHING}, capture_output=True, text=True, check=False)
    assert lacking.returncode == 3
    assert lacking.stderr.endswith(f"get it with: {this_installation().add_extra('server')}\n")


# ── this machine's local server ──────────────────────────────────────────────────────────────────


def test_without_a_server_or_redis_the_local_backend_is_used(redis_url: str) -> None:
    with short_folder() as folder:
        # a given data folder means the local server there, whatever REDIS_URL is
        local = Keys("--data-dir", str(folder / "data"), REDIS_URL=redis_url)
        secret = local.create("--name", "Phone")
        assert [key.name for key in local.list()] == ["Phone"]
        running = state.read_state(folder / "data")
        assert running is not None
        api = f"{running.url}/api/v1"
        answer = plain_http.get(f"{api}/ocr/jobs", headers={"X-API-Key": secret}, trust_env=False)
        assert answer.status_code == 200
        stranger = plain_http.post(
            f"{api}/auth/register", json={"email": "ann@example.org", "name": "Ann"}, trust_env=False
        )
        assert stranger.status_code == 403, "nobody can register at the desktop's own server"
        wait_until(lambda: state.read_state(folder / "data") is None, "the backend's end")
