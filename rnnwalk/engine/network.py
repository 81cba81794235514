"""A cell unrolled over a sequence, letter by letter, as it is explained."""

from collections.abc import Sequence
from typing import Annotated, Any, NamedTuple

import numpy as np

from rnnwalk.engine.cells.cell import Cell, State, Weights
from rnnwalk.engine.functions import cross_entropy, plus, squared_error, total
from rnnwalk.engine.notes import Array, Note

TIE = 1e-12  # probabilities that are nearer to each other count as equal


class Network(NamedTuple):
    """Which equations: a cell, its form, and what the output is for."""

    cell: Cell
    form: str
    output: str = "softmax"  # or "linear", with the squared error


class Output(NamedTuple):
    """What the network says after a letter that names the next one; p = softmax(y), opened."""

    y: Annotated[Array, Note("yₜ", "o1", "The scores", "Each symbol gets a score (logit): Why times the hidden state.")]
    m: Annotated[
        Array,
        Note("mₜ", "11", "The largest score", "It is subtracted from every score, so that no power of e overflows."),
    ]
    q: Annotated[Array, Note("qₜ", "o1", "Powers of e", "They make every score positive and stretch the differences.")]
    S: Annotated[Array, Note("Sₜ", "11", "Their sum", "What the powers add up to.")]
    p: Annotated[
        Array,
        Note("pₜ", "o1", "The probabilities", "Each power's share of the sum: together they make 1.", "probability"),
    ]
    loss: Annotated[
        Array,
        Note(
            "lossₜ",
            "11",
            "The loss",
            "How surprised the network is by the true next {letter}: −ln p[target]. As ln S + m − y[target] it is right even "
            "where p is too small for a computer.",
        ),
    ]


class Measure(NamedTuple):
    """A linear output: the scores are the answer."""

    y: Annotated[Array, Note("yₜ", "o1", "The output", "Why times the hidden state.")]
    loss: Annotated[Array, Note("lossₜ", "11", "The loss", "Half the squared distance from the target.")]


class Letter(NamedTuple):
    """Everything that one time step computes. step: the cell's Step."""

    step: Any
    output: Output | Measure


class Forward(NamedTuple):
    """A forward pass: its letters in order, and the loss of the whole word (their sum)."""

    letters: list[Letter]
    loss: Annotated[Array, Note("loss", "11", "The loss of the {word}", "The sum over the {letter}s.")]


class ForwardPart(NamedTuple):
    """The pass over a part of a word."""

    letters: list[Letter]


def read(network: Network, w: Weights, x: Array, before: State) -> Any:
    """The cell's Step after reading x (k, m) in the State before."""
    return network.cell.step(w, network.cell.project_input(w, x), before, network.form)


def scores(w: Weights, h: Array) -> Array:
    """y = Why·h + by: hidden states (n, m) to scores (o, m)."""
    return plus(w.Why @ h, w.by)


def softmax(y: Array) -> tuple[Array, Array, Array, Array]:
    """p = e^(y − m) / S of each column, last, and what is in between; (o, m). m, the largest score, keeps q in range."""
    m = y.max(axis=0, keepdims=True)  # (1, m)
    q = np.exp(y - m)
    S = q.sum(axis=0, keepdims=True)
    return m, q, S, q / S


def largest(column: Array) -> Array:
    """The row of the largest number of each column, (o, m) to (m,): the first of those that differ by less than TIE.

    Which of equals comes first must not hang on a last bit, which another program rounds otherwise.
    """
    rows: Array = np.argmax(column >= column.max(axis=0, keepdims=True) - TIE, axis=0)
    return rows


def most_likely(output: Output | Measure) -> Array:
    """The row of the symbol that is named in each column."""
    return largest(output.p if isinstance(output, Output) else output.y)


def output(network: Network, w: Weights, h: Array, target: Array) -> Output | Measure:
    """Scores, probabilities and loss from hidden states h (n, m) and targets (o, m)."""
    y = scores(w, h)
    if network.output == "linear":
        return Measure(y, squared_error(y, target))
    m, q, S, p = softmax(y)
    return Output(y, m, q, S, p, cross_entropy(S, m, y, target))


def forward(network: Network, w: Weights, xs: Sequence[Array], targets: Sequence[Array], before: State) -> Forward:
    """The pass over a word.

    xs: the inputs, each (k, m); targets: each (o, m); before: the cell's State, each part (n, m).
    """
    letters = []
    for x, target in zip(xs, targets, strict=True):
        before = read(network, w, x, before)
        letters.append(Letter(before, output(network, w, before.h, target)))
    return Forward(letters, total(*[letter.output.loss for letter in letters]))


def forward_part(
    network: Network, w: Weights, xs: Sequence[Array], targets: Sequence[Array], before: State
) -> ForwardPart:
    """The pass over some letters of a word, whose losses alone are not the loss of the word."""
    return ForwardPart(forward(network, w, xs, targets, before).letters)
