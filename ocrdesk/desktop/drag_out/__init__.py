"""Handing finished results over to other programs, as files and as text: dragged out of the window, or copied."""
