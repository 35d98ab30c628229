"""The tasks of a job."""
