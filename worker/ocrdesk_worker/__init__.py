"""The worker: RQ jobs in, page results out."""
