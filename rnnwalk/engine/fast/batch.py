"""The same equations with all letters side by side: the fast form, for training.

What does not recur is computed once for all letters; only the recurrence is a loop. Columns are
time-major: first those of letter 1, one for each sequence, then those of letter 2, and so on. Sequences
stand longest first, and one that has ended has no column any more: there is no padding to be masked.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from rnnwalk.engine.backward import output_error, output_weight_grads
from rnnwalk.engine.fast.cell import FastCell
from rnnwalk.engine.network import Measure, Network, Output, output
from rnnwalk.engine.notes import Array, columns, remade, replaced

Span = tuple[int, int]


class Batch(NamedTuple):
    """X: inputs (k, N); targets: (o, N); spans: the columns of each letter, from and to; N in all."""

    X: Array
    targets: Array
    spans: list[Span]

    @property
    def widths(self) -> tuple[int, int]:
        """How many sequences run at the first and at the last letter."""
        (_, first), (start, end) = self.spans[0], self.spans[-1]
        return first, end - start


class BatchForward(NamedTuple):
    """A pass forward. letters: the cell's Cache of each letter; cache: the same of all side by side; state: at the end."""

    letters: list[Any]
    cache: Any
    output: Output | Measure
    state: Any


def one_hot(rows: Any, height: int, dtype: Any = np.float64) -> Array:
    """A column of zeros with a single 1 for each of the rows, whole numbers: (height, N)."""
    X = np.zeros((height, len(rows)), dtype)
    X[rows, np.arange(len(rows))] = 1
    return X


def forward_batch(cell: FastCell, network: Network, w: Any, batch: Batch, before: Any) -> BatchForward:
    """The pass over a batch from the State before; each part has a column for every sequence.

    cell: the fast form of the network's cell; w: its stacked weights.
    """
    prepared, loop = cell.prepare(w, batch.X)
    letters = []
    for brought, (start, end) in zip(split(prepared, batch.spans), batch.spans, strict=True):
        if before.h.shape[1] != end - start:
            before = narrowed(before, end - start)
        step = cell.step(loop, brought, before, network.form)
        letters.append(cell.cache(step, before, network.form))
        before = step
    cache = joined(letters)
    return BatchForward(letters, cache, output(network, w, cache.h, batch.targets), before)


def backward_batch(
    cell: FastCell, network: Network, w: Any, batch: Batch, run: BatchForward, after: Any
) -> dict[str, Array | None]:
    """The gradient of the summed loss, by name of weight. after: zeros like the last letter's State."""
    dY = output_error(network, run.output, batch.targets)
    own = split(w.Why.T @ dY, batch.spans)
    local = split(cell.local_grads(run.cache, network.form), batch.spans)
    grad = replaced(after, h=own[-1])
    gates = [cell.gate_grads(w, run.letters[-1], local[-1], grad)]
    for letter in range(len(own) - 2, -1, -1):
        grad = cell.grad_previous_state(w, run.letters[letter + 1], grad, gates[-1])
        if grad.h.shape[1] != own[letter].shape[1]:
            grad = widened(grad, own[letter].shape[1])
        grad = replaced(grad, h=own[letter] + grad.h)
        gates.append(cell.gate_grads(w, run.letters[letter], local[letter], grad))
    return cell.weight_grads(w, batch.X, run.cache, joined(gates[::-1])) | output_weight_grads(w, dY, run.cache.h)


def split(columns: Any, spans: Sequence[Span]) -> list[Any]:
    """The columns of each letter, of an array or of each array of a record."""
    if columns is None:
        return [None] * len(spans)
    if hasattr(columns, "_make"):
        return [*map(columns._make, zip(*[split(array, spans) for array in columns], strict=True))]
    return [columns[:, start:end] for start, end in spans]


def joined(letters: Sequence[Any]) -> Any:
    """The arrays of several letters side by side, field by field."""
    fields = zip(*letters, strict=True)
    return remade(letters[0], [None if arrays[0] is None else np.concatenate(arrays, axis=1) for arrays in fields])


def narrowed(state: Any, width: int) -> Any:
    """The state of the sequences that still run."""
    return columns(state, slice(width))


def widened(grad: Any, width: int) -> Any:
    """The error that arrives through time, with zeros for the sequences that end here."""
    missing = width - grad.h.shape[1]
    return remade(grad, [np.pad(array, ((0, 0), (0, missing))) for array in grad])
