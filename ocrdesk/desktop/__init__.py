"""The desktop: the only part that knows Qt. Widgets emit intent, the session acts, tasks cross threads."""
