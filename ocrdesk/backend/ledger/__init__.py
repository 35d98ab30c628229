"""The state of jobs in Redis, one file per aggregate."""
