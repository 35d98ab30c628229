"""The English sentences of every error."""
