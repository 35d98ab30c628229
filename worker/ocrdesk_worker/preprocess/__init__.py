"""Steps that make a page image fit for the engine, each a function from image to image."""
