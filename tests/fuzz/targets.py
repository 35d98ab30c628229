"""All fuzzing targets, by name."""

from __future__ import annotations

from tests.fuzz import connection_target, document_targets, request_target, upload_targets, value_targets
from tests.fuzz.target import Target

TARGETS: dict[str, Target] = {
    target.name: target
    for module in (upload_targets, value_targets, document_targets, connection_target, request_target)
    for target in module.TARGETS
}
