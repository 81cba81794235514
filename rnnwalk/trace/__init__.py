"""Watching equations: a recorded run, and how each value of it is written. It knows no cell and no renderer."""
