"""The command lines that start ocrdesk's other programs: the local server, the api and the workers."""

from __future__ import annotations

import sys

from ocrdesk.installation import RUN_MODULE, is_frozen


def own_program(module: str, *arguments: str) -> list[str]:
    """Return the command line that runs one of ocrdesk's own modules as a program.

    In a program folder there is no Python to run modules with: the program itself does it, see `ocrdesk/__main__.py`.
    """
    if is_frozen():
        return [sys.executable, RUN_MODULE, module, *arguments]
    # -P: the folder that it is started in holds other people's files, not modules
    return [sys.executable, "-P", "-m", module, *arguments]
