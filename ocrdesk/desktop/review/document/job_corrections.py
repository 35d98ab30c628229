"""The corrections of one job, and whether the server has them; no Qt."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ocrdesk.desktop.review.document.line_change import LineChange
    from ocrdesk.desktop.review.document.unsaved_changes import Unsaved


class SaveState(Enum):
    """Whether a job's corrections are saved on the server."""

    SAVED = "saved"
    SAVING = "saving"
    OFFLINE = "offline"
    CONFLICT = "conflict"
    """Somebody else changed the same lines."""
    REFUSED = "refused"
    ORPHANED = "orphaned"
    """The server no longer has the result."""


@dataclass
class JobCorrections:
    """The corrections of one job."""

    file_name: str
    unsaved: Unsaved
    conflicts: list[LineChange] = field(default_factory=list)
    refusal: str = ""
    is_orphaned: bool = False
    is_sending: bool = False

    @property
    def can_be_sent(self) -> bool:
        return bool(self.unsaved) and not self.conflicts and not self.is_orphaned

    def state(self, *, is_connected: bool) -> SaveState:
        if not (self.unsaved or self.is_sending):
            return SaveState.SAVED
        if self.is_orphaned:
            return SaveState.ORPHANED
        if self.conflicts:
            return SaveState.CONFLICT
        if self.refusal:
            return SaveState.REFUSED
        return SaveState.SAVING if is_connected else SaveState.OFFLINE
