"""Changes the server does not have yet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pydantic import BaseModel, ConfigDict, ValidationError

from ocrdesk.contract.document import Word
from ocrdesk.desktop.review.document.line_change import LineChange, LinePosition


class Unsaved:
    """Holds one change per line: from what the server has to what it should have."""

    def __init__(self, changes: Iterable[LineChange] = ()) -> None:
        self._changes: dict[LinePosition, LineChange] = {}
        self.add(changes)

    def __bool__(self) -> bool:
        return bool(self._changes)

    def __len__(self) -> int:
        return len(self._changes)

    def add(self, changes: Iterable[LineChange]) -> None:
        """Add newer changes, and merge them with the changes of the same lines."""
        for change in changes:
            known = self._changes.pop(change.position, None)
            if known is None:
                self._changes[change.position] = change
            elif known.before != change.after:
                self._changes[change.position] = LineChange(change.position, known.before, change.after)

    def all(self) -> list[LineChange]:
        return list(self._changes.values())

    def of_page(self, number: int) -> list[LineChange]:
        return [change for change in self._changes.values() if change.position.page == number]

    def pages(self) -> set[int]:
        return {position.page for position in self._changes}

    def saved(self, changes: Sequence[LineChange]) -> None:
        """Remove changes that the server has now. What was changed while they were sent stays."""
        for change in changes:
            known = self._changes.pop(change.position, None)
            after = known.after if known else change.before  # undone meanwhile
            if after != change.after:
                self._changes[change.position] = LineChange(change.position, change.after, after)

    def drop(self, changes: Iterable[LineChange]) -> None:
        """Remove changes that are no longer wanted."""
        for change in changes:
            self._changes.pop(change.position, None)

    def clear(self) -> None:
        self._changes.clear()


class _Change(BaseModel):
    """A change as it is stored; the field names are the stored format."""

    model_config = ConfigDict(frozen=True)

    place: LinePosition
    before: tuple[Word, ...]
    after: tuple[Word, ...]


class _Written(BaseModel):
    file_name: str
    changes: list[_Change]


def to_json(file_name: str, changes: Iterable[LineChange]) -> str:
    """Return the stored form of a job's changes."""
    kept = [_Change(place=change.position, before=change.before, after=change.after) for change in changes]
    return _Written(file_name=file_name, changes=kept).model_dump_json()


def from_json(text: str) -> tuple[str, list[LineChange]] | None:
    """Return the file's name and the changes, or None if the text is not valid."""
    try:
        written = _Written.model_validate_json(text)
    except ValidationError:
        return None
    return written.file_name, [LineChange(change.place, change.before, change.after) for change in written.changes]
