"""One page; knows no queue."""
