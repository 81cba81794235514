"""The plain recurrent cell: hₜ = tanh(Wxh·xₜ + (Whh·hₜ₋₁ + b)), the article's.

Sources: Elman (1990), "Finding structure in time", in the article's notation; backward through time:
Werbos (1990), "Backpropagation through time: what it does and how to do it".
"""

from typing import Annotated, NamedTuple

import numpy as np

from rnnwalk.engine.functions import bias_share, plus, recurrent, recurrent_share, sigmoid, through
from rnnwalk.engine.notes import Array, Note

TITLE = "plain recurrent cell"
FORMS = ("tanh", "logistic")  # the activation of the hidden units; the first is the default
ONLY: dict[str, str] = {}  # weights that one form alone has


class Weights(NamedTuple):
    """The learned numbers; the same ones serve every time step."""

    Wxh: Annotated[
        Array,
        Note(
            "Wxh", "nk", "input to hidden", "a row for each hidden unit, a column for each symbol: x picks one column"
        ),
    ]
    Whh: Annotated[
        Array,
        Note("Whh", "nn", "hidden to hidden", "from each of the n units of h₋ to each of the n units of h"),
    ]
    bh: Annotated[Array | None, Note("b", "n1", "hidden bias", "one number for each hidden unit")]
    Why: Annotated[
        Array,
        Note("Why", "on", "hidden to output", "a row for each symbol to be scored, a column for each hidden unit"),
    ]
    by: Annotated[Array | None, Note("by", "o1", "output bias", "one number for each symbol to be scored")]


class State(NamedTuple):
    """What one time step hands to the next."""

    h: Annotated[
        Array,
        Note("hₜ", "n1", "initial hidden state", "The memory before the first letter: nothing yet, one 0 a unit."),
    ]


class Step(NamedTuple):
    """What one time step computes, in order; it has the State that the next one starts from."""

    Wxh_x: Annotated[
        Array,
        Note("=", "n1", "What the letter brings", "The one-hot x has a single 1, so the product is one column of Wxh."),
    ]
    Whh_h: Annotated[
        Array,
        Note(
            "=",
            "n1",
            "What the memory brings",
            "The hidden state of the letter before, weighed by Whh, plus the bias b.",
        ),
    ]
    h: Annotated[
        Array,
        Note(
            "hₜ", "n1", "The new hidden state", "Letter and memory are added, and tanh squeezes each sum into −1 … 1."
        ),
    ]


class Kept(NamedTuple):
    """What the way back needs of a time step."""

    h: Array
    h_before: Array


class Slopes(NamedTuple):
    """How steep the step was; known from the forward pass."""

    slope: Annotated[
        Array,
        Note(
            "slopeₜ",
            "n1",
            "How steep the squeeze is",
            "Where h is near −1 or 1 the curve is flat, and little of the error passes.",
        ),
    ]


class Back(NamedTuple):
    """What the error of h becomes inside the step."""

    dz: Annotated[
        Array,
        Note(
            "∂L/∂zₜ", "n1", "The error before the squeeze", "z is the sum that was squeezed into h: slope times ∂L/∂h."
        ),
    ]


def drive(w: Weights, x: Array) -> Array:
    """The part of the inputs x (k, m), which does not recur; any number of columns."""
    return w.Wxh @ x  # (n, m)


def prepare(w: Weights, x: Array) -> tuple[Array, Weights]:
    """For the fast form: all that does not recur, so the bias too, and the weights that are left for the steps."""
    return plus(drive(w, x), w.bh), w._replace(bh=None)


def stack(w: Weights) -> Weights:
    """The weights for the fast form: a cell without gates has nothing to put on top of each other."""
    return w


def unstack(w: Weights) -> Weights:
    """The weights from those of the fast form."""
    return w


def step(w: Weights, drive: Array, before: State | Step, form: str) -> Step:
    """One time step from the state before; all arrays (n, m)."""
    Whh_h = plus(recurrent(w.Whh, before.h), w.bh)
    z = drive + Whh_h
    return Step(drive, Whh_h, np.tanh(z) if form == "tanh" else sigmoid(z))


def kept(step: Step, before: State | Step, form: str) -> Kept:
    """What the way back needs of a step."""
    return Kept(step.h, before.h)


def slopes(kept: Kept, form: str) -> Slopes:
    """∂h/∂z: of tanh it is 1 − h², of the logistic function h·(1 − h)."""
    h = kept.h
    return Slopes(1 - h**2 if form == "tanh" else h * (1 - h))


def back(w: Weights, kept: Kept, slopes: Slopes, dh: Array, later: State) -> Back:
    """Through the squeeze: ∂L/∂z from the whole ∂L/∂h; all arrays (n, m)."""
    return Back(dh * slopes.slope)


def earlier(w: Weights, kept: Kept, dh: Array, back: Back) -> State:
    """What the step before hears of the error, through time: ∂L/∂h₋."""
    return State(through(w.Whh, back.dz))


def shares(w: Weights, x: Array, kept: Kept, back: Back) -> dict[str, Array | None]:
    """What these columns add to the gradient of each weight that the step used."""
    return {
        "Wxh": back.dz @ x.T,
        "Whh": recurrent_share(w.Whh, back.dz, kept.h_before),
        "bh": bias_share(w.bh, back.dz),
    }
