"""httpx2's functions for services at http:// addresses, which need no certificates.

Each client of httpx2 otherwise reads all certificates of the certifi package first: 24 ms of processor time, for a
request of 3 ms. An https:// address cannot be reached with these, as there is no certificate that is trusted.

They wait so long for an answer that a busy machine fails no test; httpx2 itself gives up after 5 s.
"""

from __future__ import annotations

import ssl
from functools import partial

import httpx2

_NO_CERTIFICATES = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
_TIMEOUT_S = 90.0

Client = partial(httpx2.Client, verify=_NO_CERTIFICATES, timeout=_TIMEOUT_S)
AsyncClient = partial(httpx2.AsyncClient, verify=_NO_CERTIFICATES, timeout=_TIMEOUT_S)
get = partial(httpx2.get, verify=_NO_CERTIFICATES, timeout=_TIMEOUT_S)
head = partial(httpx2.head, verify=_NO_CERTIFICATES, timeout=_TIMEOUT_S)
options = partial(httpx2.options, verify=_NO_CERTIFICATES, timeout=_TIMEOUT_S)
post = partial(httpx2.post, verify=_NO_CERTIFICATES, timeout=_TIMEOUT_S)
put = partial(httpx2.put, verify=_NO_CERTIFICATES, timeout=_TIMEOUT_S)
delete = partial(httpx2.delete, verify=_NO_CERTIFICATES, timeout=_TIMEOUT_S)
request = partial(httpx2.request, verify=_NO_CERTIFICATES, timeout=_TIMEOUT_S)
stream = partial(httpx2.stream, verify=_NO_CERTIFICATES, timeout=_TIMEOUT_S)
