"""The order in which the processes of a run take test files, so that they use all cores until the end.

Some tests compute, and some wait for programs that they start. A run of one kind after the other leaves the cores idle
while all processes wait; so every second process begins with tests that wait, the others with tests that compute.
"""

from __future__ import annotations

from collections.abc import Sequence

WAITING = (
    "tests/upgrade/",
    "tests/chaos/",
    "tests/e2e/",
    "tests/test_doc_commands.py",
    "tests/packaging/",
    "tests/worker/processes/",
    "tests/local/",
    "tests/cli/",
)
"""Folders and files whose tests mostly wait. Those that take longest are first: at the end they would run alone."""


def next_file(files: Sequence[str], *, waiting: bool) -> str:
    """Return which of these files a process takes: the first that waits, or the first that computes.

    The files are as pytest names them, and not empty. If there is none of the kind, it is one of the other kind.
    """
    ranks = {file: next((rank for rank, place in enumerate(WAITING) if file.startswith(place)), None) for file in files}
    of_kind = [file for file in files if (ranks[file] is not None) is waiting]
    return min(of_kind or files, key=lambda file: ranks[file] or 0)
