"""The state of jobs in Redis, one module per aggregate."""
