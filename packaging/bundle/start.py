"""The program of the one-folder build: `python -m ocrdesk` under a name of its own."""

from ocrdesk.__main__ import main

if __name__ == "__main__":
    main()
