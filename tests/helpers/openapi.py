"""The operations in the service's OpenAPI description, for tests that must cover all of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from ocrdesk.backend.settings import Settings
from ocrdesk_api.app import create_app


@dataclass(frozen=True, slots=True)
class Operation:
    """A method and a path, and their description."""

    method: str
    path: str
    spec: dict[str, Any] = field(repr=False, compare=False)

    def __str__(self) -> str:
        """Return the name for parametrized tests."""
        return f"{self.method} {self.path.removeprefix('/api/v1')}"

    @property
    def path_parameters(self) -> set[str]:
        return {found["name"] for found in self.spec.get("parameters", ()) if found["in"] == "path"}

    @property
    def takes_anything(self) -> bool:
        """Whether it has a part that can be malformed."""
        return "parameters" in self.spec or "requestBody" in self.spec

    @property
    def asks_for_a_key(self) -> bool:
        return bool(self.spec.get("security"))

    @property
    def is_stream(self) -> bool:
        """Whether it responds with a stream of events, perhaps endless."""
        return "text/event-stream" in self.spec["responses"].get("200", {}).get("content", {})


def operations_of(schema: dict[str, Any]) -> Iterator[Operation]:
    for path, item in schema["paths"].items():
        for method, spec in item.items():
            yield Operation(method.upper(), path, spec)


@cache
def described() -> tuple[Operation, ...]:
    """Return the operations of this checkout, for `parametrize`; those of a running service come from the service."""
    return tuple(operations_of(create_app(Settings(redis_url="unix:///nowhere")).openapi()))
