"""How the error of one letter's loss travels back through time: a step at a time, by the cell's own equations."""

from typing import Any, NamedTuple

import numpy as np

from rnnwalk.engine.backward import nothing_after, output_error
from rnnwalk.engine.functions import bias_share
from rnnwalk.engine.network import Letter, Network
from rnnwalk.engine.notes import Array, notes


class Passage(NamedTuple):
    """One time step, walked back. error: what the state before it is charged with."""

    kept: Any
    slopes: Any
    back: Any
    error: Any


def passage(network: Network, w: Any, step: Any, before: Any, error: Any) -> Passage:
    """The way back through a step from the error of its State; any number of columns, one for each error."""
    cell = network.cell
    kept = cell.kept(step, before, network.form)
    slopes = cell.slopes(kept, network.form)
    back = cell.back(w, kept, slopes, error.h, error)
    return Passage(kept, slopes, back, cell.earlier(w, kept, error.h, back))


def last_error(network: Network, w: Any, letter: Letter, target: Array, before: Any) -> Any:
    """The error of the State after a letter, of the loss at that letter alone: Whyᵀ·∂L/∂y for h, else zero."""
    return nothing_after(before)._replace(h=w.Why.T @ output_error(network, letter.output, target))


def own_shares(network: Network, w: Any, letter: Letter, target: Array) -> dict[str, Array | None]:
    """What a letter's own loss adds to the gradients of the weights of its output."""
    dy = output_error(network, letter.output, target)
    return {"Why": dy @ letter.step.h.T, "by": bias_share(w.by, dy)}


def jacobian(network: Network, w: Any, step: Any, before: Any) -> Array:
    """(∂state/∂state₋)ᵀ, (s, s): what a step back multiplies an error with. It is the way back of unit columns.

    For the plain cell it is Whhᵀ·diag(1 − h²); s is the height of all parts of the State together.
    """
    kind = network.cell.State
    heights = [getattr(before, name).shape[0] for name in kind._fields]
    units = np.split(np.eye(sum(heights)), np.cumsum(heights)[:-1])
    return np.concatenate(passage(network, w, step, before, kind(*units)).error, axis=0)


def input_error(network: Network, w: Any, kept: Any, back: Any) -> Array:
    """∂L/∂x, (k, 1), of one column: each matrix that x was multiplied with hands back the error of its product.

    That error is the matrix' share for an input of 1.
    """
    shares = network.cell.shares(w, np.ones((1, 1)), kept, back)
    entries = [name for name, note in notes(type(w)).items() if note.axes == "nk"]
    return np.sum([getattr(w, name).T @ shares[name] for name in entries], axis=0)
