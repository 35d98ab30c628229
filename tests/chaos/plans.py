"""Derives from a seed what is submitted and what is done to each job."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from tests.chaos.documents import Kind


class Extra(StrEnum):
    """What a caller does besides waiting for the result."""

    NONE = "none"
    PDF = "pdf"
    DOCX = "docx"
    IMAGE = "image"
    CORRECT = "correct"
    DELETE_EARLY = "delete early"
    DELETE = "delete"
    CANCEL = "cancel"
    CANCEL_AND_RETRY = "cancel and retry"
    WEBHOOK = "webhook"
    REPEAT = "repeat"
    """Submit the same again with the same Idempotency-Key, at another api."""


_KINDS = {
    Kind.IMAGE: 50,
    Kind.SCAN: 16,
    Kind.TIFF: 8,
    Kind.TEXT_LAYER: 16,
    Kind.CUT_PDF: 5,
    Kind.CUT_IMAGE: 5,
}
_EXTRAS = {
    Extra.NONE: 44,
    Extra.PDF: 6,
    Extra.DOCX: 6,
    Extra.IMAGE: 6,
    Extra.CORRECT: 8,
    Extra.DELETE_EARLY: 4,
    Extra.DELETE: 4,
    Extra.CANCEL: 4,
    Extra.CANCEL_AND_RETRY: 6,
    Extra.WEBHOOK: 6,
    Extra.REPEAT: 6,
}
_PAGES = {Kind.SCAN: (2, 4), Kind.TIFF: (2, 3), Kind.TEXT_LAYER: (1, 5)}


@dataclass(frozen=True, slots=True)
class Plan:
    """One job: the file, who submits it at which api, and what happens to it. `pause_s` is before the extra."""

    number: int
    kind: Kind
    pages: int
    tenant: int
    api: int
    extra: Extra
    pause_s: float


def plans(seed: int, jobs: int, tenants: int) -> Iterator[Plan]:
    """Yield the plans of a run."""
    chosen = random.Random(f"plans {seed}")
    for number in range(1, jobs + 1):
        kind = chosen.choices(list(_KINDS), list(_KINDS.values()))[0]
        extra = chosen.choices(list(_EXTRAS), list(_EXTRAS.values()))[0]
        yield Plan(
            number=number,
            kind=kind,
            pages=chosen.randint(*_PAGES.get(kind, (1, 1))),
            tenant=chosen.randrange(tenants),
            api=chosen.randrange(1 << 16),
            extra=Extra.NONE if kind.is_damaged else extra,
            pause_s=chosen.uniform(0, 0.6),
        )
