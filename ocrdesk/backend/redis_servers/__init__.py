"""Where the Redis or Valkey servers are: one server, a primary that Sentinels name, or a cluster."""
