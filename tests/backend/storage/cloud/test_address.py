"""The address of a bucket."""

from __future__ import annotations

import pytest

from ocrdesk.backend.settings import SettingsError
from ocrdesk.backend.storage.cloud.address import CloudAddress


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("s3://files", CloudAddress("s3", "files")),
        ("s3://files/a/b/", CloudAddress("s3", "files", "a/b")),
        (
            "s3://files/a?region=eu-central-1&sse=kms&sse_kms_key=alias/one",
            CloudAddress(
                "s3",
                "files",
                "a",
                {"region": "eu-central-1", "server_side_encryption": "aws:kms", "sse_kms_key_id": "alias/one"},
            ),
        ),
        ("gs://files?endpoint=http://h:1", CloudAddress("gs", "files", "", {"base_url": "http://h:1"})),
        ("az://files/p?account=one", CloudAddress("az", "files", "p", {"account_name": "one"})),
    ],
)
def test_an_address_is_read(url: str, expected: CloudAddress) -> None:
    assert CloudAddress.parse(url) == expected


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("s3://", "name of a bucket"),
        ("s3://key:secret@files", "name of a bucket"),
        ("s3://files/../other", "prefix"),
        ("s3://files/with space", "prefix"),
        ("s3://files?secret_access_key=abc", "'secret_access_key'"),
        ("s3://files?sse=rot13", "sse is one of"),
        ("s3://files?sse_kms_key=one", "sse_kms_key is for"),
        ("gs://files?region=eu", "'region'"),
    ],
)
def test_a_wrong_address_is_refused_with_the_reason(url: str, reason: str) -> None:
    with pytest.raises(SettingsError, match="STORAGE_URL") as caught:
        CloudAddress.parse(url)
    assert reason in str(caught.value)
