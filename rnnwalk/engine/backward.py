"""Back through time, letter by letter, last letter first: how the loss depends on every number before it."""

from collections.abc import Sequence
from typing import Annotated, Any, NamedTuple

import numpy as np

from rnnwalk.engine.cells.cell import State, StepBackward, Weights
from rnnwalk.engine.functions import bias_grad, total
from rnnwalk.engine.layers import EMBEDDING, DenseBack, FedBack, dense_backward, dense_weight_grads, read_by_cell, top
from rnnwalk.engine.network import WHOLE, Forward, Letter, Measure, Network, Output, forward
from rnnwalk.engine.notes import Array, Context, Note, as_dict, remade, replaced
from rnnwalk.engine.optimisers import Arrays, Optimiser, clip, clip_values


def _handed_back(about: Context) -> str:
    """What the own error of a hidden state is: that of the scores, or where layers stand between, of the first of them."""
    if about.below == "hidden state":
        return f"Whyᵀ hands the error of the {about.output} back to the hidden units."
    return "Wdense1ᵀ hands the error of the first dense layer back to the hidden units."


class Error(NamedTuple):
    """The error that a letter's hidden state is charged with. Without an output of its own, only that through time."""

    dy: Annotated[
        Array | None,
        Note(
            "∂L/∂yₜ",
            "o1",
            "The error of the {output}",
            "What was predicted minus what is true.",
        ),
    ]
    dh_own: Annotated[
        Array | None,
        Note(
            "∂L/∂hₜᵒʷⁿ",
            "n1",
            "The error from this {letter}'s own output",
            _handed_back,
        ),
    ]
    dh_time: Annotated[
        Array,
        Note(
            "∂L/∂hₜᵗⁱᵐᵉ",
            "n1",
            "The error that arrives through time",
            "The next {letter} used this memory, so its error comes back too; after the last {letter} there is none.",
        ),
    ]
    dh: Annotated[
        Array | None,
        Note(
            "∂L/∂hₜ",
            "n1",
            "The whole error of the hidden state",
            "The error reaches h in both ways, so the two parts are added.",
        ),
    ]


class LetterBack(NamedTuple):
    """The way back through one letter. weight_grads: what the letter adds to the gradient of each weight."""

    error: Error
    head: list[DenseBack]
    local_grads: Any
    gate_grads: Any
    fed: FedBack | None
    weight_grads: Any


def output_error(network: Network, output: Output | Measure, target: Array) -> Array:
    """∂L/∂y: p − target for softmax with cross-entropy, y − target for half the squared distance; (o, m)."""
    said = output.y if network.linear else output.p  # type: ignore[union-attr]
    return said - target


def output_weight_grads(w: Weights, dy: Array, h: Array) -> dict[str, Array | None]:
    """What the errors of the scores dy (o, m) add to the gradients of the output's weights, from its inputs h (n, m)."""
    return {"Why": dy @ h.T, "by": bias_grad(w.by, dy)}


def nothing_after(before: State) -> Any:
    """What arrives at the last letter from beyond the word: an error of zero for each part of the State."""
    return remade(before, [np.zeros(part.shape) for part in before])


def step_backward(network: Network, w: Weights, step: Any, before: State, grad: Any) -> StepBackward:
    """The way back through a step from the error of its State; any number of columns, one for each error."""
    cell = network.cell
    cache = cell.cache(step, before, network.form)
    local = cell.local_grads(cache, network.form)
    gates = cell.gate_grads(w, cache, local, grad)
    return StepBackward(cache, local, gates, cell.grad_previous_state(w, cache, grad, gates))


