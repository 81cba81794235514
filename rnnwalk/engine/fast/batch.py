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
from rnnwalk.engine.fast.one_hot import OneHot, WordVectors
from rnnwalk.engine.layers import (
    EMBEDDING,
    Dense,
    DenseBack,
    dense,
    dense_backward,
    dense_weight_grads,
    read_by_cell,
    top,
)
from rnnwalk.engine.network import Measure, Network, Output, feed, output
from rnnwalk.engine.notes import Array, columns, remade, replaced

Span = tuple[int, int]


class Batch(NamedTuple):
    """X: inputs (k, N), an array or OneHot; targets: (o, N), or of a last output alone (o, m); spans: the columns of
    each letter, from and to; N in all, m of the first letter."""

    X: Any
    targets: Array
    spans: list[Span]

    @property
    def widths(self) -> tuple[int, int]:
        """How many sequences run at the first and at the last letter."""
        (_, first), (start, end) = self.spans[0], self.spans[-1]
        return first, end - start


class BatchForward(NamedTuple):
    """A pass forward. fed: what the cell read of all letters; letters: its Cache of each; cache: the same of all side by
    side; read: the hidden states that an output is made of; head: the dense layers on them; state: at the end."""

    fed: Any
    letters: list[Any]
    cache: Any
    read: Array
    head: list[Dense]
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
    fed = fed_to(network, w, batch.X)
    prepared, loop = cell.prepare(w, fed)
    letters = []
    for brought, (start, end) in zip(split(prepared, batch.spans), batch.spans, strict=True):
        if before.h.shape[1] != end - start:
            before = narrowed(before, end - start)
        step = cell.step(loop, brought, before, network.form)
        letters.append(cell.cache(step, before, network.form))
        before = step
    cache = joined(letters)
    read = cache.h
    if network.at == "last":
        read = joined_columns([cache.h[:, last] for last in reversed(_ending(batch.spans)) if last is not None])
    head = dense(w, network.head, read)
    said = output(network, w, top(head, read), batch.targets)
    return BatchForward(fed, letters, cache, read, head, said, before)


def fed_to(network: Network, w: Any, X: Any) -> Any:
    """What the cell reads: the inputs, or their word vectors."""
    if network.embedded and isinstance(X, OneHot):
        return WordVectors(w.E, X)
    return read_by_cell(X, feed(network, w, X))


def backward_batch(
    cell: FastCell, network: Network, w: Any, batch: Batch, run: BatchForward, after: Any
) -> dict[str, Array | None]:
    """The gradient of the summed loss, by name of weight. after: zeros like the last letter's State."""
    dY = output_error(network, run.output, batch.targets)
    back, errors = errors_before(cell, network, w, batch, run, dY, after)
    grads = cell.weight_grads(w, run.fed, run.cache, errors)
    grads |= output_weight_grads(w, dY, top(run.head, run.read)) | dense_weight_grads(w, run.head, back, run.read)
    if network.embedded and EMBEDDING not in network.frozen:
        grads[EMBEDDING] = cell.grad_input(w, errors) @ batch.X.T
    return grads


def errors_before(
    cell: FastCell, network: Network, w: Any, batch: Batch, run: BatchForward, dY: Array, after: Any
) -> tuple[list[DenseBack], Any]:
    """What the errors of the scores dY (o, N) come to in the dense layers, and inside the cell at all letters side by
    side. dY may be that of the loss, or of anything else that the scores lead to.
    """
    back, dH = dense_backward(w, network.head, run.head, w.Why.T @ dY)
    own: list[Array | None] = split(dH, batch.spans) if network.at == "every" else _at_ends(dH, batch.spans)
    local = split(cell.local_grads(run.cache, network.form), batch.spans)
    grad = replaced(after, h=own[-1])
    gates = [cell.gate_grads(w, run.letters[-1], local[-1], grad)]
    for letter in range(len(own) - 2, -1, -1):
        grad = cell.grad_previous_state(w, run.letters[letter + 1], grad, gates[-1])
        start, end = batch.spans[letter]
        if grad.h.shape[1] != end - start:
            grad = widened(grad, end - start)
        error = own[letter]
        if error is not None:
            grad = replaced(grad, h=error + grad.h)
        gates.append(cell.gate_grads(w, run.letters[letter], local[letter], grad))
    return back, joined(gates[::-1])


def _ending(spans: Sequence[Span]) -> list[slice | None]:
    """Of each letter the columns of the sequences that end with it: they stand behind those that go on."""
    widths = [end - start for start, end in spans] + [0]
    return [
        slice(start + after, start + now) if now > after else None
        for (start, _), now, after in zip(spans, widths[:-1], widths[1:], strict=True)
    ]


def _at_ends(errors: Array, spans: Sequence[Span]) -> list[Array | None]:
    """The errors of the last hidden states (n, m) where they arise: at the letter with which each sequence ends."""
    found: list[Array | None] = []
    for (start, end), last in zip(spans, _ending(spans), strict=True):
        if last is None:
            found.append(None)
            continue
        going = last.start - start
        own = errors[:, going : end - start]
        found.append(np.concatenate([np.zeros((len(own), going), own.dtype), own], axis=1) if going else own)
    return found


def joined_columns(parts: Sequence[Array]) -> Array:
    """Columns side by side."""
    return parts[0] if len(parts) == 1 else np.concatenate(parts, axis=1)


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
