"""Export formats that are packages of files: Word, OpenDocument, EPUB and Excel."""
