"""The API's own description: how to send a key, and which errors there are, with an example of each."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI

from ocrdesk.backend.settings import Settings
from ocrdesk.contract.errors import ErrorBody
from ocrdesk_api.deps import KEY_SCHEME
from ocrdesk_api.problems import Problem

_VALIDATION = ("HTTPValidationError", "ValidationError")
_INVALID = {
    "description": "The request is not valid: `detail` names the field",
    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/ErrorBody"}}},
}


def described(description: str, *problems: Problem) -> dict[str, Any]:
    """An error answer for a route's `responses`, its examples being the very answers."""
    examples = {f"{number} {problem.body.code}": problem.body for number, problem in enumerate(problems, 1)}
    if len(problems) == 1:
        content: dict[str, Any] = {"example": problems[0].body.model_dump()}
    else:
        content = {"examples": {name: {"value": body.model_dump()} for name, body in examples.items()}}
    return {"model": ErrorBody, "description": description, "content": {"application/json": content}}


def install(app: FastAPI, settings: Settings) -> None:
    """Has the description name the configured header, and the 400 that answers what is not valid."""
    made = app.openapi

    def openapi() -> dict[str, Any]:
        schema = made()
        schemas = schema.get("components", {})
        if key_scheme := schemas.get("securitySchemes", {}).get(KEY_SCHEME.scheme_name):
            key_scheme["name"] = settings.api_key_header
        for path, operations in schema["paths"].items():
            for operation in operations.values():
                # FastAPI describes an answer of its own here, which `problems` never gives
                if operation["responses"].pop("422", None):
                    operation["responses"].setdefault("400", _INVALID)
                if not settings.api_key_enabled and "/auth/" not in path:
                    _make_optional(operation)
        for name in _VALIDATION:
            schemas.get("schemas", {}).pop(name, None)
        return schema

    app.openapi = openapi  # type: ignore[method-assign]  # FastAPI's documented way


def _make_optional(operation: dict[str, Any]) -> None:
    """Says that an operation goes without a key too."""
    security = operation.get("security")
    if security and {} not in security:
        security.append({})
