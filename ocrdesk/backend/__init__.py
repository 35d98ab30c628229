"""What the api and the worker share: settings, records, ledger, queue, storage and events."""
