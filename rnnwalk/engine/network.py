"""A network unrolled over a sequence, letter by letter, as it is explained: what goes in, a cell, what comes out."""

from collections.abc import Sequence
from typing import Annotated, Any, NamedTuple

import numpy as np

from rnnwalk.engine.cells.cell import Cell, State, Weights
from rnnwalk.engine.functions import cross_entropy, plus, squared_error, total
from rnnwalk.engine.layers import Dense, Fed, dense, read_by_cell, top, weights_record
from rnnwalk.engine.notes import Array, Context, Note

TIE = 1e-12  # probabilities that are nearer to each other count as equal


class Network(NamedTuple):
    """Which equations.

    output: "softmax", with cross-entropy, or "linear", with half the squared error; at: it is read after "every"
    step or the "last" one; head: the activation of each dense layer between h and the output; reads: "symbols",
    one-hot, their word "vectors", their "ranks", or "numbers"; frozen: weights that are not learned.
    """

    cell: Cell
    form: str
    output: str = "softmax"
    at: str = "every"
    head: tuple[str, ...] = ()
    reads: str = "symbols"
    frozen: frozenset[str] = frozenset()

    @property
    def Weights(self) -> Any:
        """The record of all the weights, the cell's among them."""
        return weights_record(self.cell.Weights, self.embedded, len(self.head))

    @property
    def embedded(self) -> bool:
        """Whether the cell reads the word vectors of its symbols."""
        return self.reads == "vectors"

    @property
    def linear(self) -> bool:
        """Whether the scores are the answer."""
        return self.output == "linear"

    @property
    def plain(self) -> bool:
        """Whether nothing stands around the cell: symbols go in one-hot, scores come out of h."""
        return self.reads == "symbols" and not self.head and not self.linear

    def says(self, step: int, steps: int) -> bool:
        """Whether an output is read after a step, from 0, of so many."""
        return self.at == "every" or step == steps - 1


def _scores(now: Context) -> str:
    return f"Each {now.scored} gets a score (logit): {_weighed(now)}"


def _weighed(now: Context) -> str:
    return f"Why times the {now.below}{', plus by' if now.biased else ''}."


class Output(NamedTuple):
    """What the network says after a letter that names the next one; p = softmax(y), opened."""

    y: Annotated[Array, Note("yₜ", "o1", "The scores", _scores)]
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
        Array | None,
        Note(
            "lossₜ",
            "11",
            "The loss",
            lambda context: (
                f"How surprised the network is by the true {'class' if context.scored == 'class' else f'next {context.letter}'}: "
                "−ln p[target]. As ln S + m − y[target] it is right even where p is too small for a computer."
            ),
        ),
    ]


class Measure(NamedTuple):
    """A linear output: the scores are the answer."""

    y: Annotated[Array, Note("yₜ", "o1", "The output", _weighed)]
    loss: Annotated[Array | None, Note("lossₜ", "11", "The loss", "Half the squared distance from the target.")]


class Letter(NamedTuple):
    """Everything that one time step computes. fed: the word vector, if any; step: the cell's Step; head: the dense
    layers; output: None where none is read."""

    fed: Fed | None
    step: Any
    head: list[Dense]
    output: Output | Measure | None


def _whole(now: Context) -> str:
    return f"The sum over the {now.letter}s." if now.at == "every" else f"That of the last {now.letter}."


WHOLE = Note("loss", "11", "The loss of the {word}", _whole)


class Forward(NamedTuple):
    """A forward pass: its letters in order, and the loss of the whole word (their sum), if there are targets."""

    letters: list[Letter]
    loss: Annotated[Array | None, WHOLE]


class ForwardPart(NamedTuple):
    """The pass over a part of a word."""

    letters: list[Letter]


def feed(network: Network, w: Any, x: Array) -> Fed | None:
    """The word vectors of one-hot inputs x (v, m), where the cell reads those."""
    return Fed(w.E @ x) if network.embedded else None


def read(network: Network, w: Weights, x: Array, before: State) -> Any:
    """The cell's Step after reading x, (k, m) or, of symbols with word vectors, (v, m), in the State before."""
    return step_of(network, w, read_by_cell(x, feed(network, w, x)), before)


def step_of(network: Network, w: Weights, read: Array, before: State) -> Any:
    """The cell's Step from what the cell reads, (k, m): the inputs, or the word vectors of symbols."""
    return network.cell.step(w, network.cell.project_input(w, read), before, network.form)


def scores(w: Weights, h: Array) -> Array:
    """y = Why·h + by: hidden states (n, m), or what the last dense layer makes of them, to scores (o, m)."""
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


def output(network: Network, w: Weights, h: Array, target: Array | None) -> Output | Measure:
    """Scores, probabilities and loss from hidden states h (n, m) and targets (o, m); without those there is no loss."""
    y = scores(w, h)
    if network.linear:
        return Measure(y, None if target is None else squared_error(y, target))
    m, q, S, p = softmax(y)
    return Output(y, m, q, S, p, None if target is None else cross_entropy(S, m, y, target))


def forward(network: Network, w: Weights, xs: Sequence[Array], targets: Sequence[Array], before: State) -> Forward:
    """The pass over a word.

    xs: the inputs, each (k, m); targets: of each output, (o, m), or none at all; before: the cell's State, each part (n, m).
    """
    letters: list[Letter] = []
    expected = list(targets)
    for t, x in enumerate(xs):
        fed = feed(network, w, x)
        before = step_of(network, w, read_by_cell(x, fed), before)
        if not network.says(t, len(xs)):
            letters.append(Letter(fed, before, [], None))
            continue
        layers = dense(w, network.head, before.h)
        said = output(network, w, top(layers, before.h), expected.pop(0) if expected else None)
        letters.append(Letter(fed, before, layers, said))
    losses = [letter.output.loss for letter in letters if letter.output and letter.output.loss is not None]
    return Forward(letters, summed(total(*losses)) if losses else None)


def summed(loss: Array) -> Array:
    """The loss of all sequences together, (1, 1)."""
    return loss if loss.shape[1] == 1 else loss.sum(keepdims=True)


def forward_part(
    network: Network, w: Weights, xs: Sequence[Array], targets: Sequence[Array], before: State
) -> ForwardPart:
    """The pass over some letters of a word, whose losses alone are not the loss of the word."""
    return ForwardPart(forward(network, w, xs, targets, before).letters)
