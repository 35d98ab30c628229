"""The pipeline of one page. It knows no queue."""
