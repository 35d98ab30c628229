"""Lets `python -m ocrdesk` be the same as the command `ocrdesk`."""

from ocrdesk.cli import main

main()
