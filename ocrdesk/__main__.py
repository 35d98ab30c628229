"""Starts the command line; explains what is missing if it cannot start."""

from __future__ import annotations

import os
import sys

from ocrdesk.installation import RUN_MODULE, is_frozen

CANNOT_START = 1
_PROGRAMS = ("ocrdesk.local.server.daemon", "ocrdesk_api", "ocrdesk_worker")
"""What the program of a program folder runs in place of a Python. No other module can be asked for."""


def main() -> None:
    """Run the command line, or one of the local server's programs in a program folder."""
    try:
        if is_frozen():
            _free_children()
            if sys.argv[1:2] == [RUN_MODULE]:
                _run_program(sys.argv[2:])
                return
        from ocrdesk.cli.early_start import begin_early

        begin_early(sys.argv[1:])
        from ocrdesk.cli import app

        app.main()
    except ModuleNotFoundError as error:
        package = (error.name or "").partition(".")[0]
        if not package or package == "ocrdesk":
            raise
        sys.stderr.write(f"ocrdesk: {_explain(package)}\n")
        sys.exit(CANNOT_START)


def _run_program(words: list[str]) -> None:
    """Run the module that is named first with the arguments that follow, as `python -m` does."""
    import runpy

    if not words or words[0] not in _PROGRAMS:
        sys.stderr.write(f"ocrdesk: {RUN_MODULE} starts ocrdesk's own programs: {', '.join(_PROGRAMS)}\n")
        sys.exit(CANNOT_START)
    module, *arguments = words
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


def _free_children() -> None:
    """Keep the program folder's libraries away from other programs, such as the system's browser and Poppler.

    The folder's program was told by a variable where its libraries are, and children inherit it. Children that are the
    program itself find the libraries by their own start, which must not take this process for their first one.
    """
    if before := os.environ.pop("LD_LIBRARY_PATH_ORIG", ""):
        os.environ["LD_LIBRARY_PATH"] = before
    else:
        os.environ.pop("LD_LIBRARY_PATH", None)
    os.environ["PYINSTALLER_RESET_ENVIRONMENT"] = "1"


def _explain(module: str) -> str:
    """Say whether a module is missing because an extra is not installed, or because the installation is damaged."""
    from ocrdesk.installation import extra_of, this_installation

    remedy = this_installation().fix_missing(module)
    if extra := extra_of(module):
        return f"this needs the extra `{extra}` ({module} is missing). Get it with: {remedy}"
    return f"this installation is damaged: {module} is missing. Fix it with: {remedy}"


if __name__ == "__main__":
    main()
