"""Which requests have a span: FastAPI makes them, if traces are on."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any

from fastapi.telemetry import TelemetryConfig

_PREFIX = "/api/v1"
_WITHOUT = ("/health", "/metrics", "/ocr/events")


def _has_none(scope: MutableMapping[str, Any]) -> bool:
    """Leave out what monitoring calls every few seconds, and event streams, which last for hours."""
    path = scope["path"].removeprefix(scope.get("root_path", "")).removeprefix(_PREFIX)
    return any(path == name or path.startswith(f"{name}/") for name in _WITHOUT)


REQUEST_SPANS: TelemetryConfig = {
    "auto_configure": False,  # `traces.start` does it, with the worker's rules
    "metrics": False,  # Prometheus has them
    "logs": False,  # they would have the messages of exceptions
    "operation_spans": False,
    "exclude": _has_none,
}
