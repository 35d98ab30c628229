"""Starts the command line; explains what is missing if it cannot start."""

from __future__ import annotations

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
        sys.stderr.write(f"ocrdesk: {_explain(package)}\n")
        sys.exit(CANNOT_START)


def _explain(module: str) -> str:
    """Say whether a module is missing because an extra is not installed, or because the installation is damaged."""
    from ocrdesk.installation import extra_of, this_installation

    remedy = this_installation().fix_missing(module)
    if extra := extra_of(module):
        return f"this needs the extra `{extra}` ({module} is missing). Get it with: {remedy}"
    return f"this installation is damaged: {module} is missing. Fix it with: {remedy}"


if __name__ == "__main__":
    main()
