"""A cell unrolled over a sequence, letter by letter, as it is explained."""

from types import ModuleType
from typing import Annotated, Any, NamedTuple

import numpy as np

from rnnwalk.engine.functions import cross_entropy, plus, squared_error, total
from rnnwalk.engine.notes import Array, Note


class Network(NamedTuple):
    """Which equations: a module of ``engine.cells``, its form, and what the output is for."""

    cell: ModuleType
    form: str
    output: str = "softmax"  # or "linear", with the squared error


class Output(NamedTuple):
    """What the network says after a letter that names the next one; p = softmax(y), opened."""

    y: Annotated[
        Array, Note("yₜ", "o1", "The scores", "Each symbol gets a score (logit): Why weighs the hidden state.")
    ]
    m: Annotated[Array, Note("mₜ", "11", "The largest score", "It is taken off every score: no power of e overflows.")]
    e: Annotated[Array, Note("eₜ", "o1", "Powers of e", "They make every score positive and stretch the differences.")]
    S: Annotated[Array, Note("Sₜ", "11", "Their sum", "What the powers add up to.")]
    p: Annotated[Array, Note("pₜ", "o1", "The probabilities", "Each power's share of the sum: together they make 1.")]
    loss: Annotated[
        Array, Note("lossₜ", "11", "The loss", "How surprised the network is by the true next symbol: −ln p(target).")
    ]


class Measure(NamedTuple):
    """A linear output: the scores are the answer."""

    y: Annotated[Array, Note("yₜ", "o1", "The output", "Why weighs the hidden state.")]
    loss: Annotated[Array, Note("lossₜ", "11", "The loss", "Half the squared distance from the target.")]


class Letter(NamedTuple):
    """Everything that one time step computes."""

    step: Any
    output: Output | Measure


class Forward(NamedTuple):
    """A forward pass: its letters in order, and the loss of the whole word (their sum)."""

    letters: list[Letter]
    loss: Annotated[Array, Note("loss", "11", "The loss of the word", "The sum over the letters.")]


def output(network: Network, w: Any, h: Array, target: Array) -> Output | Measure:
    """Scores, probabilities and loss from hidden states h (n, m) and targets (o, m)."""
    y = plus(w.Why @ h, w.by)  # (o, m)
    if network.output == "linear":
        return Measure(y, squared_error(y, target))
    m = y.max(axis=0, keepdims=True)  # (1, m)
    e = np.exp(y - m)
    S = e.sum(axis=0, keepdims=True)
    p = e / S  # softmax(y), opened
    return Output(y, m, e, S, p, cross_entropy(p, target))


def forward(network: Network, w: Any, xs: list[Array], targets: list[Array], before: Any) -> Forward:
    """The pass over a word.

    xs: the inputs, each (k, m); targets: each (o, m); before: the cell's State, each part (n, m).
    """
    letters = []
    for x, target in zip(xs, targets, strict=True):
        before = network.cell.step(w, network.cell.drive(w, x), before, network.form)
        letters.append(Letter(before, output(network, w, before.h, target)))
    return Forward(letters, total(*[letter.output.loss for letter in letters]))
