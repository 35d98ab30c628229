"""Adds the variables of the `.env` file in the working directory to the environment, for the service's own commands.

The desktop and `ocrdesk ocr` run in folders that others may write to, so they and the local server never call this.
"""

from __future__ import annotations

import io
import os
from pathlib import Path

from ocrdesk.backend.settings import SettingsError

PATH = Path(".env")


def load(path: Path = PATH) -> None:
    """Add the file's variables to the environment, which wins; names count in any case. No file: do nothing.

    Raises SettingsError if the file cannot be read, or has a line that is no assignment, which python-dotenv skips.
    """
    from dotenv import dotenv_values  # a local server's programs read no such file

    text = _read(path)
    _check(path, text)
    set_already = {name.lower() for name in os.environ}
    for name, value in dotenv_values(stream=io.StringIO(text)).items():
        if value is not None and name.lower() not in set_already:
            os.environ[name] = value


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""
    except UnicodeDecodeError:
        raise SettingsError(f"{path} is not UTF-8. Save it as UTF-8, or remove it.") from None
    except OSError as error:
        raise SettingsError(f"{path} cannot be read: {error.strerror}. Make it readable, or remove it.") from None


def _check(path: Path, text: str) -> None:
    from dotenv.parser import parse_stream

    for line in parse_stream(io.StringIO(text)):
        if line.error or (line.key is not None and line.value is None):
            written = line.original.string
            blank_lines = written[: len(written) - len(written.lstrip())].count("\n")
            number = line.original.line + blank_lines
            raise SettingsError(f"{path}, line {number}: write NAME=value, or begin the line with #.")
