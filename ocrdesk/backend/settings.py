"""Settings from the environment, validated once."""

from __future__ import annotations

import ipaddress
import math
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict

from ocrdesk.backend.redis_servers.redis_url import parse_redis_url
from ocrdesk.contract.invalid_fields import field_problem

_MAX_WEBHOOK_ATTEMPTS = 20
_MAX_WEBHOOK_SCHEDULE_S = 72_000
"""Deliveries are kept for at least a day; the waits are varied at random."""
ANY_ORIGIN = "*"
_ORIGIN = re.compile(
    r"(?P<scheme>[a-z][a-z0-9+.-]*)://(?P<host>[a-z0-9._-]+|\[[0-9a-f:.]+\])(:(?P<port>[0-9]{1,5}))?/?"
)
_DEFAULT_PORTS = {"http": "80", "https": "443"}
_PATH_PREFIX = re.compile(r"(/[A-Za-z0-9._~-]+)*/?")
_WINDOW = re.compile(r"(?P<number>[1-9][0-9]{0,6})?\s*(?:(?P<unit>second|minute|hour|day)s?)?")


SECRETS = ("redis_url", "api_keys", "metrics_token")
"""Settings that can also be read from a file, which the variable NAME_FILE names. NAME itself wins."""


class SettingsError(Exception):
    """A setting has an invalid value; the message names the setting and the reason."""


class _SecretFiles(PydanticBaseSettingsSource):
    """Reads secrets from the files that NAME_FILE variables name, as containers and systemd provide them."""

    def __call__(self) -> dict[str, Any]:
        """Return the secrets by field. Raises SettingsError if a file cannot be read."""
        found = {name: os.environ.get(f"{name.upper()}_FILE", "") for name in self._names()}
        return {name: self._read(name, path) for name, path in found.items() if path}

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:  # noqa: ARG002
        return None, field_name, False  # unused: __call__ reads all fields

    def _names(self) -> Iterator[str]:
        return (name for name in SECRETS if name in self.settings_cls.model_fields)

    def _read(self, name: str, path: str) -> str:
        try:
            text = Path(path).read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
            raise SettingsError(f"{name.upper()}_FILE names {path}, which cannot be read: {reason}.") from None
        if not text:
            raise SettingsError(f"{name.upper()}_FILE names {path}, which is empty.")
        return ",".join(text.split()) if name == "api_keys" else text


class _FromEnvironment(BaseSettings):
    """Settings whose names in capitals are environment variables.

    A field's docstring is its explanation. `packaging/env_example.py` reads it; at each start, that would take time.
    """

    model_config = SettingsConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, _SecretFiles(settings_cls)

    @classmethod
    def from_environment(cls, **given: Any) -> Self:
        """Read the settings; `given` ones win. Raises SettingsError with a line for each invalid one."""
        try:
            return cls(**given)
        except ValidationError as error:
            lines = [
                field_problem(found, [str(part).upper() for part in found["loc"]]).text for found in error.errors()
            ]
            raise SettingsError("These settings cannot be used:\n  " + "\n  ".join(lines)) from None


class ListenSettings(_FromEnvironment):
    """The setting of `api` and `serve` alone: elsewhere a variable of this name may mean anything."""

    port: Annotated[int, Field(ge=0, le=65_535)] = 8_000
    """Port of `ocrdesk api` and `ocrdesk serve`; their option `--port` wins."""


