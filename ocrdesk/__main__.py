"""The command `ocrdesk`, also as `python -m ocrdesk`; what it starts with may be missing, and then it says so."""

from __future__ import annotations

import shlex
import sys

CANNOT_START = 1


def main() -> None:
    """The entry point."""
    try:
        from ocrdesk.cli import app

        app.main()
    except ModuleNotFoundError as error:
        package = (error.name or "").partition(".")[0]
        if not package or package == "ocrdesk":
            raise
        # pip takes a package whose files are gone for installed, hence the option.
        remedy = f"{shlex.quote(sys.executable)} -m pip install --force-reinstall --no-deps {package}"
        sys.stderr.write(f"ocrdesk: this installation is damaged: {package} is missing. Mend it with: {remedy}\n")
        sys.exit(CANNOT_START)


if __name__ == "__main__":
    main()
