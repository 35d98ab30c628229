"""httpx2's functions for services at http:// addresses, which need no certificates.

Each client of httpx2 otherwise reads all certificates of the certifi package first: 24 ms of processor time, for a
request of 3 ms. An https:// address cannot be reached with these, as there is no certificate that is trusted.
"""

from __future__ import annotations

import ssl
from functools import partial

import httpx2

_NO_CERTIFICATES = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)

Client = partial(httpx2.Client, verify=_NO_CERTIFICATES)
AsyncClient = partial(httpx2.AsyncClient, verify=_NO_CERTIFICATES)
get = partial(httpx2.get, verify=_NO_CERTIFICATES)
head = partial(httpx2.head, verify=_NO_CERTIFICATES)
options = partial(httpx2.options, verify=_NO_CERTIFICATES)
post = partial(httpx2.post, verify=_NO_CERTIFICATES)
put = partial(httpx2.put, verify=_NO_CERTIFICATES)
delete = partial(httpx2.delete, verify=_NO_CERTIFICATES)
request = partial(httpx2.request, verify=_NO_CERTIFICATES)
stream = partial(httpx2.stream, verify=_NO_CERTIFICATES)
