"""How the error of one letter's loss travels back through time: a step at a time, by the cell's own equations."""

from collections.abc import Sequence
from typing import Annotated, Any, NamedTuple

import numpy as np

from rnnwalk.engine.backward import output_error, step_backward
from rnnwalk.engine.cells.cell import State, Weights
from rnnwalk.engine.functions import total
from rnnwalk.engine.layers import Dense, DenseBack, Fed, dense, dense_backward, read_by_cell, top
from rnnwalk.engine.network import Measure, Network, Output, feed, output, step_of
from rnnwalk.engine.notes import Array, Note, columns, notes, remade, replaced, with_axes

CHUNK = 512  # letters that are taken together


class WayBack(NamedTuple):
    """The way of an error back through N steps of a state of s numbers; the first letter first.

    errors: what arrives at each letter, (s, N), each column with 1 as its largest number; powers: of ten that the
    columns are to be multiplied with, −∞ for 0. norms, radii: 2-norm and spectral radius of each step's Jacobian.
    bounds, products: log10 of the product of the norms, and of the norm of the product (which takes as long as all the
    rest, so only where it is asked for), of the steps after a letter.
    """

    errors: Array
    powers: Array
    norms: Array
    radii: Array
    bounds: Array
    products: Array | None


def chunks(count: int) -> list[slice]:
    """So many letters in chunks, in order."""
    return [slice(start, min(start + CHUNK, count)) for start in range(0, count, CHUNK)]


def jacobians(network: Network, w: Weights, cache: Any) -> Array:
    """(∂state/∂state₋)ᵀ of each letter, (N, s, s): what a step back multiplies an error with.

    It is the way back of unit columns; for the plain cell Whhᵀ·diag(1 − h²). cache: of N letters side by side.
    """
    cell, count = network.cell, cache.h.shape[1]
    parts = len(notes(cell.State))
    height = parts * cache.h.shape[0]
    repeated = remade(cache, [None if part is None else np.repeat(part, height, axis=1) for part in cache])
    units = cell.State(*np.split(np.tile(np.eye(height), (1, count)), parts))
    local = cell.local_grads(repeated, network.form)
    gates = cell.gate_grads(w, repeated, local, units)
    back = np.concatenate(cell.grad_previous_state(w, repeated, units, gates), axis=0)  # (s, N·s)
    return np.moveaxis(back.reshape(height, count, height), 1, 0)


def walk_back(network: Network, w: Weights, cache: Any, error: Array, *, products: bool = False) -> WayBack:
    """Follow an error (s, 1) of the last state back, keeping its power of ten apart: nothing overflows or is lost."""
    count, height = cache.h.shape[1], error.shape[0]
    errors, powers = np.empty((height, count)), np.empty(count)
    norms, radii, grown = np.empty(count), np.empty(count), np.empty(count)
    error, power = _normal(error, 0.0)
    product, product_power = np.eye(height), 0.0
    for span in reversed(chunks(count)):
        steps = jacobians(network, w, columns(cache, span))
        norms[span] = np.linalg.norm(steps, 2, axis=(1, 2))
        radii[span] = np.abs(np.linalg.eigvals(steps)).max(axis=1)
        for i in range(len(steps) - 1, -1, -1):
            letter = span.start + i
            errors[:, letter], powers[letter] = error[:, 0], power
            error, power = _normal(steps[i] @ error, power)
        if not products:
            continue
        so_far = np.empty_like(steps)
        for i in range(len(steps) - 1, -1, -1):
            so_far[i], grown[span.start + i] = product, product_power
            product, product_power = _normal(steps[i] @ product, product_power)
        with np.errstate(divide="ignore"):
            grown[span] += np.log10(np.linalg.norm(so_far, 2, axis=(1, 2)))
    with np.errstate(divide="ignore"):
        bounds = np.cumsum(np.append(np.log10(norms), 0.0)[:0:-1])[::-1]
    return WayBack(errors, powers, norms, radii, bounds, grown if products else None)


def _normal(array: Array, power: float) -> tuple[Array, float]:
    """An array with 1 as its largest number, and its power; 0 has the power −∞."""
    largest = np.abs(array).max()
    return (array / largest, power + float(np.log10(largest))) if largest else (array, -np.inf)


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
    fed: list[Fed | None]
    steps: list[Any]
    layers: list[Dense]
    output: Output | Measure
    dy: Array
    back: list[DenseBack]
    arrived: list[LetterError]


def gradient_flow(
    network: Network, w: Weights, scale: Array, xs: Sequence[Array], target: Array, before: State, after: State
) -> GradientFlow:
    """Forward, and back from the loss at the last letter alone, as it is drawn in a workbook.

    scale: (1, 1), of every matrix that reads the hidden state; target: of the last letter; after: see ``nothing_after``.
    Each may have a column for each of several sequences, whose errors go back side by side.
    """
    scaled = replaced(w, **{name: scale * getattr(w, name) for name in with_axes(type(w), "nn")})
    states: list[Any] = [before]
    fed = [feed(network, scaled, x) for x in xs]
    for x, vector in zip(xs, fed, strict=True):
        states.append(step_of(network, scaled, read_by_cell(x, vector), states[-1]))
    layers = dense(scaled, network.head, states[-1].h)
    said = output(network, scaled, top(layers, states[-1].h), target)
    dy = output_error(network, said, target)
    back, dh = dense_backward(scaled, network.head, layers, scaled.Why.T @ dy)
    error = replaced(after, h=dh)
    arrived: list[LetterError] = []
    for step, state in zip(states[:0:-1], states[-2::-1], strict=True):
        norm = np.sqrt(total(*[(part**2).sum(axis=0, keepdims=True) for part in error]))
        factor = norm / arrived[-1].norm if arrived else None
        left = norm / arrived[0].norm if arrived else None
        way = step_backward(network, scaled, step, state, error)
        arrived.append(LetterError(error, norm, factor, left, way.local_grads, way.gate_grads))
        error = way.grad_previous_state
    return GradientFlow(scaled, fed, states[1:], layers, said, dy, back, arrived[::-1])
