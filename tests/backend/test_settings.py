"""Settings from the environment: what is valid, and how errors are reported."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from ocrdesk.backend.settings import ListenSettings, Settings, SettingsError

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def _nothing_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
        monkeypatch.delenv(f"{name.upper()}_FILE", raising=False)


def test_defaults_are_as_specified() -> None:
    settings = Settings.from_environment()
    assert settings.max_file_size_mb == 10
    assert settings.max_pdf_pages == 20
    assert settings.ocr_timeout_per_page == 10
    assert settings.result_ttl == 86_400
    assert settings.api_key_header == "X-API-Key"
    assert settings.api_key_enabled is False


def test_values_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAX_FILE_SIZE_MB", "2.5")
    monkeypatch.setenv("MAX_PDF_PAGES", "7")
    monkeypatch.setenv("API_KEY_ENABLED", "true")
    settings = Settings.from_environment()
    assert settings.max_file_size_bytes == int(2.5 * 2**20)
    assert settings.max_pages == 7
    assert settings.api_key_enabled is True


def test_lists_are_written_with_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("API_KEYS", "first, second ,,third,")
    monkeypatch.setenv("ALLOWED_HOSTS", "a.example,b.example")
    settings = Settings.from_environment()
    assert [key.get_secret_value() for key in settings.api_keys] == ["first", "second", "third"]
    assert settings.allowed_hosts == ("a.example", "b.example")


def test_one_name_is_a_list_of_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("API_KEYS", "only")
    assert [key.get_secret_value() for key in Settings.from_environment().api_keys] == ["only"]


def test_zero_means_no_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAX_FILE_SIZE_MB", "0")
    monkeypatch.setenv("MAX_PDF_PAGES", "0")
    settings = Settings.from_environment()
    assert settings.max_file_size_bytes is None
    assert settings.max_pages is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MAX_FILE_SIZE_MB", "ten"),
        ("MAX_FILE_SIZE_MB", "-1"),
        ("MAX_PDF_PAGES", "1.5"),
        ("MAX_PDF_PAGES", "-3"),
        ("OCR_TIMEOUT_PER_PAGE", "0"),
        ("RESULT_TTL", "59"),
        ("API_KEY_ENABLED", "perhaps"),
        ("WORKER_MEMORY_MB", "64"),
        ("WORKER_GRACE_S", "-1"),
        ("MAX_FILE_SIZE_MB", "inf"),
        ("MAX_FILE_SIZE_MB", "nan"),
        ("OCR_TIMEOUT_PER_PAGE", "inf"),
        ("REDIS_URL", "localhost:6379"),
        ("WEBHOOK_RETRY_SCHEDULE", ""),
        ("WEBHOOK_RETRY_SCHEDULE", "5,30"),
        ("WEBHOOK_RETRY_SCHEDULE", "0,soon"),
        ("WEBHOOK_RETRY_SCHEDULE", "0,-1"),
        ("WEBHOOK_RETRY_SCHEDULE", "0,nan"),
        ("WEBHOOK_RETRY_SCHEDULE", "0,inf"),
        ("WEBHOOK_RETRY_SCHEDULE", "0,80000"),
        ("WEBHOOK_RETRY_SCHEDULE", ",".join(["0"] * 21)),
        ("RATE_LIMIT_WINDOW", ""),
        ("RATE_LIMIT_WINDOW", "0"),
        ("RATE_LIMIT_WINDOW", "-1"),
        ("RATE_LIMIT_WINDOW", "1.5"),
        ("RATE_LIMIT_WINDOW", "fortnight"),
        ("RATE_LIMIT_REQUESTS", "0"),
        ("TRUSTED_PROXIES", "10.0.0.0/33"),
        ("TRUSTED_PROXIES", "*"),
        ("TRUSTED_PROXIES", "10.0.0.1,proxy.example"),
    ],
)
def test_a_bad_value_is_refused_by_the_variables_name(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=rf"(?m)^  {name}: "):
        Settings.from_environment()


def test_origins_are_written_as_browsers_send_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CORS_ORIGINS", "HTTPS://App.Example:443/, http://localhost:5173,http://[::1]:80,app://x")
    origins = Settings.from_environment().cors_origins
    assert origins == ("https://app.example", "http://localhost:5173", "http://[::1]", "app://x")


@pytest.mark.parametrize(
    "origins",
    ["app.example", "https://", "https://app.example/path", "https://*.example.org", "null", "https://a b", "*"],
)
def test_what_is_no_origin_is_refused_and_all_origins_without_keys(
    monkeypatch: pytest.MonkeyPatch, origins: str
) -> None:
    monkeypatch.setenv("CORS_ORIGINS", origins)
    with pytest.raises(SettingsError, match=r"(?m)^  CORS_ORIGINS: "):
        Settings.from_environment()


def test_all_origins_are_possible_with_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CORS_ORIGINS", "*")
    monkeypatch.setenv("API_KEY_ENABLED", "true")
    assert Settings.from_environment().cors_origins == ("*",)


def test_all_bad_values_are_named_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAX_PDF_PAGES", "many")
    monkeypatch.setenv("RESULT_TTL", "soon")
    with pytest.raises(SettingsError) as raised:
        Settings.from_environment()
    assert "MAX_PDF_PAGES" in str(raised.value)
    assert "RESULT_TTL" in str(raised.value)


def test_keys_are_not_shown_when_settings_are_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("API_KEYS", "hush-hush")
    monkeypatch.setenv("LOCAL_TOKEN", "mum")
    shown = repr(Settings.from_environment())
    assert "hush-hush" not in shown
    assert "mum" not in shown


def test_webhooks_are_retried_for_half_a_day_by_default(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Settings().webhook_retry_schedule == (0, 5, 30, 120, 600, 3_600, 10_800, 28_800)
    monkeypatch.setenv("WEBHOOK_RETRY_SCHEDULE", "0, 0.1,2")
    assert Settings.from_environment().webhook_retry_schedule == (0, 0.1, 2)


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="frozen"):
        Settings().env = "production"


@pytest.mark.parametrize(
    ("env", "log_format", "form"),
    [
        ("", "auto", "auto"),
        ("development", "auto", "text"),
        ("Development", "auto", "text"),
        ("production", "auto", "json"),
        ("staging", "auto", "json"),
        ("/etc/kshrc", "auto", "json"),
        ("development", "json", "json"),
        ("production", "text", "text"),
    ],
)
def test_env_chooses_the_log_form_unless_log_format_does(
    monkeypatch: pytest.MonkeyPatch, env: str, log_format: str, form: str
) -> None:
    monkeypatch.setenv("ENV", env)
    monkeypatch.setenv("LOG_FORMAT", log_format)
    assert Settings.from_environment().log_form == form


def test_an_empty_token_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("METRICS_TOKEN", "")
    monkeypatch.setenv("LOCAL_TOKEN", "")
    settings = Settings.from_environment()
    assert (settings.metrics_token, settings.local_token) == (None, None)


def test_a_given_setting_wins_over_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDIS_URL", "redis://env:1/0")
    assert Settings.from_environment(redis_url="redis://given:2/0").redis_url == "redis://given:2/0"


def test_the_port_is_a_setting_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PORT", raising=False)
    assert ListenSettings.from_environment().port == 8000
    monkeypatch.setenv("PORT", "9000")
    assert ListenSettings.from_environment().port == 9000
    monkeypatch.setenv("PORT", "COM3")
    with pytest.raises(SettingsError, match="PORT"):
        ListenSettings.from_environment()
    Settings.from_environment()


def test_secrets_are_read_from_files(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    files = {"REDIS_URL": "redis://:pass@db:6379/1\n", "API_KEYS": "first\nsecond, third\n", "METRICS_TOKEN": "token"}
    for name, text in files.items():
        (tmp_path / name).write_text(text)
        monkeypatch.setenv(f"{name}_FILE", str(tmp_path / name))
    settings = Settings.from_environment()
    assert settings.redis_url == "redis://:pass@db:6379/1"
    assert [key.get_secret_value() for key in settings.api_keys] == ["first", "second", "third"]
    assert settings.metrics_token is not None
    assert settings.metrics_token.get_secret_value() == "token"


def test_a_variable_wins_over_its_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "url").write_text("redis://file")
    monkeypatch.setenv("REDIS_URL_FILE", str(tmp_path / "url"))
    monkeypatch.setenv("REDIS_URL", "redis://variable")
    assert Settings.from_environment().redis_url == "redis://variable"


@pytest.mark.parametrize(("content", "reason"), [(None, "No such file"), (b"\xff", "not UTF-8"), (b" \n", "is empty")])
def test_a_secret_file_that_cannot_be_used_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: bytes | None, reason: str
) -> None:
    file = tmp_path / "keys"
    if content is not None:
        file.write_bytes(content)
    monkeypatch.setenv("API_KEYS_FILE", str(file))
    with pytest.raises(SettingsError, match=reason) as caught:
        Settings.from_environment()
    assert str(file) in str(caught.value)
    assert "API_KEYS_FILE" in str(caught.value)


def test_a_settings_name_with_file_is_no_secret_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOG_LEVEL_FILE", "/nowhere")
    assert Settings.from_environment().log_level == "INFO"


EACH_ITS_OWN = {
    "redis_url": "the way to one Redis; with another one, nothing is shared at all",
    "log_format": "where its lines go",
    "log_level": "how many lines it writes",
    **dict.fromkeys(("api_keys", "local_token", "metrics_token"), "a worker erases it, should it be there"),
    "ocr_timeout_per_page": "a job keeps the api's limit; a worker's own is for tasks without one",
}
"""Settings that api and workers read and that may differ, with the reason."""
BACKEND_PARTS_OF_THE_API = {"services.py", "rate_limits.py", "hub.py"}


def settings_read_in(*files: Path) -> set[str]:
    """The fields of Settings that modules read, as an attribute of something called settings."""
    found = set()
    for file in files:
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Attribute) and ast.unparse(node.value).rpartition(".")[2].strip("_") == "settings":
                found.add(node.attr)
    return found & set(Settings.model_fields)


def test_every_setting_that_api_and_workers_read_is_shared() -> None:
    backend = list((ROOT / "ocrdesk" / "backend").rglob("*.py"))
    api_alone = [file for file in backend if file.name in BACKEND_PARTS_OF_THE_API]
    both = [file for file in backend if file not in api_alone]
    by_api = settings_read_in(*(ROOT / "api").rglob("*.py"), *api_alone)
    by_workers = settings_read_in(*(ROOT / "worker").rglob("*.py"))
    read_by_both = (by_api & by_workers) | settings_read_in(*both)
    assert by_workers
    assert read_by_both - set(EACH_ITS_OWN) == set(Settings.SHARED)
