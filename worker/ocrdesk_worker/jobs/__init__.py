"""One task of a job."""
