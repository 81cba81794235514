"""How the error of one letter's loss travels back through time: a step at a time, by the cell's own equations."""

from typing import Annotated, Any, NamedTuple

import numpy as np

from rnnwalk.engine.backward import nothing_after, output_error
from rnnwalk.engine.functions import bias_share, total
from rnnwalk.engine.network import Letter, Measure, Network, Output, output
from rnnwalk.engine.notes import Array, Note, notes


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


class Arrived(NamedTuple):
    """What arrives at a letter of the error of the last one. left, factor: None at the last letter."""

    error: Any
    norm: Annotated[
        Array,
        Note(
            "‖∂L/∂stateₜ‖",
            "11",
            "The length of the error",
            "The root of the sum of squares, over all that is handed on.",
        ),
    ]
    factor: Annotated[
        Array | None,
        Note("factorₜ", "11", "The factor of the step", "How long it is, compared with its length a step later."),
    ]
    left: Annotated[
        Array | None,
        Note("leftₜ", "11", "The product of the factors", "How much is left of the error that the last letter had."),
    ]
    slopes: Any
    back: Any


class Journey(NamedTuple):
    """A pass forward with Whh multiplied by a scale, and the way back of the last letter's error."""

    scaled: Any
    steps: list[Any]
    output: Output | Measure
    dy: Array
    arrived: list[Arrived]


def journey(network: Network, w: Any, scale: Array, xs: list[Array], target: Array, before: Any, after: Any) -> Journey:
    """Forward, and back from the loss at the last letter alone, as it is drawn in a workbook.

    scale: (1, 1), of every matrix that reads the hidden state; target: of the last letter; after: see ``nothing_after``.
    """
    recurrent = [name for name, note in notes(type(w)).items() if note.axes == "nn"]
    scaled = w._replace(**{name: scale * getattr(w, name) for name in recurrent})
    steps: list[Any] = []
    for x in xs:
        steps.append(
            network.cell.step(scaled, network.cell.drive(scaled, x), steps[-1] if steps else before, network.form)
        )
    said = output(network, scaled, steps[-1].h, target)
    dy = output_error(network, said, target)
    error = after._replace(h=scaled.Why.T @ dy)
    arrived: list[Arrived] = []
    for step, state in zip(reversed(steps), [*steps[-2::-1], before], strict=True):
        norm = np.sqrt(total(*[(part**2).sum(keepdims=True) for part in error]))
        factor = norm / arrived[-1].norm if arrived else None
        left = norm / arrived[0].norm if arrived else None
        way = passage(network, scaled, step, state, error)
        arrived.append(Arrived(error, norm, factor, left, way.slopes, way.back))
        error = way.error
    return Journey(scaled, steps, said, dy, arrived[::-1])


def input_error(network: Network, w: Any, kept: Any, back: Any) -> Array:
    """∂L/∂x, (k, 1), of one column: each matrix that x was multiplied with hands back the error of its product.

    That error is the matrix' share for an input of 1.
    """
    shares = network.cell.shares(w, np.ones((1, 1)), kept, back)
    entries = [name for name, note in notes(type(w)).items() if note.axes == "nk"]
    return np.sum([getattr(w, name).T @ shares[name] for name in entries], axis=0)
