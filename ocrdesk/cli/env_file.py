"""Reads `.env` for the commands of the service. Without the server's parts, or without the file, it does nothing."""

from __future__ import annotations

from pathlib import Path

_PATH = ".env"


def problem_reading_env_file() -> str | None:
    """Add the variables of .env to the environment; return what is wrong with the file, or None."""
    if not Path(_PATH).exists():
        return None  # without loading the settings, which `probe api` does not need
    try:
        from ocrdesk.backend import env_file
        from ocrdesk.backend.settings import SettingsError
    except ImportError:
        return None  # what needs the file cannot start either, and says what is missing
    try:
        env_file.load()
    except SettingsError as error:
        return str(error)
    return None
