"""Back through time, letter by letter, last letter first: how the loss depends on every number before it."""

from typing import Annotated, Any, NamedTuple

import numpy as np

from rnnwalk.engine.functions import bias_share, total
from rnnwalk.engine.network import Forward, Letter, Measure, Network, Output, forward
from rnnwalk.engine.notes import Array, Note
from rnnwalk.engine.optimisers import Optimiser, as_dict, clip


class Error(NamedTuple):
    """The error that a letter's hidden state is charged with."""

    dy: Annotated[
        Array,
        Note("∂L/∂yₜ", "o1", "The error of the scores", "What was said less what is true: each score is off by this."),
    ]
    dh_own: Annotated[
        Array,
        Note(
            "∂L/∂hₜᵒʷⁿ",
            "n1",
            "The error from this letter's own output",
            "Whyᵀ hands the error of each score back to the hidden units that made it.",
        ),
    ]
    dh_time: Annotated[
        Array,
        Note(
            "∂L/∂hₜᵗⁱᵐᵉ",
            "n1",
            "The error that arrives through time",
            "The next letter used this memory, so its error comes back too; after the last letter there is none.",
        ),
    ]
    dh: Annotated[
        Array,
        Note("∂L/∂hₜ", "n1", "The whole error of the hidden state", "Both ways lead back to h, so both parts add up."),
    ]


class LetterBack(NamedTuple):
    """The way back through one letter. shares: what the letter adds to the gradient of each weight."""

    error: Error
    slopes: Any
    back: Any
    shares: Any


def output_error(network: Network, output: Output | Measure, target: Array) -> Array:
    """∂L/∂y: p − target for softmax with cross-entropy, y − target for half the squared distance; (o, m)."""
    said = output.y if network.output == "linear" else output.p  # type: ignore[union-attr]
    return said - target


def nothing_after(before: Any) -> Any:
    """What arrives at the last letter from beyond the word: an error of zero for each part of the State."""
    return type(before)(*[np.zeros(part.shape) for part in before])


def backward(
    network: Network, w: Any, xs: list[Array], targets: list[Array], letters: list[Letter], before: Any, after: Any
) -> list[LetterBack]:
    """The way back, in the order of the letters (it was walked from the last one).

    after: what arrives at the last letter through time, see ``nothing_after``.
    """
    cell = network.cell
    befores = [before, *[letter.step for letter in letters[:-1]]]
    ledger: list[LetterBack] = []
    kept, dh, back, later = None, None, None, after
    for x, target, letter, state in reversed(list(zip(xs, targets, letters, befores, strict=True))):
        if ledger:
            later = cell.earlier(w, kept, dh, back)
        dy = output_error(network, letter.output, target)
        dh_own = w.Why.T @ dy
        dh = dh_own + later.h
        kept = cell.kept(letter.step, state, network.form)
        slopes = cell.slopes(kept, network.form)
        back = cell.back(w, kept, slopes, dh, later)
        shares = cell.shares(w, x, kept, back)
        shares |= {"Why": dy @ letter.step.h.T, "by": bias_share(w.by, dy)}
        ledger.append(LetterBack(Error(dy, dh_own, later.h, dh), slopes, back, cell.Weights(**shares)))
    return ledger[::-1]


def gradients(ledger: list[LetterBack]) -> Any:
    """∂L/∂W of each weight: the sum of its letters' shares, last letter first."""
    kind = type(ledger[0].shares)
    parts = zip(*[letter.shares for letter in reversed(ledger)], strict=True)
    return kind(*[None if share[0] is None else total(*share) for share in parts])


class Clipped(NamedTuple):
    """Gradients made shorter where they are longer than the limit."""

    norm: Annotated[
        Array, Note("‖∂L‖", "11", "The length of the gradient", "The root of the sum of all squared gradients.")
    ]
    factor: Annotated[
        Array, Note("factor", "11", "The factor of clipping", "1, or what makes the gradient as long as the limit.")
    ]
    gradients: Any


class Learning(NamedTuple):
    """One step of learning: the pass forward, the way back, the gradients, and the weights after it."""

    letters: list[Letter]
    loss: Annotated[Array, Note("loss", "11", "The loss of the word", "The sum over the letters.")]
    backward: list[LetterBack]
    gradients: Any
    clipped: Clipped | None
    next_state: Any
    updated: Any


def learning_step(
    network: Network,
    optimiser: Optimiser,
    w: Any,
    xs: list[Array],
    targets: list[Array],
    before: Any,
    after: Any,
    state: Any,
    rate: Array,
    limit: Array | None = None,
) -> Learning:
    """One step of learning on one word, as it is explained.

    rate: the learning rate, (1, 1); state: the optimiser's, by name of weight; limit: the longest gradient
    that passes unclipped, (1, 1), or None.
    """
    run: Forward = forward(network, w, xs, targets, before)
    ledger = backward(network, w, xs, targets, run.letters, before, after)
    slope = gradients(ledger)
    named = as_dict(slope)
    clipped = None
    if limit is not None:
        clipped = Clipped(*clip(named, limit))
        named = clipped.gradients
    updated, next_state = optimiser.update(as_dict(w), named, state, rate)
    return Learning(run.letters, run.loss, ledger, slope, clipped, next_state, w._replace(**updated))
