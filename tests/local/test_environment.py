"""Environment variables have the same meaning outside the service as in its settings."""

from __future__ import annotations

import pytest

from ocrdesk.backend.settings import Settings
from ocrdesk.local import environment


@pytest.mark.parametrize("name", ["API_KEY_ENABLED", "api_key_enabled"])
@pytest.mark.parametrize("value", ["true", "True", "1", "yes", "on", "t", "false", "FALSE", "0", "no", "off", "f"])
def test_a_flag_is_read_as_the_settings_read_it(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.delenv("API_KEY_ENABLED", raising=False)
    monkeypatch.setenv(name, value)
    assert environment.flag("API_KEY_ENABLED") is Settings.from_environment().api_key_enabled


@pytest.mark.parametrize("value", ["", "maybe", "2"])
def test_a_value_that_is_no_boolean_switches_nothing_on(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("API_KEY_ENABLED", value)
    assert not environment.flag("API_KEY_ENABLED")


def test_an_unset_flag_is_false(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("API_KEY_ENABLED", raising=False)
    assert not environment.flag("API_KEY_ENABLED")


@pytest.mark.parametrize(
    ("value", "expected"), [("30", 30.0), ("0", 0.0), ("-1", 2.0), ("inf", 2.0), ("nan", 2.0), ("soon", 2.0)]
)
def test_seconds_that_the_service_would_refuse_are_the_default(
    monkeypatch: pytest.MonkeyPatch, value: str, expected: float
) -> None:
    monkeypatch.setenv("worker_grace_s", value)
    assert environment.seconds("WORKER_GRACE_S", 2.0) == expected


def test_added_variables_replace_those_of_the_same_name_in_any_case(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("api_key_enabled", "false")
    monkeypatch.setenv("HOME", "/somewhere")
    merged = environment.with_variables({"API_KEY_ENABLED": "true"})
    assert [value for name, value in merged.items() if name.lower() == "api_key_enabled"] == ["true"]
    assert merged["HOME"] == "/somewhere"
