"""Chooses the certificate authorities that a connection trusts."""

from __future__ import annotations

import os
import ssl

_CHOSEN_BY = ("SSL_CERT_FILE", "SSL_CERT_DIR")


def tls_context(url: str) -> ssl.SSLContext:
    """Return the TLS settings for a server's address.

    Trusted are the authorities that SSL_CERT_FILE or SSL_CERT_DIR names; without these variables the system's and
    those of certifi. Some systems have no list of their own, and certifi does not know an organisation's own authority.
    """
    if not url.lower().startswith("https:"):
        return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # trusts none: reading a list takes time and is not needed
    context = ssl.create_default_context()
    if not any(os.environ.get(name) for name in _CHOSEN_BY):
        import certifi

        context.load_verify_locations(certifi.where())
    return context
