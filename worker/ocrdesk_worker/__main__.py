"""Runs a worker pool."""

from __future__ import annotations

import argparse
import gc
import json
import os
import sys
from pathlib import Path

if __name__ == "__main__":
    gc.disable()  # until the pool has started: what is loaded stays, and looking for garbage in it takes time
# Before libtesseract loads: one process per core, each with one thread.
os.environ.setdefault("OMP_THREAD_LIMIT", "1")

from ocrdesk.backend import env_file, logs
from ocrdesk.backend.settings import Settings, SettingsError


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; return the exit code."""
    parser = argparse.ArgumentParser(prog="ocrdesk worker", description="Run workers on the queue at REDIS_URL.")
    parser.add_argument("--workers", type=int, default=0, help="number of worker processes; 0: one per core")
    parser.add_argument("--sole", action="store_true", help="no other pool uses this Redis")
    parser.add_argument("--parent", type=int, default=None, help="end together with this parent process")
    parser.add_argument("--describe", action="store_true", help="print engines, languages and programs as JSON")
    parser.add_argument("--languages", action="store_true", help="print languages as JSON")
    parser.add_argument("--try-language", type=Path, metavar="FILE", help="test whether Tesseract can load it")
    parser.add_argument("--no-env-file", action="store_true", help="do not read .env in the working directory")
    options = parser.parse_args(arguments)
    if options.languages or options.try_language or options.describe:
        from ocrdesk_worker.processes.scratch import scratch_of_command

        with scratch_of_command():
            return _answer(options)
    try:
        if not options.no_env_file:
            env_file.load()
        settings = Settings.from_environment()
        logs.configure(settings.log_form, settings.log_level)
        from ocrdesk_worker.processes.pool import Pool

        return Pool(settings, options.workers or usable_cores(), sole=options.sole, parent_pid=options.parent).run()
    except SettingsError as error:
        print(error, file=sys.stderr)  # noqa: T201  # to the operator
        return 2


def _answer(options: argparse.Namespace) -> int:
    """Print what a short command asks for; return the exit code."""
    if options.try_language:
        from ocrdesk_worker.engines.languages.load_test import try_language

        return try_language(options.try_language)
    from ocrdesk_worker.processes import inventory

    answer = inventory.languages() if options.languages else inventory.describe()
    print(json.dumps(answer))  # noqa: T201  # it is the output
    return 0


def usable_cores() -> int:
    """Return how many cores this process may use: a container's share, not the machine's."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


if __name__ == "__main__":
    sys.exit(main())
