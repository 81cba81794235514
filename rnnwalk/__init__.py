"""rnnwalk: see every number inside a recurrent network."""

__version__ = "0.1.0"
