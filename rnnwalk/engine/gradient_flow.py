"""How the error of one letter's loss travels back through time: a step at a time, by the cell's own equations."""

from collections.abc import Sequence
from typing import Annotated, Any, NamedTuple

import numpy as np

from rnnwalk.engine.backward import nothing_after, output_error, step_backward
from rnnwalk.engine.cells.cell import State, StepBackward, Weights
from rnnwalk.engine.functions import total
from rnnwalk.engine.network import Letter, Measure, Network, Output, output, read
from rnnwalk.engine.notes import Array, Note, notes, replaced, with_axes


def error_at_last(network: Network, w: Weights, letter: Letter, target: Array, before: State) -> Any:
    """The error of the State after a letter, of the loss at that letter alone: Whyᵀ·∂L/∂y for h, else zero."""
    return replaced(nothing_after(before), h=w.Why.T @ output_error(network, letter.output, target))


def jacobian(network: Network, w: Weights, step: Any, before: State) -> Array:
    """(∂state/∂state₋)ᵀ, (s, s): what a step back multiplies an error with. It is the way back of unit columns.

    For the plain cell it is Whhᵀ·diag(1 − h²); s is the height of all parts of the State together.
    """
    heights = [getattr(step, part).shape[0] for part in notes(network.cell.State)]
    units = np.split(np.eye(sum(heights)), np.cumsum(heights)[:-1])
    way = step_backward(network, w, step, before, network.cell.State(*units))
    return np.concatenate(way.grad_previous_state, axis=0)


def input_error(network: Network, w: Weights, way: StepBackward) -> Array:
    """∂L/∂x, (k, 1), of one column: each matrix that x was multiplied with hands back the error of its product.

    That error is what the matrix' gradient would get from an input of 1.
    """
    grads = network.cell.weight_grads(w, np.ones((1, 1)), way.cache, way.gate_grads)
    return np.sum([getattr(w, name).T @ grads[name] for name in with_axes(type(w), "nk")], axis=0)


class LetterError(NamedTuple):
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
        Note("leftₜ", "11", "The product of the factors", "How much is left of the error that the last {letter} had."),
    ]
    local_grads: Any
    gate_grads: Any


class GradientFlow(NamedTuple):
    """A pass forward with Whh multiplied by a scale, and the way back of the last letter's error."""

    scaled: Any
    steps: list[Any]
    output: Output | Measure
    dy: Array
    arrived: list[LetterError]


def gradient_flow(
    network: Network, w: Weights, scale: Array, xs: Sequence[Array], target: Array, before: State, after: State
) -> GradientFlow:
    """Forward, and back from the loss at the last letter alone, as it is drawn in a workbook.

    scale: (1, 1), of every matrix that reads the hidden state; target: of the last letter; after: see ``nothing_after``.
    """
    scaled = replaced(w, **{name: scale * getattr(w, name) for name in with_axes(type(w), "nn")})
    states: list[Any] = [before]
    for x in xs:
        states.append(read(network, scaled, x, states[-1]))
    said = output(network, scaled, states[-1].h, target)
    dy = output_error(network, said, target)
    error = replaced(after, h=scaled.Why.T @ dy)
    arrived: list[LetterError] = []
    for step, state in zip(states[:0:-1], states[-2::-1], strict=True):
        norm = np.sqrt(total(*[(part**2).sum(keepdims=True) for part in error]))
        factor = norm / arrived[-1].norm if arrived else None
        left = norm / arrived[0].norm if arrived else None
        way = step_backward(network, scaled, step, state, error)
        arrived.append(LetterError(error, norm, factor, left, way.local_grads, way.gate_grads))
        error = way.grad_previous_state
    return GradientFlow(scaled, states[1:], said, dy, arrived[::-1])
