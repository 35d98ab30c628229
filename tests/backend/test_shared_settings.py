"""Fingerprints of shared settings: equal values agree, others are named, and no value is revealed."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from ocrdesk.backend.settings import Settings
from ocrdesk.backend.shared_settings import differing, fingerprints
from ocrdesk.backend.storage.folder_store import FolderStore


def made(folder: Path, **values: Any) -> dict[str, str]:
    return fingerprints(Settings(**values), FolderStore(folder))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("result_ttl", 3600),
        ("keep_uploads", False),
        ("webhook_allowed_hosts", ("10.0.0.0/8",)),
        ("webhook_retry_schedule", (0, 5)),
    ],
)
def test_a_setting_with_another_value_is_named(tmp_path: Path, name: str, value: object) -> None:
    own = made(tmp_path)
    assert differing(own, made(tmp_path)) == ()
    assert differing(own, made(tmp_path, **{name: value})) == (name.upper(),)


def test_every_shared_setting_has_a_fingerprint(tmp_path: Path) -> None:
    assert set(made(tmp_path)) == {name.upper() for name in Settings.SHARED}
    assert set(Settings.SHARED) <= set(Settings.model_fields)


def test_no_shared_setting_is_secret() -> None:
    """A fingerprint of a short secret could be guessed by those who can read Redis."""
    assert [name for name in Settings.SHARED if "Secret" in str(Settings.model_fields[name].annotation)] == []


def test_the_order_and_case_of_hosts_do_not_count(tmp_path: Path) -> None:
    one = made(tmp_path, webhook_allowed_hosts=("hooks.example", "10.0.0.7"))
    other = made(tmp_path, webhook_allowed_hosts=("10.0.0.7", "Hooks.example"))
    assert one == other


def test_the_storage_folder_counts_and_not_its_path(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "mounted").symlink_to(tmp_path / "a")
    assert differing(made(tmp_path / "a"), made(tmp_path / "mounted")) == ()
    assert differing(made(tmp_path / "a"), made(tmp_path / "b")) == ("STORAGE_URL",)


def test_a_storage_folder_that_cannot_be_used_differs_from_all(tmp_path: Path) -> None:
    gone = FolderStore(tmp_path / "gone")
    shutil.rmtree(tmp_path / "gone")
    assert differing(fingerprints(Settings(), gone), fingerprints(Settings(), gone)) == ("STORAGE_URL",)


def test_settings_of_one_side_only_are_ignored() -> None:
    assert differing({"RESULT_TTL": "a", "NEW": "b"}, {"RESULT_TTL": "a", "OLD": "c"}) == ()
