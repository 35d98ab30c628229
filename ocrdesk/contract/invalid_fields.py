"""Says in plain words which fields of a request, a Document or the settings are invalid, and what they must be."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from ocrdesk.contract.error_messages import ErrorMessage, error_message

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

_EXAMPLE_TIME = "2026-11-23T09:00:00Z"
_TIME_TYPES = ("date_", "datetime_")


def _not_boolean(field: str) -> ErrorMessage:
    return error_message("field_not_boolean", field=field)


def _not_integer(field: str) -> ErrorMessage:
    return error_message("field_not_integer", field=field)


def _not_number(field: str) -> ErrorMessage:
    return error_message("field_not_number", field=field)


def _not_text(field: str) -> ErrorMessage:
    return error_message("field_not_text", field=field)


def _not_list(field: str) -> ErrorMessage:
    return error_message("field_not_list", field=field)


def _not_object(field: str) -> ErrorMessage:
    return error_message("field_not_object", field=field)


def _too_short(field: str, limit: str | int) -> ErrorMessage:
    if limit == 1:
        return error_message("field_empty", field=field)
    return error_message("field_too_short", field=field, limit=limit)


def _list_too_short(field: str, limit: str | int) -> ErrorMessage:
    if limit == 1:
        return error_message("field_empty", field=field)
    return error_message("field_list_too_short", field=field, limit=limit)


# By pydantic's names of what can be wrong.
_KINDS: dict[str, Callable[[str], ErrorMessage]] = {
    "bool_parsing": _not_boolean,
    "bool_type": _not_boolean,
    "dict_type": _not_object,
    "extra_forbidden": lambda field: error_message("field_unknown", field=field),
    "finite_number": _not_number,
    "float_parsing": _not_number,
    "float_type": _not_number,
    "int_from_float": _not_integer,
    "int_parsing": _not_integer,
    "int_parsing_size": _not_integer,
    "int_type": _not_integer,
    "json_invalid": lambda field: error_message("field_not_json", field=field),
    "list_type": _not_list,
    "missing": lambda field: error_message("field_missing", field=field),
    "model_attributes_type": _not_object,
    "model_type": _not_object,
    "string_type": _not_text,
    "string_unicode": _not_text,
    "timezone_aware": lambda field: error_message("field_without_zone", field=field, example=_EXAMPLE_TIME),
    "tuple_type": _not_list,
}
# With the name that pydantic gives the limit.
_LIMITS: dict[str, tuple[str, Callable[[str, str | int], ErrorMessage]]] = {
    "greater_than": ("gt", lambda field, limit: error_message("field_not_above", field=field, limit=limit)),
    "greater_than_equal": ("ge", lambda field, limit: error_message("field_too_small", field=field, limit=limit)),
    "less_than": ("lt", lambda field, limit: error_message("field_not_below", field=field, limit=limit)),
    "less_than_equal": ("le", lambda field, limit: error_message("field_too_large", field=field, limit=limit)),
    "string_too_long": ("max_length", lambda field, limit: error_message("field_too_long", field=field, limit=limit)),
    "string_too_short": ("min_length", _too_short),
    "too_long": ("max_length", lambda field, limit: error_message("field_list_too_long", field=field, limit=limit)),
    "too_short": ("min_length", _list_too_short),
}


def field_problem(error: ErrorDetails, path: Iterable[str | int]) -> ErrorMessage:
    """Return what is wrong with the field at a path, as a part of a sentence. An empty path is the whole body."""
    kind, details, field = error["type"], error.get("ctx", {}), ".".join(map(str, path)) or "body"
    if kind == "value_error":
        return error_message("field_rejected", field=field, reason=str(details.get("error", "")))
    if kind == "json_invalid":
        field = "body"  # pydantic's path is where the JSON ends
    if kind in _KINDS:
        return _KINDS[kind](field)
    if kind in _LIMITS:
        name, describe = _LIMITS[kind]
        limit = details[name]
        return describe(field, f"{limit:g}" if isinstance(limit, float) else limit)
    if kind in ("enum", "literal_error"):
        return error_message("field_not_in_list", field=field, known=str(details["expected"]).replace("'", ""))
    if kind.startswith(_TIME_TYPES):
        return error_message("field_not_time", field=field, example=_EXAMPLE_TIME)
    return error_message("field_invalid", field=field)


def joined(problems: Iterable[ErrorMessage]) -> ErrorMessage:
    """Return several problems as one. A single one stays data, which can be translated."""
    found = list(problems)
    return found[0] if len(found) == 1 else ErrorMessage("; ".join(problem.text for problem in found))
