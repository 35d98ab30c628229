"""PP-OCR models on ONNX Runtime: the engine `rapid`, and the rereader of what Tesseract doubts or misses."""
