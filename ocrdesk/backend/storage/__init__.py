"""Uploads and results as bytes."""
