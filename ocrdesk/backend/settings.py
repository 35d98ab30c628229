"""Settings of the api and the worker, read once from the environment, validated, and passed down."""

from __future__ import annotations

import ipaddress
import math
import re
from typing import Annotated, Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

_MAX_WEBHOOK_ATTEMPTS = 20
_MAX_WEBHOOK_SCHEDULE_S = 72_000
"""Deliveries are kept for a day at least; the waits get some jitter on top."""
_WINDOW = re.compile(r"(?P<number>[1-9][0-9]{0,6})?\s*(?:(?P<unit>second|minute|hour|day)s?)?")


class SettingsError(Exception):
    """A setting has a value that cannot be used; the message names it and says why."""


class Settings(BaseSettings):
    """Everything that the environment decides. The names in capitals are the variables."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    redis_url: str = "redis://127.0.0.1:6379/0"
    storage_url: str = ""
    """`file:///folder`, or empty: files are kept in Redis, so that REDIS_URL alone joins two machines."""
    env: Literal["development", "production", "test"] = "production"

    # in settings that bound a size or a count, 0 means no bound
    max_file_size_mb: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 10
    max_pdf_pages: Annotated[int, Field(ge=0)] = 20
    ocr_timeout_per_page: Annotated[float, Field(gt=0, allow_inf_nan=False)] = 10
    """Seconds a page may take, from its start in a worker to its result."""
    result_ttl: Annotated[int, Field(ge=60)] = 86_400
    """Seconds that a job and its result are kept after its end."""
    keep_uploads: bool = True
    """Whether the file is kept as long as its result: searchable PDFs, page images and retries are made of it."""
    max_document_mb: Annotated[float, Field(gt=0, allow_inf_nan=False)] = 16
    """Megabytes that a corrected Document may have."""

    api_key_enabled: bool = False
    api_keys: Annotated[tuple[SecretStr, ...], NoDecode] = ()
    api_key_header: str = "X-API-Key"
    allowed_hosts: Annotated[tuple[str, ...], NoDecode] = ()
    """Names in the Host header that are answered to; empty: any. The local backend answers to its own only."""
    registration_enabled: bool = True
    """Whether people may make themselves a key at /auth/register."""
    rate_limit_enabled: bool = False
    rate_limit_requests: Annotated[int, Field(ge=1)] = 10
    """Submits that a key (or, without one, an address) may make in each RATE_LIMIT_WINDOW."""
    rate_limit_window: str = "minute"
    """`second`, `minute`, `hour` or `day`; also several (`5 minutes`), or a number of seconds."""
    rate_limit_reads: Annotated[int, Field(ge=1)] = 600
    """Requests other than submits that it may make a minute: polls, results, lists."""
    rate_limit_registrations: Annotated[int, Field(ge=1)] = 10
    """Keys that may be registered from one address an hour."""
    trusted_proxies: Annotated[tuple[str, ...], NoDecode] = ()
    """Addresses or networks whose X-Forwarded-For is believed; of others it is ignored."""
    max_queued_pages: Annotated[int, Field(ge=0)] = 5_000
    """Pages that may wait at a time, of all callers; more are refused with 503 until some are done."""
    max_queued_mb: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 4_096
    """Megabytes of files whose jobs are not over, likewise."""
    webhook_allowed_hosts: Annotated[tuple[str, ...], NoDecode] = ()
    """Hosts, addresses or networks that webhooks may call although they are private or this machine's own."""
    webhook_retry_schedule: Annotated[tuple[float, ...], NoDecode] = (0, 5, 30, 120, 600, 3_600, 10_800, 28_800)
    """Seconds to wait before each attempt at a webhook: the first is 0, and after the last it is given up."""
    local_token: SecretStr | None = None
    """Set by the local backend: a key that always works and knows no size or page limit."""

    worker_memory_mb: Annotated[int, Field(ge=512)] = 2048
    """Address space that the process which opens a user's file may have."""
    worker_grace_s: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 15
    """Seconds that a stopping worker may go on with its page before it hands it back."""
    scratch_dir: str = ""
    """Folder for short-lived files of a worker; empty: the system's."""

    @classmethod
    def from_environment(cls) -> Settings:
        """Raises SettingsError with a line for each setting that cannot be used."""
        try:
            return cls()
        except ValidationError as error:
            lines = [f"{'.'.join(map(str, e['loc'])).upper()}: {e['msg']}" for e in error.errors()]
            raise SettingsError("These settings cannot be used:\n  " + "\n  ".join(lines)) from None

    @field_validator("redis_url")
    @classmethod
    def _check_redis_url(cls, value: str) -> str:
        if not value.startswith(("redis://", "rediss://", "unix://")):
            raise ValueError("must begin with redis://, rediss:// or unix://, as redis://localhost:6379/0")
        return value

    @field_validator("api_keys", "allowed_hosts", "trusted_proxies", "webhook_allowed_hosts", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        """Lists are written with commas in the environment."""
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

    @property
    def max_file_size_bytes(self) -> int | None:
        """The limit in bytes; an MB has 1,048,576 of them."""
        return round(self.max_file_size_mb * (1 << 20)) or None

    @property
    def max_queued_bytes(self) -> int | None:
        """The bound in bytes, None for none."""
        return round(self.max_queued_mb * (1 << 20)) or None

    @property
    def max_pages(self) -> int | None:
        return self.max_pdf_pages or None
