"""Results dragged or copied to other programs, as files and as text."""
