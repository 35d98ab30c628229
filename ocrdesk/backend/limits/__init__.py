"""How callers share the service: the time of workers that they used, and the refusals that they got."""
