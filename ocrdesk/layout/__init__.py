"""Layout analysis: lines, reading order, paragraphs, tables, headers and footers."""
