"""The on-demand server process; exits after its last user."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from ocrdesk.local.errors import AlreadyRunningError, LocalBackendError
from ocrdesk.local.server import log_format
from ocrdesk.local.server.settings import read_settings
from ocrdesk.local.server.supervisor import Supervisor

EXIT_ALREADY_RUNNING = 75


def main() -> int:
    """Run the server and return the exit code. An error is the last line of stderr, which is the log file."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data-dir", type=Path, required=True)
    options = parser.parse_args()
    log_format.configure(for_people=True)
    try:
        wanted = read_settings(options.data_dir)
        supervisor = Supervisor(
            options.data_dir, host=wanted.host, port=wanted.listen_port, workers=wanted.workers, on_demand=True
        )
        return supervisor.run()
    except AlreadyRunningError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return EXIT_ALREADY_RUNNING
    except LocalBackendError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 1


if __name__ == "__main__":
    sys.exit(main())
