"""Starts the command line; explains what is missing if it cannot start."""

from __future__ import annotations

import shlex
import sys

CANNOT_START = 1


def main() -> None:
    """Run the command line."""
    try:
        from ocrdesk.cli import app

        app.main()
    except ModuleNotFoundError as error:
        package = (error.name or "").partition(".")[0]
        if not package or package == "ocrdesk":
            raise
        # pip considers a package installed even if its files are missing, hence the option.
        remedy = f"{shlex.quote(sys.executable)} -m pip install --force-reinstall --no-deps {package}"
        sys.stderr.write(f"ocrdesk: this installation is damaged: {package} is missing. Fix it with: {remedy}\n")
        sys.exit(CANNOT_START)


if __name__ == "__main__":
    main()
