"""Letting a network write: it reads its own last symbol and draws the next."""

import hashlib
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from rnnwalk.engine.network import largest, read, scores, softmax
from rnnwalk.engine.notes import Array
from rnnwalk.errors import InputError, check_number, near
from rnnwalk.model.model import LARGEST, Model
from rnnwalk.model.problem import MOST_SEED, check_finite, overflows
from rnnwalk.model.symbols import shown, split

MOST_SYMBOLS = 10**7  # that are drawn at once


class Choice(NamedTuple):
    """symbol: what was drawn; p: the distribution that it was drawn from, (o,); drawn: the number in 0 … 1 that drew it."""

    symbol: str
    p: Array
    drawn: float


def generate(model: Model, start: str, length: int = 20, temperature: float = 1.0, seed: int = 0) -> Iterator[Choice]:
    """``length`` symbols after ``start``, each read by the network to choose the next.

    temperature: scores are divided by it; below 1 the likely becomes likelier, 0 always takes the likeliest.
    The draw of step i is SHA-256 of "rnnwalk generate SEED i": the same on every machine. Raises InputError.
    """
    check_number("the temperature", temperature, 0, LARGEST, why="0 always takes the likeliest")
    check_number("the length", length, 1, MOST_SYMBOLS)
    check_number("--seed", seed, -MOST_SEED, MOST_SEED)
    model.check_names_next("generate writes with")
    given = split(start, model.by)
    if not given:
        raise InputError(f"the start is empty; give at least one {model.by} to begin with")
    for symbol in given:
        if symbol not in model.vocabulary:
            raise InputError(f"'{shown(symbol)}' of the start is not in the vocabulary{near(symbol, model.vocabulary)}")
    return _steps(model, given, length, temperature, seed)


def _steps(model: Model, given: list[str], length: int, temperature: float, seed: int) -> Iterator[Choice]:
    network, w, state = model.network, model.weights, model.before
    for symbol in given[:-1]:
        state = read(network, w, model.one_hot(symbol), state)
    symbol = given[-1]
    for i in range(length):
        with overflows():
            state = read(network, w, model.one_hot(symbol), state)
            y = scores(w, state.h)
        check_finite(f"a score after symbol {i + 1}", y)
        p = distribution(y, temperature)[:, 0]
        drawn = uniform(f"rnnwalk generate {seed} {i}")
        row = min(int(np.searchsorted(np.cumsum(p), drawn, side="right")), len(p) - 1)
        symbol = model.vocabulary[row]
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
