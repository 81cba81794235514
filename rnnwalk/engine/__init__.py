"""The mathematics, as plain NumPy on columns. It knows nothing of words, tracing or screens."""
