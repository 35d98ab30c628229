"""A machine that restricts less still reads pages, and says so."""

from __future__ import annotations

import ctypes
import logging
import os
import struct
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ocrdesk_worker.jobs.context import Context
from ocrdesk_worker.jobs.opened_file import OpenedFile
from ocrdesk_worker.sandbox import confinement, landlock
from ocrdesk_worker.sandbox.confined_process import Channel, ConfinedProcess
from ocrdesk_worker.sandbox.confinement import Access
from ocrdesk_worker.sandbox.frames import Kind
from tests.helpers.sample_files import scan_pdf
from tests.helpers.uploaded_jobs import submitted


@pytest.mark.parametrize("offered", [(), ("files",), ("system_calls",)])
def test_pages_are_read_with_what_there_is(
    work: Context, monkeypatch: pytest.MonkeyPatch, offered: tuple[str, ...]
) -> None:
    there = tuple(name for name in offered if name in confinement.measures())
    monkeypatch.setattr(confinement, "measures", lambda: there)
    with OpenedFile(work, submitted(work, scan_pdf(["Hello"]))) as file:
        assert [word.text for word in file.read(1).words()] == ["Hello"]


def test_the_log_says_what_is_missing(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setattr(confinement, "measures", lambda: ("files",))
    with caplog.at_level(logging.WARNING):
        confinement.log_measures()
    assert "does not restrict tcp, signals, system_calls" in caplog.text
    assert "in force: files" in caplog.text


def test_data_beside_packages_is_not_readable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "package").mkdir()
    (tmp_path / "package" / "__init__.py").touch()
    (tmp_path / "data").mkdir()
    monkeypatch.syspath_prepend(str(tmp_path))
    folders = confinement.library_folders.__wrapped__()
    assert (tmp_path / "package").resolve() in folders
    assert not {tmp_path.resolve(), (tmp_path / "data").resolve()} & set(folders)
    assert Path("/") not in folders
    assert Path.home() not in folders


@pytest.mark.skipif(not landlock.abi(), reason="this kernel has no Landlock")
def test_only_the_places_that_were_given_can_be_used(tmp_path: Path) -> None:
    inside, outside = tmp_path / "inside", tmp_path / "outside"
    for folder in (inside, outside):
        folder.mkdir()
        (folder / "file").write_text("x")
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            landlock.restrict([(landlock.Place.at(inside), landlock.WRITE), (landlock.Place.at(tmp_path / "no"), 0)])
            (inside / "new").write_text((inside / "file").read_text())
            for refused in (outside / "file", Path("/etc/passwd")):
                with pytest.raises(PermissionError):
                    refused.read_text()
            with pytest.raises(PermissionError):
                (outside / "new").write_text("x")
            with pytest.raises(PermissionError):
                (inside / "link").symlink_to(outside)
            code = 0
        finally:
            os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0


def _confined(tmp_path: Path, serve: Callable[[Channel], None]) -> bytes:
    with ConfinedProcess(serve, Access(tmp_path)) as process:
        return process.ask({}).body


def test_a_process_with_many_descriptors_can_be_confined(tmp_path: Path) -> None:
    def serve(channel: Channel) -> None:
        channel.next_request()
        (tmp_path / "note").write_text("x")
        channel.answer(Kind.ANSWER, b"%d" % sum(_is_secret(number) for number in range(1_000)))

    def _is_secret(descriptor: int) -> bool:
        try:
            return os.path.samestat(os.fstat(descriptor), about)
        except OSError:
            return False

    secret = tmp_path.with_name("secret")
    secret.write_text("x")
    about = secret.stat()
    opened = [os.open(secret, os.O_RDONLY) for _ in range(300)]
    try:
        assert _confined(tmp_path, serve) == b"0"
    finally:
        for descriptor in opened:
            os.close(descriptor)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has capabilities")
def test_root_keeps_only_the_right_to_read_and_write_files(tmp_path: Path) -> None:
    def serve(channel: Channel) -> None:
        channel.next_request()
        held = ctypes.create_string_buffer(24)
        ctypes.CDLL(None).capget(ctypes.c_char_p(struct.pack("Ii", 0x20080522, 0)), held)
        channel.answer(Kind.ANSWER, held.raw)

    effective, permitted, inheritable, *rest = struct.unpack("6I", _confined(tmp_path, serve))
    assert not (effective | permitted) & ~0b110
    assert (inheritable, rest) == (0, [0, 0, 0])
