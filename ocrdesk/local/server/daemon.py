"""The on-demand server process; exits after its last user."""

from __future__ import annotations

import argparse
import contextlib
import logging
import sys
from pathlib import Path

from ocrdesk.local.errors import AlreadyRunningError, LocalServerError
from ocrdesk.local.server import log_format, state
from ocrdesk.local.server.settings import read_settings, set_aside_damaged
from ocrdesk.local.server.supervisor import Supervisor

_log = logging.getLogger("ocrdesk")


def main() -> int:
    """Run the server and return the exit code. An error is the last line of stderr, which is the log file."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data-dir", type=Path, required=True)
    options = parser.parse_args()
    log_format.configure(for_people=True)
    try:
        with contextlib.suppress(OSError):  # then the defaults are used all the same
            if aside := set_aside_damaged(options.data_dir):
                _log.warning("the settings of this server were damaged and are now %s; the defaults are used", aside)
        wanted = read_settings(options.data_dir)
        supervisor = Supervisor(
            options.data_dir, host=wanted.host, port=wanted.listen_port, workers=wanted.workers, on_demand=True
        )
        return supervisor.run()
    except AlreadyRunningError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return state.EXIT_ALREADY_RUNNING
    except LocalServerError as error:
        print(error, file=sys.stderr)  # noqa: T201
        with contextlib.suppress(OSError):  # a folder that cannot be written to: the log has it
            state.write_start_error(options.data_dir, error.error_message)
        return 1


if __name__ == "__main__":
    sys.exit(main())
