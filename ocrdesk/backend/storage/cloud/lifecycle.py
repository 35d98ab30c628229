"""`python -m ocrdesk.backend.storage.cloud.lifecycle`: print the lifecycle rule for the bucket in STORAGE_URL.

The service removes its files itself. The rule removes what an installation left that no longer runs, and the parts of
uploads that broke off. It must never be faster than the service: files count from their upload, results from their end.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from ocrdesk.backend import env_file
from ocrdesk.backend.settings import Settings, SettingsError
from ocrdesk.backend.storage.cloud.address import SCHEMES, CloudAddress
from ocrdesk.backend.storage.cloud.object_store import JOBS

_DAY_S = 86_400
_LONGEST_JOB_DAYS = 7
"""No job waits and runs for longer."""
_PARTS_DAYS = 1


def rule(address: CloudAddress, result_ttl_s: int) -> dict[str, Any]:
    """Return the rule in the form that the provider's own program reads."""
    days = -(-result_ttl_s // _DAY_S) + _LONGEST_JOB_DAYS
    start = f"{address.prefix}/{JOBS}" if address.prefix else JOBS
    if address.scheme == "s3":
        return {
            "Rules": [
                {
                    "ID": "ocrdesk",
                    "Status": "Enabled",
                    "Filter": {"Prefix": start},
                    "Expiration": {"Days": days},
                    "NoncurrentVersionExpiration": {"NoncurrentDays": 1},
                    "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": _PARTS_DAYS},
                }
            ]
        }
    if address.scheme == "gs":
        prefixes = {"matchesPrefix": [start]}
        return {
            "rule": [
                {"action": {"type": "Delete"}, "condition": {"age": days} | prefixes},
                {"action": {"type": "AbortIncompleteMultipartUpload"}, "condition": {"age": _PARTS_DAYS} | prefixes},
            ]
        }
    return {
        "rules": [
            {
                "name": "ocrdesk",
                "enabled": True,
                "type": "Lifecycle",
                "definition": {
                    "filters": {"blobTypes": ["blockBlob"], "prefixMatch": [f"{address.bucket}/{start}"]},
                    "actions": {"baseBlob": {"delete": {"daysAfterModificationGreaterThan": days}}},
                },
            }
        ]
    }


def main() -> int:
    """Print the rule as JSON; return the exit code."""
    try:
        env_file.load()
        settings = Settings.from_environment()
        if settings.storage_url.partition("://")[0] not in SCHEMES:
            raise SettingsError("STORAGE_URL: only a bucket has a lifecycle rule")
        print(json.dumps(rule(CloudAddress.parse(settings.storage_url), settings.result_ttl), indent=2))  # noqa: T201
    except SettingsError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