class Settings(_FromEnvironment):
    """All settings of the service."""

    redis_url: str = "redis://127.0.0.1:6379/0"
    """Redis 7 or Valkey, also Sentinels or a cluster; `serve` brings its own."""
    redis_replicas: Annotated[int, Field(ge=0, le=10)] = 0
    """Replicas that must have a job or page before it counts as accepted or done; from 1 on a failover loses none."""
    storage_url: str = ""
    """`file:///folder` or `s3://bucket/prefix`, that api and workers share; if empty, files are stored in Redis."""
    download_url_s: Annotated[int, Field(ge=0, le=3_600)] = 0
    """Seconds that a finished file's address in a bucket is valid, to which downloads are redirected; 0: none are."""
    queue_name: Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,100}$")] = "ocrdesk"
    """RQ queue of the work; the api and all workers must name the same."""
    env: str = ""
    """`development`: readable logs; `production` or any other: JSON logs; empty: readable on a terminal."""

    max_file_size_mb: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 10
    """Largest upload, in units of 1,048,576 bytes; 0: no limit."""
    max_pdf_pages: Annotated[int, Field(ge=0)] = 20
    """Most pages per file; 0: no limit."""
    ocr_timeout_per_page: Annotated[float, Field(gt=0, allow_inf_nan=False)] = 10
    """Seconds of processing that a page may need; waiting does not count, but 60 times as many seconds end it."""
    result_ttl: Annotated[int, Field(ge=60)] = 86_400
    """Seconds that a job and its result are kept after the job's end."""
    keep_uploads: bool = True
    """Keep the upload as long as its result: searchable PDFs, page images and retries need it."""
    max_document_mb: Annotated[float, Field(gt=0, allow_inf_nan=False)] = 16
    """Largest corrected Document, in megabytes."""

    api_key_enabled: bool = False
    """Ask for an API key."""
    api_keys: Annotated[tuple[SecretStr, ...], NoDecode] = ()
    """Fixed keys, separated by commas; each sees only its own jobs."""
    api_key_header: str = "X-API-Key"
    """The header that carries the key."""
    allowed_hosts: Annotated[tuple[str, ...], NoDecode] = ()
    """Accepted names in the Host header, separated by commas; `*`: all. Empty: those that no web page can forge."""
    cors_origins: Annotated[tuple[str, ...], NoDecode] = ()
    """Origins of web pages that may use the api from a browser, as https://app.example; `*`, with keys only: all."""
    registration_enabled: bool = True
    """Let anyone register for a key at /auth/register."""
    rate_limit_enabled: bool = False
    """Limit requests."""
    rate_limit_requests: Annotated[int, Field(ge=1)] = 10
    """Submissions per RATE_LIMIT_WINDOW for each key (or each address, without a key)."""
    rate_limit_window: str = "minute"
    """`second`, `minute`, `hour` or `day`, several of them (`5 minutes`), or a number of seconds."""
    rate_limit_reads: Annotated[int, Field(ge=1)] = 600
    """Other requests per minute, for each key or address: polls, results, lists."""
    rate_limit_registrations: Annotated[int, Field(ge=1)] = 10
    """Registrations from one address per hour, also without RATE_LIMIT_ENABLED."""
    rate_limit_all_registrations: Annotated[int, Field(ge=1)] = 100
    """Registrations of all addresses together per hour, also without RATE_LIMIT_ENABLED."""
    max_connections: Annotated[int, Field(ge=1)] = 4_000
    """Connections of `ocrdesk api` and `serve` at a time; fewer if the process may open fewer files."""
    max_connections_per_address: Annotated[int, Field(ge=1)] = 2_000
    """The same from one address, and never more than half of all; TRUSTED_PROXIES have no limit of their own."""
    trusted_proxies: Annotated[tuple[str, ...], NoDecode] = ()
    """Addresses or networks whose X-Forwarded-For, -Proto and -Prefix headers are trusted, separated by commas."""
    root_path: str = ""
    """Path prefix that a proxy removes from requests, as `/ocr`; links in responses begin with it."""
    max_queued_pages: Annotated[int, Field(ge=0)] = 5_000
    """Pages and export files of all callers that may wait before submits get 503; 0: no limit."""
    max_queued_seconds: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 14_400
    """Seconds that all waiting work will probably take before submits get 503; 0: no limit."""
    worker_time_share: Annotated[float, Field(gt=0, le=1)] = 0.5
    """Share of the workers' time in 10 minutes above which a caller gets 429 while others wait; 1: no limit."""
    max_queued_mb: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 4_096
    """Megabytes of uploads whose jobs have not ended before submits get 503; 0: no limit."""
    webhook_allowed_hosts: Annotated[tuple[str, ...], NoDecode] = ()
    """Private or own hosts, addresses or networks that webhooks may call, separated by commas."""
    webhook_retry_schedule: Annotated[tuple[float, ...], NoDecode] = (0, 5, 30, 120, 600, 3_600, 10_800, 28_800)
    """Seconds to wait before each attempt at a webhook; the first is 0, after the last the webhook fails."""
    local_token: SecretStr | None = None
    """Set by the local server: a key that always works and has no size or page limit."""

    worker_memory_mb: Annotated[int, Field(ge=512)] = 2048
    """Address space of the process that opens a user's file, in megabytes."""
    worker_grace_s: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 15
    """Seconds that a stopping worker may continue with its page before it hands the page back."""
    scratch_dir: str = ""
    """Folder on a local disk in which each worker pool makes a private one for temporary files; empty: the system's."""

    log_format: Literal["auto", "json", "text"] = "auto"
    """`json` or `text`; `auto`: as ENV says."""
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    """Level of ocrdesk's own log lines; libraries log from WARNING upwards."""
    metrics_enabled: bool = True
    """Serve /metrics."""
    metrics_token: SecretStr | None = None
    """The bearer token that /metrics requires; if empty it requires none, unless API_KEY_ENABLED is set."""
    api_grace_s: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 5
    """Seconds that a stopping api gives running requests, above all uploads, before it ends them."""
    api_drain_s: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 0
    """Seconds that a stopping api still accepts requests while /health/ready is 503, so load balancers notice."""
    ready_grace_s: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 300
    """Seconds that jobs may wait without a live worker before /health/ready answers 503; the time to start workers."""

    SHARED: ClassVar[tuple[str, ...]] = (
        "storage_url",
        "redis_replicas",
        "queue_name",
        "result_ttl",
        "keep_uploads",
        "webhook_allowed_hosts",
        "webhook_retry_schedule",
    )
    """Settings with an effect in the api and in the workers, so that all must have the same value. The api compares
    its own with those of the live workers. None is secret: their fingerprints are stored in Redis."""

    @field_validator("redis_url")
    @classmethod
    def _check_redis_url(cls, value: str) -> str:
        parse_redis_url(value)
        return value

    @field_validator("log_format", mode="before")
    @classmethod
    def _lower(cls, value: object) -> object:
        return value.lower() if isinstance(value, str) else value

    @field_validator("log_level", mode="before")
    @classmethod
    def _upper(cls, value: object) -> object:
        return value.upper() if isinstance(value, str) else value

    @field_validator(
        "api_keys", "allowed_hosts", "cors_origins", "trusted_proxies", "webhook_allowed_hosts", mode="before"
    )
    @classmethod
    def _split(cls, value: object) -> object:
        """Split a list, which the environment writes with commas."""
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @field_validator("webhook_retry_schedule", mode="before")
    @classmethod
    def _split_schedule(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        try:
            return tuple(float(part) for part in value.split(","))
        except ValueError:
            raise ValueError("must be seconds joined by commas, as 0,5,30,120") from None

    @field_validator("webhook_retry_schedule")
    @classmethod
    def _check_schedule(cls, value: tuple[float, ...]) -> tuple[float, ...]:
        if not value or value[0] != 0:
            raise ValueError("must begin with 0, because the first attempt is made at once, as 0,5,30,120")
        if len(value) > _MAX_WEBHOOK_ATTEMPTS:
            raise ValueError(f"may have at most {_MAX_WEBHOOK_ATTEMPTS} attempts")
        if not all(0 <= delay_s < math.inf for delay_s in value) or sum(value) > _MAX_WEBHOOK_SCHEDULE_S:
            raise ValueError(f"must be seconds that add up to at most {_MAX_WEBHOOK_SCHEDULE_S} (20 hours)")
        return value

    @field_validator("rate_limit_window")
    @classmethod
    def _check_window(cls, value: str) -> str:
        window = _WINDOW.fullmatch(value.strip().lower())
        if not window or (window["unit"] is None and window["number"] is None):
            raise ValueError("must be second, minute, hour, day, or a number of seconds")
        return f"{window['number'] or 1} {window['unit'] or 'second'}"

    @field_validator("trusted_proxies")
    @classmethod
    def _check_networks(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for text in value:
            try:
                ipaddress.ip_network(text, strict=False)
            except ValueError:
                raise ValueError(f"{text!r} is no address or network, as 10.0.0.7, 10.0.0.0/8 or fd00::/8") from None
        return value

    @field_validator("root_path")
    @classmethod
    def _check_root_path(cls, value: str) -> str:
        return path_prefix(value)

    @field_validator("local_token", "metrics_token")
    @classmethod
    def _empty_is_none(cls, value: SecretStr | None) -> SecretStr | None:
        return value if value and value.get_secret_value() else None

    @property
    def log_form(self) -> Literal["auto", "json", "text"]:
        """LOG_FORMAT; where that is `auto`, what ENV asks for."""
        if self.log_format != "auto" or not self.env:
            return self.log_format
        return "text" if self.env.lower() == "development" else "json"

    @field_validator("cors_origins")
    @classmethod
    def _check_origins(cls, value: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        if ANY_ORIGIN in value and not info.data.get("api_key_enabled"):
            raise ValueError("can be * only if API_KEY_ENABLED is set, or every web site could use this server")
        return tuple(text if text == ANY_ORIGIN else _origin(text) for text in value)

    @property
    def max_file_size_bytes(self) -> int | None:
        """The limit in bytes; a megabyte has 1,048,576."""
        return round(self.max_file_size_mb * (1 << 20)) or None

    @property
    def max_queued_bytes(self) -> int | None:
        """The limit in bytes; None for no limit."""
        return round(self.max_queued_mb * (1 << 20)) or None

    @property
    def max_pages(self) -> int | None:
        return self.max_pdf_pages or None


def path_prefix(text: str) -> str:
    """Return a path prefix without a slash at its end. Raises ValueError."""
    if not _PATH_PREFIX.fullmatch(text):
        raise ValueError(f"{text!r} is no path, as /ocr")
    return text.rstrip("/")


def _origin(text: str) -> str:
    """Return an origin as browsers send it: in lower case, without the scheme's own port. Raises ValueError."""
    found = _ORIGIN.fullmatch(text.lower())
    if found is None:
        raise ValueError(f"{text!r} is no origin, as https://app.example or http://localhost:5173, without a path")
    scheme, host, port = found["scheme"], found["host"], found["port"]
    return f"{scheme}://{host}" + (f":{port}" if port and port != _DEFAULT_PORTS.get(scheme) else "")
