"""Merging memory into large pages changes none of it."""

from __future__ import annotations

import os

from ocrdesk_worker.processes.large_pages import merge_memory


def test_memory_is_the_same_afterwards() -> None:
    content = os.urandom(1 << 12) * (8 << 8)
    copy = bytearray(content)
    assert merge_memory() >= 0  # 0 where the kernel cannot
    assert copy == content
    copy[5] ^= 1
    assert copy != content
