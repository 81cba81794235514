"""Letting a network write: it reads its own last answer and gives the next."""

import hashlib
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from rnnwalk.engine.layers import dense, top
from rnnwalk.engine.network import largest, read, scores, softmax
from rnnwalk.engine.notes import Array
from rnnwalk.errors import InputError, check_number
from rnnwalk.model.limits import LARGEST, MOST_SEED, check_finite, overflows
from rnnwalk.model.model import Model
from rnnwalk.model.pose import Cut, cut

MOST_SYMBOLS = 10**7  # that are drawn at once


class Choice(NamedTuple):
    """symbol: what was drawn; p: the distribution that it was drawn from, (o,); drawn: the number in 0 … 1 that drew it.

    Numbers are computed, not drawn: they have no p and no drawn.
    """

    symbol: str
    p: Array | None
    drawn: float | None


def begin(model: Model, start: str) -> Cut:
    """The start of a text that a network is to go on with. Raises InputError, also where it cannot go on."""
    model.check_feeds_back()
    begun = cut(model, start, "the start: ", "{} of the start")
    if not begun.symbols:
        noun = "step" if model.task.inputs is not None else model.by
        raise InputError(f"the start is empty; give at least one {noun} to begin with")
    return begun


def generate(model: Model, start: str, length: int = 20, temperature: float = 1.0, seed: int = 0) -> Iterator[Choice]:
    """``length`` answers after ``start``, each read by the network as the next step.

    A symbol is drawn; temperature: scores are divided by it; below 1 the likely becomes likelier, 0 always takes the
    likeliest. The draw of step i is SHA-256 of "rnnwalk generate SEED i": the same on every machine. Numbers are
    read on as they come out. Raises InputError.
    """
    check_number("the temperature", temperature, 0, LARGEST, why="0 always takes the likeliest")
    check_number("the length", length, 1, MOST_SYMBOLS)
    check_number("--seed", seed, -MOST_SEED, MOST_SEED)
    begun = begin(model, start)
    return _steps(begun.model, begun.symbols, length, temperature, seed)


def _steps(model: Model, given: list[str], length: int, temperature: float, seed: int) -> Iterator[Choice]:
    network, w, state = model.network, model.weights, model.before
    for symbol in given[:-1]:
        state = read(network, w, model.column(symbol), state)
    symbol = given[-1]
    for i in range(length):
        with overflows():
            state = read(network, w, model.column(symbol), state)
            y = scores(w, top(dense(w, network.head, state.h), state.h))
        check_finite(f"a score after symbol {i + 1}", y)
        if network.linear:
            if not np.abs(y).max() <= LARGEST:
                raise InputError(
                    f"the numbers grow beyond {LARGEST:g} at step {i + 1} of those that are generated; take a smaller --length"
                )
            symbol = ",".join(map(repr, y[:, 0].tolist()))
            yield Choice(symbol, None, None)
            continue
        p = distribution(y, temperature)[:, 0]
        drawn = uniform(f"rnnwalk generate {seed} {i}")
        row = min(int(np.searchsorted(np.cumsum(p), drawn, side="right")), len(p) - 1)
        symbol = model.answers[row]
        yield Choice(symbol, p, drawn)


def distribution(y: Array, temperature: float) -> Array:
    """softmax(y / temperature) of a column; all on the (first) largest score for temperature 0."""
    if temperature == 0:
        return (np.arange(len(y)) == largest(y)[0]).astype(float)[:, None]
    with np.errstate(over="ignore"):  # far below the largest score: e^−∞ is the right 0
        *_, p = softmax((y - y.max()) / temperature)
    return p


def uniform(text: str) -> float:
    """A number in 0 … 1 (without 1) that the text alone decides: 53 bits of its SHA-256."""
    return (int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big") >> 11) / 2**53
