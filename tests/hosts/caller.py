"""Submits a file again and again until it is killed: `python -m tests.hosts.caller URL`.

It prints a line for each attempt: the id of the accepted job, or nothing but REFUSED.
"""

from __future__ import annotations

import contextlib
import sys

from ocrdesk.client import Client, ClientError
from tests.helpers.sample_files import multipage_tiff
from tests.hosts.network import QUICK

REFUSED = "refused"
TEXTS = ("Ships and harbours", "Boats and quays")
_PAUSE_S = 1.0
"""At most so long it waits for a result before it submits again."""


def main() -> None:
    content = multipage_tiff(list(TEXTS))
    with Client(sys.argv[1], retry_policy=0) as client:
        while True:
            try:
                job_id = client.submit(content, QUICK, name="a.tiff")
            except ClientError:
                print(REFUSED, flush=True)
                continue
            print(job_id, flush=True)
            with contextlib.suppress(ClientError):
                client.wait(job_id, timeout_s=_PAUSE_S)


if __name__ == "__main__":
    main()
