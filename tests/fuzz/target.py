"""A fuzzing target: a function that accepts any bytes, and examples of bytes that it accepts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Target:
    """One entry point for untrusted bytes.

    `run` returns whether the bytes were accepted; it catches exactly the errors that callers get an answer for. Any
    other exception is a finding, and so is a result that contradicts another one, which `run` asserts.
    `seeds` are what mutations start from. The bytes of `words` are inserted as a whole.
    """

    name: str
    run: Callable[[bytes], bool]
    seeds: tuple[bytes, ...]
    words: tuple[bytes, ...] = ()
    rounds: int = 1
    """How many times fewer mutations the quick run makes, because this target is slow."""
