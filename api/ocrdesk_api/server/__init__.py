"""The HTTP server of `ocrdesk api`: uvicorn with limits for connections, headers, bodies and time."""
