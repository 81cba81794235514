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


class Batch(NamedTuple):
    """X: inputs (k, N); targets: (o, N); widths: how many sequences still run at each letter, N in all."""

    X: Array
    targets: Array
    widths: list[int]

    def spans(self) -> list[tuple[int, int]]:
        """The columns of each letter: from, to."""
        found, start = [], 0
        for width in self.widths:
            found.append((start, start + width))
            start += width
        return found


class Together(NamedTuple):
    """A pass forward. kept: the cell's Kept, of all letters and of each; loss: (1, N)."""

    kept: Any
    letters: list[Any]
    output: Output | Measure

    @property
    def loss(self) -> Array:
        return self.output.loss


def forward_together(network: Network, w: Any, batch: Batch, before: Any) -> Together:
    """The pass over a batch from the State before, each part (n, widths[0])."""
    cell, form = network.cell, network.form
    drives = cell.drive(w, batch.X)
    letters = []
    for start, end in batch.spans():
        if before.h.shape[1] != end - start:
            before = narrowed(before, end - start)
        step = cell.step(w, part(drives, start, end), before, form)
        letters.append(cell.kept(step, before))
        before = cell.state(step)
    kept = joined(letters)
    return Together(kept, letters, output(network, w, kept.h, batch.targets))


def backward_together(network: Network, w: Any, batch: Batch, run: Together) -> dict[str, Array]:
    """The gradient of the summed loss, by name of weight."""
    cell = network.cell
    dY = output_error(network, run.output, batch.targets)
    dH = w.Why.T @ dY
    slopes = cell.slopes(run.kept, network.form)
    backs: list[Any] = []
    dh = back = later = None
    spans = batch.spans()
    for letter in range(len(spans) - 1, -1, -1):
        start, end = spans[letter]
        dh = dH[:, start:end]
        if later is None:
            later = cell.State(*[np.zeros(dh.shape)] * len(cell.State._fields))
        else:
            later = cell.earlier(w, run.letters[letter + 1], dh_next, back)
            if later.h.shape[1] != end - start:
                later = widened(later, end - start)
            dh = dh + later.h
        back = cell.back(w, part(slopes, start, end), dh, later)
        backs.append(back)
        dh_next = dh
    backs.reverse()
    shares = cell.shares(w, batch.X, run.kept, joined(backs))
    shares["Why"] = dY @ run.kept.h.T
    shares["by"] = bias_share(w.by, dY)
    return {name: share for name, share in shares.items() if share is not None}


def part(columns: Any, start: int, end: int) -> Any:
    """Some of the columns of an array, or of each array of a record."""
    if isinstance(columns, np.ndarray):
        return columns[:, start:end]
    return type(columns)(*[array[:, start:end] for array in columns])


def joined(letters: list[Any]) -> Any:
    """The arrays of several letters side by side, field by field."""
    return type(letters[0])(*[np.concatenate(arrays, axis=1) for arrays in zip(*letters, strict=True)])


def narrowed(state: Any, width: int) -> Any:
    """The state of the sequences that still run."""
    return type(state)(*[array[:, :width] for array in state])


def widened(state: Any, width: int) -> Any:
    """The error that arrives through time, with zeros for the sequences that end here."""
    missing = width - state.h.shape[1]
    return type(state)(*[np.pad(array, ((0, 0), (0, missing))) for array in state])
