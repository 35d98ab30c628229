"""The address of a bucket, as STORAGE_URL writes it: `s3://bucket/prefix?region=…`, also gs:// and az://."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, unquote, urlsplit

from ocrdesk.backend.settings import SettingsError

SCHEMES = ("s3", "gs", "az")
_OPTIONS: dict[str, dict[str, str]] = {
    "s3": {
        "endpoint": "endpoint",
        "region": "region",
        "sse": "server_side_encryption",
        "sse_kms_key": "sse_kms_key_id",
    },
    "gs": {"endpoint": "base_url"},
    "az": {"endpoint": "endpoint", "account": "account_name"},
}
"""The options that an address may have, and their names in obstore. Secrets are not among them."""
_ENCRYPTIONS = {"s3": "AES256", "kms": "aws:kms", "dsse": "aws:kms:dsse", "customer": "sse-c"}
_BUCKET = re.compile(r"[A-Za-z0-9$][A-Za-z0-9._-]{1,221}")
_PREFIX = re.compile(r"[A-Za-z0-9!_.*'()-]+(/[A-Za-z0-9!_.*'()-]+)*|")


@dataclass(frozen=True, slots=True)
class CloudAddress:
    """A bucket (or container), the prefix of all objects in it, and options by their names in obstore."""

    scheme: str
    bucket: str
    prefix: str = ""
    options: dict[str, str] = field(default_factory=dict)

    @classmethod
    def parse(cls, url: str) -> CloudAddress:
        """Return the address in a STORAGE_URL with one of SCHEMES. Raises SettingsError."""
        parts = urlsplit(url)
        scheme, bucket, prefix = parts.scheme, parts.netloc, unquote(parts.path).strip("/")
        if scheme not in SCHEMES or not _BUCKET.fullmatch(bucket):
            raise SettingsError(f"STORAGE_URL: {scheme}:// needs the name of a bucket, as {scheme}://bucket/prefix")
        if not _PREFIX.fullmatch(prefix) or any(part in (".", "..") for part in prefix.split("/")):
            raise SettingsError("STORAGE_URL: the prefix may have letters, digits and !_.*'()-, joined by /")
        return cls(scheme, bucket, prefix, _options(scheme, parts.query))

    def __str__(self) -> str:
        return f"{self.scheme}://{self.bucket}" + (f"/{self.prefix}" if self.prefix else "")


def _options(scheme: str, query: str) -> dict[str, str]:
    """Return the options of an address by their names in obstore. Raises SettingsError."""
    known, found = _OPTIONS[scheme], {}
    for name, value in parse_qsl(query, keep_blank_values=True):
        if name not in known:
            raise SettingsError(f"STORAGE_URL: {scheme}:// has the options {', '.join(known)}, and not {name!r}")
        if name == "sse":
            if value not in _ENCRYPTIONS:
                raise SettingsError(f"STORAGE_URL: sse is one of {', '.join(_ENCRYPTIONS)}")
            value = _ENCRYPTIONS[value]  # obstore's name for it
        found[known[name]] = value
    if "sse_kms_key_id" in found and "kms" not in found.get("server_side_encryption", ""):
        raise SettingsError("STORAGE_URL: sse_kms_key is for sse=kms or sse=dsse")
    return found
