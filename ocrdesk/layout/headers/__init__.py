"""Running headers, footers and page numbers."""
