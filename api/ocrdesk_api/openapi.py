"""The OpenAPI description."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute

from ocrdesk.backend.settings import Settings
from ocrdesk.contract.errors import ErrorBody
from ocrdesk_api.access.dependencies import KEY_SCHEME
from ocrdesk_api.errors import HttpError
from ocrdesk_api.middleware.path_prefix import prefix_of
from ocrdesk_api.results.content_negotiation import OCTET_STREAM

_VALIDATION = ("HTTPValidationError", "ValidationError")
_THIS_SERVER = {"url": "/", "description": "The server that sends this description"}
_NULL = {"type": "null"}
_FORM = "Body_"
_GROUPS = ("ocr", "jobs", "events", "webhooks", "service", "keys")
_SENT, _RECEIVED = "-Output", "-Input"
"""What FastAPI adds to the name of a schema that responses and requests have in different forms."""
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


def file_content(*media_types: str) -> dict[str, Any]:
    """Return the content of a response that is a file, for a route's `responses`.

    `application/octet-stream` comes first, because most generators make a method that returns bytes only for that type.
    A caller that accepts only this type gets the file as it.
    """
    return {
        media_type: {"schema": {"type": "string", "format": "binary"}} for media_type in (OCTET_STREAM, *media_types)
    }


def operation_id(route: APIRoute) -> str:
    """Return the name that generated clients give a route's method: that of its function."""
    return route.name


def install(app: FastAPI, settings: Settings) -> None:
    """Make the description fit this service and the generators of clients."""
    generate = app.openapi

    def openapi() -> dict[str, Any]:
        schema = generate()
        schema.setdefault("servers", [_THIS_SERVER])
        schema["paths"] = dict(sorted(schema["paths"].items(), key=_group))
        schemas = schema["components"]["schemas"]
        if key_scheme := schema["components"].get("securitySchemes", {}).get(KEY_SCHEME.scheme_name):
            key_scheme["name"] = settings.api_key_header
        for path, operations in schema["paths"].items():
            for operation in operations.values():
                if "parameters" in operation or "requestBody" in operation:
                    _describe_400(operation["responses"])
                if not settings.api_key_enabled and "/auth/" not in path:
                    _make_optional(operation)
                _omit_null(operation.get("parameters", ()))
                _name_form(operation, schemas)
        for name in _VALIDATION:
            schemas.pop(name, None)
        _join_variants(schemas)
        _rename_references(schema)
        return schema

    app.openapi = openapi  # type: ignore[method-assign]  # FastAPI's documented way
    _serve_description(app)


def _serve_description(app: FastAPI) -> None:
    """Replace FastAPI's /openapi.json, which behind a path prefix names the server without the prefix too."""
    path = app.openapi_url or "/openapi.json"
    app.router.routes[:] = [route for route in app.router.routes if getattr(route, "path", "") != path]

    @app.get(path, include_in_schema=False)
    def description(request: Request) -> JSONResponse:
        schema, prefix = app.openapi(), prefix_of(request.scope)
        if prefix:
            schema = {**schema, "servers": [{**_THIS_SERVER, "url": prefix}]}
        return JSONResponse(schema)


def _group(path: tuple[str, dict[str, Any]]) -> int:
    """Return the place of a path's group in the description. Routes have another order, see `create_app`."""
    tag = next(iter(path[1].values()))["tags"][0]
    return _GROUPS.index(tag)


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


def _omit_null(parameters: Iterable[dict[str, Any]]) -> None:
    """Omit null from the types of parameters: a parameter that is not given is left out, because URLs have no null."""
    for parameter in parameters:
        schema = parameter["schema"]
        if _NULL in schema.get("anyOf", ()):
            kinds = [kind for kind in schema.pop("anyOf") if kind != _NULL]
            schema |= kinds[0] if len(kinds) == 1 else {"anyOf": kinds}


def _name_form(operation: dict[str, Any], schemas: dict[str, Any]) -> None:
    """Move the schema of a form to the others, so that generated clients name the form's class after its title.

    FastAPI names the form of a route Body_retry_job, which is no name of a class: it becomes RetryForm.
    """
    content = operation.get("requestBody", {}).get("content", {})
    form = content.get("multipart/form-data") or content.get("application/x-www-form-urlencoded")
    if not form:
        return
    schema = form["schema"]
    name = schema.get("$ref", "").rpartition("/")[2]
    if name.startswith(_FORM):
        schema = schemas.pop(name)
        schema["title"] = name.removeprefix(_FORM).partition("_")[0].title() + "Form"
    if "title" in schema:
        title = schema["title"]
        schemas[title] = schema
        form["schema"] = {"$ref": f"#/components/schemas/{title}"}


def _join_variants(schemas: dict[str, Any]) -> None:
    """Keep one schema of a record that webhooks send, where FastAPI has one for sending and one for receiving.

    Two of one title would become one class in generated clients.
    """
    for name in list(schemas):
        if name.endswith(_SENT):
            schemas[name.removesuffix(_SENT)] = schemas.pop(name)
            schemas.pop(name.removesuffix(_SENT) + _RECEIVED, None)


def _rename_references(part: Any) -> None:
    """Make references to joined schemas refer to the one that is left."""
    if isinstance(part, dict):
        if isinstance(reference := part.get("$ref"), str):
            part["$ref"] = reference.removesuffix(_SENT).removesuffix(_RECEIVED)
        for inner in part.values():
            _rename_references(inner)
    elif isinstance(part, list):
        for inner in part:
            _rename_references(inner)
