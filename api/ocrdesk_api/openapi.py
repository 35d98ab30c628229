"""The OpenAPI description."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI

from ocrdesk.backend.settings import Settings
from ocrdesk.contract.errors import ErrorBody
from ocrdesk_api.access.dependencies import KEY_SCHEME
from ocrdesk_api.errors import HttpError

_VALIDATION = ("HTTPValidationError", "ValidationError")
_INVALID_REQUEST = {
    "description": "The request is invalid; `detail` names the field",
    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/ErrorBody"}}},
}


def described(description: str, *problems: HttpError) -> dict[str, Any]:
    """Return an error response for a route's `responses`, with the real bodies as examples."""
    examples = {f"{number} {problem.body.code}": problem.body for number, problem in enumerate(problems, 1)}
    if len(problems) == 1:
        content: dict[str, Any] = {"example": problems[0].body.model_dump(exclude_none=True)}
    else:
        content = {"examples": {name: {"value": body.model_dump(exclude_none=True)} for name, body in examples.items()}}
    return {"model": ErrorBody, "description": description, "content": {"application/json": content}}


def install(app: FastAPI, settings: Settings) -> None:
    """Make the description name the configured header, and 400 for invalid requests."""
    generate = app.openapi

    def openapi() -> dict[str, Any]:
        schema = generate()
        schemas = schema.get("components", {})
        if key_scheme := schemas.get("securitySchemes", {}).get(KEY_SCHEME.scheme_name):
            key_scheme["name"] = settings.api_key_header
        for path, operations in schema["paths"].items():
            for operation in operations.values():
                if "parameters" in operation or "requestBody" in operation:
                    _describe_400(operation["responses"])
                if not settings.api_key_enabled and "/auth/" not in path:
                    _make_optional(operation)
        for name in _VALIDATION:
            schemas.get("schemas", {}).pop(name, None)
        return schema

    app.openapi = openapi  # type: ignore[method-assign]  # FastAPI's documented way


def _describe_400(responses: dict[str, Any]) -> None:
    """Replace FastAPI's 422 for invalid requests, which this service never sends. A route's own 422 stays."""
    if _VALIDATION[0] in str(responses.get("422", "")):
        del responses["422"]
    responses.setdefault("400", _INVALID_REQUEST)


def _make_optional(operation: dict[str, Any]) -> None:
    """Describe that an operation also works without a key."""
    security = operation.get("security")
    if security and {} not in security:
        security.append({})
