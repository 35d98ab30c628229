"""Counts what a run has done and says it in one line."""

from __future__ import annotations

import time
from dataclasses import dataclass, field


@dataclass(slots=True)
class Summary:
    """Files done, failed and skipped, pages read, and the seconds since the start."""

    total: int = 0
    done: int = 0
    failed: int = 0
    skipped: int = 0
    pages: int = 0
    start_s: float = field(default_factory=time.monotonic)

    def line(self, start: str = "") -> str:
        """Return the line that ends a run: `ocrdesk: 3 files done, 1 failed, 2 skipped; 14 pages in 6.2 s.`

        `start` says why the run ended early, if it did.
        """
        left = self.total - self.done - self.failed
        counts = {"failed": self.failed, "skipped": self.skipped, "not done": left}
        parts = [f"{_number(self.done, 'file')} done", *(f"{count} {what}" for what, count in counts.items() if count)]
        seconds = time.monotonic() - self.start_s
        return f"ocrdesk: {start}{', '.join(parts)}; {_number(self.pages, 'page')} in {seconds:.1f} s."


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
