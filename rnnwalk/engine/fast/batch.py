"""The same equations with all letters side by side: the fast form, for training.

What does not recur is computed once for all letters; only the recurrence is a loop. Columns are
time-major: first those of letter 1, one for each sequence, then those of letter 2, and so on. Sequences
stand longest first, and one that has ended has no column any more: there is no padding to be masked.
"""

from typing import Any, NamedTuple

import numpy as np

from rnnwalk.engine.backward import output_error
from rnnwalk.engine.functions import bias_share
from rnnwalk.engine.network import Measure, Network, Output, output
from rnnwalk.engine.notes import Array

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


class Together(NamedTuple):
    """A pass forward. letters: the cell's Kept of each letter; kept: the same of all side by side."""

    letters: list[Any]
    kept: Any
    output: Output | Measure


def forward_together(network: Network, w: Any, batch: Batch, before: Any) -> Together:
    """The pass over a batch from the State before; each part has a column for every sequence."""
    cell, form = network.cell, network.form
    drives, loop = cell.prepare(w, batch.X)
    letters = []
    for drive, (start, end) in zip(split(drives, batch.spans), batch.spans, strict=True):
        if before.h.shape[1] != end - start:
            before = narrowed(before, end - start)
        step = cell.step(loop, drive, before, form)
        letters.append(cell.kept(step, before, form))
        before = step
    kept = joined(letters)
    return Together(letters, kept, output(network, w, kept.h, batch.targets))


def backward_together(network: Network, w: Any, batch: Batch, run: Together, after: Any) -> dict[str, Array]:
    """The gradient of the summed loss, by name of weight. after: zeros like the last letter's State."""
    cell = network.cell
    dY = output_error(network, run.output, batch.targets)
    own = split(w.Why.T @ dY, batch.spans)
    slopes = split(cell.slopes(run.kept, network.form), batch.spans)
    dh = own[-1]
    backs = [cell.back(w, run.letters[-1], slopes[-1], dh, after)]
    for letter in range(len(own) - 2, -1, -1):
        later = cell.earlier(w, run.letters[letter + 1], dh, backs[-1])
        if later.h.shape[1] != own[letter].shape[1]:
            later = widened(later, own[letter].shape[1])
        dh = own[letter] + later.h
        backs.append(cell.back(w, run.letters[letter], slopes[letter], dh, later))
    shares = cell.shares(w, batch.X, run.kept, joined(backs[::-1]))
    shares["Why"] = dY @ run.kept.h.T
    shares["by"] = bias_share(w.by, dY)
    return shares


def split(columns: Any, spans: list[Span]) -> list[Any]:
    """The columns of each letter, of an array or of each array of a record."""
    if columns is None:
        return [None] * len(spans)
    if hasattr(columns, "_make"):
        return [*map(columns._make, zip(*[split(array, spans) for array in columns], strict=True))]
    return [columns[:, start:end] for start, end in spans]


def joined(letters: list[Any]) -> Any:
    """The arrays of several letters side by side, field by field."""
    fields = zip(*letters, strict=True)
    return letters[0]._make([None if arrays[0] is None else np.concatenate(arrays, axis=1) for arrays in fields])


def narrowed(state: Any, width: int) -> Any:
    """The state of the sequences that still run."""
    return state._make([None if array is None else array[:, :width] for array in state])


def widened(state: Any, width: int) -> Any:
    """The error that arrives through time, with zeros for the sequences that end here."""
    missing = width - state.h.shape[1]
    return state._make([np.pad(array, ((0, 0), (0, missing))) for array in state])
