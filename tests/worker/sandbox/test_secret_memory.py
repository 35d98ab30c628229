"""A process that opens files has no secret in its memory that its worker had."""

from __future__ import annotations

import mmap
import os
import sys
from pathlib import Path

import pytest
from pydantic import SecretStr

from ocrdesk.backend.settings import Settings
from ocrdesk_worker.sandbox import secret_memory

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux lets a process look through its memory")


def made(*parts: str) -> str:
    """Return a text that is in memory once, whatever the compiler does with constants."""
    return "-".join(parts)


class Lists:
    """Stands for the kernel's list of this process's memory, as it is one time after the other."""

    def __init__(self, texts: list[str]) -> None:
        self._texts = texts

    def read_text(self, *_: object, **__: object) -> str:
        return self._texts.pop(0)


def erased_in_child(texts: list[str]) -> list[bool]:
    """Return for each text whether a forked process has it no more after it erased what was found."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        secret_memory.erase()
        os.write(writing, bytes(set(text) == {"\0"} for text in texts))
        os._exit(0)
    os.waitpid(pid, 0)
    found = os.read(reading, 100)
    os.close(reading)
    os.close(writing)
    return [bool(value) for value in found]


def test_secrets_are_erased_in_forked_processes_alone() -> None:
    token, other, password = made("token", "1234567"), made("k\u00e9y", "123456789"), made("pass word", "98765")
    short, word = made("secret", "1"), made("a", "word")
    settings = Settings(
        redis_url=f"redis://user:{password.replace(' ', '%20')}@127.0.0.1:1/0",
        local_token=SecretStr(token),
        api_keys=(SecretStr(other), SecretStr(short), SecretStr(word)),
    )
    secret_memory.find(secret_memory.secrets_of(settings))
    try:
        assert erased_in_child([token, other, password, short, word]) == [True, True, True, False, False]
        assert (token, other) == (made("token", "1234567"), made("k\u00e9y", "123456789"))
    finally:
        secret_memory.find([])


def test_memory_that_is_given_back_during_the_search_is_no_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    token = made("token", "2468013")
    listed = Path("/proc/self/maps").read_text()
    never_used = f"{mmap.PAGESIZE:x}-{2 * mmap.PAGESIZE:x} rw-p 00000000 00:00 0\n"
    lists = [never_used + listed, listed]
    monkeypatch.setattr(secret_memory, "_PARTS", Lists(lists))
    secret_memory.find([token])
    try:
        assert erased_in_child([token]) == [True]
        assert not lists, "it started again"
    finally:
        secret_memory.find([])


def test_a_search_that_never_succeeds_is_logged(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    secret = made("never", "found", "12345")

    def give_back(*_: object) -> object:
        raise secret_memory._MemoryChangedError

    monkeypatch.setattr(secret_memory, "_addresses", give_back)
    secret_memory.find([secret])
    assert "were not found" in caplog.text
    assert secret not in caplog.text


def test_memory_that_has_another_use_by_now_stays() -> None:
    kept = bytearray(made("token", "7654321").encode())
    secret_memory.find([kept.decode()])
    kept[:] = b"x" * len(kept)
    reading, writing = os.pipe()
    if (pid := os.fork()) == 0:
        secret_memory.erase()
        os.write(writing, kept)
        os._exit(0)
    os.waitpid(pid, 0)
    assert os.read(reading, 100) == b"x" * len(kept)
    secret_memory.find([])


def test_secrets_of_other_programs_are_known_by_their_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STORAGE_SECRET_KEY", "a-secret-of-others-1")
    monkeypatch.setenv("LANG", "C.UTF-8")
    found = secret_memory.secrets_of(Settings(redis_url="redis://127.0.0.1:1/0"))
    assert "a-secret-of-others-1" in found
    assert "C.UTF-8" not in found
