"""What pages consist of, for the formats that people read: paragraphs, headings, lists, tables and notes."""
