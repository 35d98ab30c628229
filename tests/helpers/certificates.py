"""Self-signed certificates, made by openssl."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest


def make_certificate(folder: Path, name: str) -> tuple[Path, Path]:
    """Write a certificate for a name such as `DNS:receiver.example`, and its key. Skips the test without openssl."""
    made = folder / "certificate.pem", folder / "key.pem"
    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]
    names = ["-subj", "/CN=ocrdesk test", "-addext", f"subjectAltName={name}"]
    command = ["openssl", "req", "-x509", *key, *names, "-out", str(made[0]), "-keyout", str(made[1])]
    try:
        subprocess.run(command, check=True, capture_output=True, timeout=60)
    except FileNotFoundError:
        pytest.skip("openssl is not installed, so no certificate can be made")
    return made
