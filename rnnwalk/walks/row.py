"""What a letter comes to, in one row."""

from typing import NamedTuple

from rnnwalk.engine.notes import Array


class Row(NamedTuple):
    """What a letter comes to. said: the row of the vocabulary; p_said, p_truth: probabilities; h: (n,)."""

    said: int
    p_said: float
    p_truth: float
    loss: float
    h: Array
