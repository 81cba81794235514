"""A second cell, only for tests: two carried states, sigmoids, ⊙, and sums of two matrix products in one value."""

from typing import Annotated, NamedTuple

import numpy as np

from rnnwalk.engine.functions import plus, sigmoid
from rnnwalk.engine.notes import Array, Note

TITLE = "gated cell of a test"
FORMS = ("plain",)


class Weights(NamedTuple):
    Wxg: Annotated[Array, Note("Wxg", "nk", "input to candidate", "a column for each symbol")]
    Whi: Annotated[Array, Note("Whi", "nn", "hidden to gate", "a column for each unit")]
    Wci: Annotated[Array, Note("Wci", "nn", "cell to gate", "a column for each unit")]
    bi: Annotated[Array | None, Note("bi", "n1", "gate bias", "one for each unit")]
    Why: Annotated[Array, Note("Why", "on", "hidden to output", "a column for each unit")]
    by: Annotated[Array | None, Note("by", "o1", "output bias", "one for each symbol")]


class State(NamedTuple):
    h: Annotated[Array, Note("hₜ", "n1", "initial hidden state", "Nothing yet.")]
    c: Annotated[Array, Note("cₜ", "n1", "initial cell state", "Nothing yet.")]


class Drive(NamedTuple):
    g: Annotated[Array, Note("gₜ", "n1", "The candidate", "What could be stored.")]


class Step(NamedTuple):
    i: Annotated[Array, Note("iₜ", "n1", "The gate", "How much is stored.")]
    c: Annotated[Array, Note("cₜ", "n1", "The cell state", "Carried on.")]
    h: Annotated[Array, Note("hₜ", "n1", "The hidden state", "What is shown of it.")]


def drive(w: Weights, x: Array) -> Drive:
    return Drive(np.tanh(w.Wxg @ x))


def step(w: Weights, drive: Drive, before: State, form: str = "plain") -> Step:  # noqa: ARG001
    i = sigmoid(plus(w.Whi @ before.h, w.bi) + w.Wci @ before.c)
    c = (1 - i) * before.c - -(i * drive.g)
    return Step(i, c, np.tanh(c) * i)


def state(step: Step) -> State:
    return State(step.h, step.c)
