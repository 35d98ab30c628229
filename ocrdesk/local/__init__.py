"""The local backend: Valkey, api and workers on this machine, started and stopped by ocrdesk itself."""
