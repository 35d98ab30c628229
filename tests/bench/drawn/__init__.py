"""Kinds of pages that the benchmark draws, and how they are degraded."""
