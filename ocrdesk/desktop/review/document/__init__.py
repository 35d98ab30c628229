"""The document under review, without widgets."""
