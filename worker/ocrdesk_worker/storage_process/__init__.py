"""The process through which a worker pool reaches a bucket: it alone uses obstore, and never forks."""
