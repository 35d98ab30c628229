"""The changes of one result that its server does not have yet, and their form on disk; it knows no Qt."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pydantic import BaseModel, ConfigDict, ValidationError

from ocrdesk.contract.document import Word
from ocrdesk.desktop.review.document.line_change import LineChange, LinePlace


class Unsaved:
    """One change a line, however often it was changed: from what the server has to what it shall have."""

    def __init__(self, changes: Iterable[LineChange] = ()) -> None:
        self._changes: dict[LinePlace, LineChange] = {}
        self.add(changes)

    def __bool__(self) -> bool:
        return bool(self._changes)

    def __len__(self) -> int:
        return len(self._changes)

    def add(self, changes: Iterable[LineChange]) -> None:
        """Takes in what was changed later than all that is here."""
        for change in changes:
            known = self._changes.pop(change.place, None)
            if known is None:
                self._changes[change.place] = change
            elif known.before != change.after:
                self._changes[change.place] = LineChange(change.place, known.before, change.after)

    def all(self) -> list[LineChange]:
        return list(self._changes.values())

    def of_page(self, number: int) -> list[LineChange]:
        return [change for change in self._changes.values() if change.place.page == number]

    def pages(self) -> set[int]:
        return {place.page for place in self._changes}

    def saved(self, changes: Sequence[LineChange]) -> None:
        """The server has these now; what was changed while they were on their way stays."""
        for change in changes:
            known = self._changes.pop(change.place, None)
            after = known.after if known else change.before  # taken back meanwhile
            if after != change.after:
                self._changes[change.place] = LineChange(change.place, change.after, after)

    def drop(self, changes: Iterable[LineChange]) -> None:
        """These are not wanted any more."""
        for change in changes:
            self._changes.pop(change.place, None)

    def clear(self) -> None:
        self._changes.clear()


class _Change(BaseModel):
    model_config = ConfigDict(frozen=True)

    place: LinePlace
    before: tuple[Word, ...]
    after: tuple[Word, ...]


class _Written(BaseModel):
    file_name: str
    changes: list[_Change]


def to_json(file_name: str, changes: Iterable[LineChange]) -> str:
    kept = [_Change(place=change.place, before=change.before, after=change.after) for change in changes]
    return _Written(file_name=file_name, changes=kept).model_dump_json()


def from_json(text: str) -> tuple[str, list[LineChange]] | None:
    """The file's name and the changes; None for what is none of ours."""
    try:
        written = _Written.model_validate_json(text)
    except ValidationError:
        return None
    return written.file_name, [LineChange(change.place, change.before, change.after) for change in written.changes]
