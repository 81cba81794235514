"""The plain recurrent cell: hₜ = tanh(Wxh·xₜ + (Whh·hₜ₋₁ + b)), the article's.

Source: Elman (1990), "Finding structure in time"; in the article's notation.
"""

from typing import Annotated, NamedTuple

import numpy as np

from rnnwalk.engine.functions import plus, recurrent, sigmoid
from rnnwalk.engine.notes import Array, Note

TITLE = "plain recurrent cell"
FORMS = ("tanh", "logistic")  # the activation of the hidden units; the first is the default


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


class Drive(NamedTuple):
    """What the inputs bring; it does not recur, so it may be computed for all letters at once."""

    Wxh_x: Annotated[
        Array,
        Note("=", "n1", "What the letter brings", "The one-hot x has a single 1, so the product is one column of Wxh."),
    ]


class Step(NamedTuple):
    """What one time step computes, in order."""

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


def drive(w: Weights, x: Array) -> Drive:
    """The part of the inputs x (k, m); any number of columns."""
    return Drive(w.Wxh @ x)  # (n, m)


def step(w: Weights, drive: Drive, before: State, form: str = "tanh") -> Step:
    """One time step from the state before; all arrays (n, m)."""
    Whh_h = plus(recurrent(w.Whh, before.h), w.bh)
    activation = np.tanh if form == "tanh" else sigmoid
    return Step(Whh_h, activation(drive.Wxh_x + Whh_h))


def state(step: Step) -> State:
    """The state that the next time step starts from."""
    return State(step.h)
