"""What the blocks of a page are: tables, headings, list items and others."""
