"""Weights that learn from batches of sequences, the fast way."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from rnnwalk.engine.network import Network
from rnnwalk.engine.notes import Array
from rnnwalk.engine.optimisers import OPTIMISERS, as_dict, clip
from rnnwalk.engine.together import Batch, backward_together, forward_together


def pack(sequences: Sequence[Any], inputs: int, outputs: int) -> Batch:
    """A batch of sequences of symbol numbers, each of at least two: read all but the last, name all but the first.

    inputs, outputs: how many symbols there are to read and to name. Sequences of any lengths, in any order.
    """
    longest_first = sorted(sequences, key=len, reverse=True)
    table = np.full((len(longest_first[0]), len(longest_first)), -1)
    for column, sequence in enumerate(longest_first):
        table[: len(sequence), column] = sequence
    running = table[1:] >= 0
    spans, start = [], 0
    for width in running.sum(axis=1).tolist():
        spans.append((start, start + width))
        start += width
    return Batch(np.eye(inputs)[:, table[:-1][running]], np.eye(outputs)[:, table[1:][running]], spans)


class Learner:
    """A network whose weights learn. weights: views of one long vector, so that an update is one expression.

    rate: the learning rate; limit: the longest gradient that passes unclipped, or None.
    """

    def __init__(
        self,
        network: Network,
        weights: Any,
        before: Any,
        optimiser: str = "sgd",
        rate: float = 0.1,
        limit: float | None = None,
    ) -> None:
        self.network = network
        self.before = before
        self.rate = np.array([rate])
        self.limit = None if limit is None else np.array([limit])
        self.names = list(as_dict(weights))
        self.vector = np.concatenate([*as_dict(weights).values()], axis=None)
        self.weights = self.shaped(weights, self.vector)
        self.rules = OPTIMISERS[optimiser]
        self.state = self.rules.start({"": self.vector})

    @staticmethod
    def shaped(weights: Any, vector: Array) -> Any:
        """The long vector as a record of matrices like ``weights``: views, not copies."""
        views: list[Array | None] = []
        start = 0
        for array in weights:
            if array is None:
                views.append(None)
                continue
            views.append(vector[start : start + array.size].reshape(array.shape))
            start += array.size
        return weights._make(views)

    def loss(self, batch: Batch) -> float:
        """The loss of a batch: the sum over its letters."""
        return float(self._forward(batch).output.loss.sum())

    def step(self, batch: Batch) -> float:
        """Learn from a batch once; its loss before."""
        run = self._forward(batch)
        shares = backward_together(self.network, self.weights, batch, run)
        gradient = {"": np.concatenate([shares[name] for name in self.names], axis=None)}
        if self.limit is not None:
            gradient = clip(gradient, self.limit)[2]
        updated, self.state = self.rules.update({"": self.vector}, gradient, self.state, self.rate)
        self.vector[:] = updated[""]
        return float(run.output.loss.sum())

    def _forward(self, batch: Batch) -> Any:
        start, end = batch.spans[0]
        before = self.before
        if end - start > 1:
            before = before._make([np.repeat(part, end - start, axis=1) for part in before])
        return forward_together(self.network, self.weights, batch, before)