def backward(
    network: Network,
    w: Weights,
    xs: Sequence[Array],
    targets: Sequence[Array],
    letters: Sequence[Letter],
    before: State,
    after: State,
) -> list[LetterBack]:
    """The way back, in the order of the letters (it is walked from the last one).

    after: what arrives at the last letter through time, see ``nothing_after``.
    """
    cell, none = network.cell, dict.fromkeys(network.Weights._fields)
    befores = [before, *[letter.step for letter in letters[:-1]]]
    expected = list(targets)
    walked: list[LetterBack] = []
    grad_from_next = after
    for x, letter, state in reversed(list(zip(xs, letters, befores, strict=True))):
        error, head, grads = Error(None, None, grad_from_next.h, None), list[DenseBack](), dict[str, Array | None]()
        if letter.output is not None:
            dy = output_error(network, letter.output, expected.pop())
            head, dh_own = dense_backward(w, network.head, letter.head, w.Why.T @ dy)
            error = Error(dy, dh_own, grad_from_next.h, dh_own + grad_from_next.h)
            grads = output_weight_grads(w, dy, top(letter.head, letter.step.h)) | dense_weight_grads(
                w, letter.head, head, letter.step.h
            )
        dh = grad_from_next.h if error.dh is None else error.dh
        way = step_backward(network, w, letter.step, state, replaced(grad_from_next, h=dh))
        grads |= cell.weight_grads(w, read_by_cell(x, letter.fed), way.cache, way.gate_grads)
        fed = None
        if network.embedded and EMBEDDING not in network.frozen:
            fed = FedBack(cell.grad_input(w, way.gate_grads))
            grads[EMBEDDING] = fed.dembedded @ x.T
        grads = {name: None if name in network.frozen else grad for name, grad in grads.items()}
        shares = network.Weights(**none | grads)
        walked.append(LetterBack(error, head, way.local_grads, way.gate_grads, fed, shares))
        grad_from_next = way.grad_previous_state
    return walked[::-1]


def gradients(walked: Sequence[LetterBack]) -> Any:
    """∂L/∂W of each weight: the sum of what its letters add, last letter first."""
    parts = zip(*[letter.weight_grads for letter in reversed(walked)], strict=True)
    found = [[share for share in part if share is not None] for part in parts]
    return remade(walked[0].weight_grads, [total(*part) if part else None for part in found])


class Clipped(NamedTuple):
    """Gradients made shorter where they are longer than the limit; of those clipped number by number, no length is taken."""

    norm: Annotated[
        Array | None, Note("‖∂L‖", "11", "The length of the gradient", "The root of the sum of all squared gradients.")
    ]
    factor: Annotated[
        Array | None,
        Note("factor", "11", "The factor of clipping", "1, or what makes the gradient as long as the limit."),
    ]
    gradients: Arrays


class Learning(NamedTuple):
    """One step of learning: the pass forward, the way back, the gradients, and the weights after it."""

    letters: list[Letter]
    loss: Annotated[Array | None, WHOLE]
    backward: list[LetterBack]
    gradients: Any
    clipped: Clipped | None
    next_state: Any
    updated: Any


def learning_step(
    network: Network,
    optimiser: Optimiser,
    w: Weights,
    xs: Sequence[Array],
    targets: Sequence[Array],
    before: State,
    after: State,
    state: Any,
    rate: Array,
    limit: Array | None = None,
    bound: Array | None = None,
) -> Learning:
    """One step of learning on one word, as it is explained.

    rate: the learning rate, (1, 1); state: the optimiser's, by name of weight; limit: the longest gradient
    that passes unclipped, or bound: the largest size of each number of it, (1, 1), or None.
    """
    run: Forward = forward(network, w, xs, targets, before)
    walked = backward(network, w, xs, targets, run.letters, before, after)
    summed = gradients(walked)
    named = as_dict(summed)
    clipped = None
    if limit is not None:
        clipped = Clipped(*clip(named, limit))
    elif bound is not None:
        clipped = Clipped(None, None, clip_values(named, bound))
    if clipped is not None:
        named = clipped.gradients
    learned = {name: array for name, array in as_dict(w).items() if name in named}
    updated, next_state = optimiser.update(learned, named, state, rate)
    return Learning(run.letters, run.loss, walked, summed, clipped, next_state, replaced(w, **updated))
