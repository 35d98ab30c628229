"""Reads environment variables by the rules of the service's settings, without importing the service.

A variable's name counts in any case, and a value means what it means to the service: `false`, `0`, `no` and `off`
are all false.
"""

from __future__ import annotations

import math
import os
from collections.abc import Mapping


def text(name: str, default: str = "") -> str:
    """Return a variable's value, or the default if it is not set."""
    folded = {key.lower(): value for key, value in os.environ.items()}
    return folded.get(name.lower(), default)


def flag(name: str) -> bool:
    """Return whether a variable is true. A value that is not a boolean is not: the service refuses it."""
    from pydantic import TypeAdapter, ValidationError  # too heavy for the processes that only read text

    try:
        return TypeAdapter(bool).validate_python(text(name, "false"))
    except ValidationError:
        return False


def seconds(name: str, default: float) -> float:
    """Return a duration; the default if the variable is not set or the service would refuse its value."""
    try:
        value = float(text(name, str(default)))
    except ValueError:
        return default
    return value if 0 <= value < math.inf else default


def with_variables(added: Mapping[str, str]) -> dict[str, str]:
    """Return this process's environment with these variables, which replace those of the same name in any case."""
    names = {name.lower() for name in added}
    return {name: value for name, value in os.environ.items() if name.lower() not in names} | dict(added)
