"""Passwords in two halves: each alone says nothing."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from ocrdesk.backend.storage.blob_store import PASSWORD_PAD
from ocrdesk.backend.storage.folder_store import FolderStore
from ocrdesk.backend.storage.sealed_password import forget, seal, unseal


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path)


@pytest.mark.parametrize("password", ["a", "tulip", "Gänseblümchen 花", "x" * 2000])
def test_both_halves_make_the_password(store: FolderStore, password: str) -> None:
    assert unseal(store, "job", seal(store, "job", password)) == password


def test_no_half_has_the_password_or_its_length(store: FolderStore) -> None:
    sealed = {password: base64.b64decode(seal(store, "job", password)) for password in ("tulip", "a longer password")}
    pad = store.read("job", PASSWORD_PAD)
    assert {len(half) for half in (*sealed.values(), pad)} == {512}
    assert all(password.encode() not in half for password, half in sealed.items())
    assert b"longer" not in pad


def test_the_same_password_is_never_sealed_twice_alike(store: FolderStore) -> None:
    assert seal(store, "one", "tulip") != seal(store, "two", "tulip")


def test_a_forgotten_password_cannot_be_read(store: FolderStore) -> None:
    sealed = seal(store, "job", "tulip")
    forget(store, "job")
    assert unseal(store, "job", sealed) is None
