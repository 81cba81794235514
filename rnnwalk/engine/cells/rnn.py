"""The plain recurrent cell: hₜ = tanh(Wxh·xₜ + (Whh·hₜ₋₁ + b)), the article's.

Sources: Elman (1990), "Finding structure in time", in the article's notation; backward through time:
Werbos (1990), "Backpropagation through time: what it does and how to do it".
"""

from collections.abc import Callable
from typing import Annotated, NamedTuple

import numpy as np

from rnnwalk.engine.cells.cell import BIAS, BY, H0, WHY, Asked, Course, Stage, into
from rnnwalk.engine.functions import ACTIVATIONS, Activation, bias_grad, plus, recurrent, recurrent_grad, through
from rnnwalk.engine.notes import Array, Context, Note

NAME = "rnn"
TITLE, A_TITLE = "plain recurrent cell", "a plain recurrent cell"
CARRIES = "the hidden state h, a column of {numbers}"
FORMS = {"tanh": "", "logistic": "", "relu": "", "linear": ""}  # the activation of the hidden units
FORM_ONLY_WEIGHTS: dict[str, str] = {}
JACOBIANS = {
    "tanh": "Jᵀ = Whhᵀ·diag(1 − h²)",
    "logistic": "Jᵀ = Whhᵀ·diag(h⊙(1 − h))",
    "relu": "Jᵀ = Whhᵀ·diag(sign(h))",
    "linear": "Jᵀ = Whhᵀ",
}
# The article counts seven steps: 1 to 3 at the first letter, 4 and 5 for the same at the next ones, then 6 and 7.
# Its step 4 takes the memory first.
ARTICLE_STEPS = {"Wxh_x": ("1", "4b"), "Whh_h": ("2", "4a"), "h": ("3", "5"), "y": ("6", "6"), "p": ("7", "7")}
FORGET_BIAS = ""
COURSE = Course({"a": "h"})


class Weights(NamedTuple):
    """The learned numbers; the same ones serve every time step."""

    Wxh: Annotated[Array, Note("Wxh", "nk", "input to hidden", into)]
    Whh: Annotated[
        Array,
        Note("Whh", "nn", "hidden to hidden", "from each unit of h₋ to each unit of h", one=True),
    ]
    bh: Annotated[Array | None, Note("b", "n1", "hidden bias", BIAS, one=True)]
    Why: Annotated[Array, WHY]
    by: Annotated[Array | None, BY]


class State(NamedTuple):
    """What one time step hands to the next."""

    h: Annotated[Array, H0]


def _activation(form: str) -> Activation:
    return ACTIVATIONS["sigmoid" if form == "logistic" else form]


def _brings(now: Context) -> str:
    if now.reads == "symbols":
        return now.picks("Wxh")
    what = {"vectors": "word vector", "ranks": f"rank of the {now.letter}", "numbers": "input"}[now.reads]
    return f"The {what} is multiplied by Wxh."


def _memory(now: Context) -> str:
    before = "The initial hidden state" if now.first else f"The hidden state of the {now.letter} before"
    return f"{before} is multiplied by Whh{', and the bias b is added' if now.biased else ''}."


def _squeeze(now: Context) -> str:
    return f"{now.Read} and memory are added, and {_activation(now.form).does}."


class Step(NamedTuple):
    """What one time step computes, in order; it has the State that the next one starts from."""

    Wxh_x: Annotated[
        Array,
        Note("=", "n1", "What the {read} brings", _brings),
    ]
    Whh_h: Annotated[Array, Note("=", "n1", "What the memory brings", _memory)]
    h: Annotated[Array, Note("hₜ", "n1", "The new hidden state", _squeeze, "memory")]


def project_input(w: Weights, x: Array) -> Array:
    """The part of the inputs x (k, m), which does not recur; any number of columns."""
    return w.Wxh @ x  # (n, m)


def step(w: Weights, projected: Array, before: State | Step, form: str) -> Step:
    """One time step from the state before; all arrays (n, m)."""
    Whh_h = plus(recurrent(w.Whh, before.h), w.bh)
    z = projected + Whh_h
    return Step(projected, Whh_h, _activation(form).apply(z))


class Cache(NamedTuple):
    """What the way back needs of a time step."""

    h: Array
    h_before: Array


def cache(step: Step, before: State | Step, form: str) -> Cache:
    """What the way back needs of a step."""
    return Cache(step.h, before.h)


def _flat(now: Context) -> str:
    return _activation(now.form).flat.format(a="h")


class LocalGrads(NamedTuple):
    """How steep the step was; known from the forward pass."""

    slope: Annotated[Array, Note("slopeₜ", "n1", "The slope of the activation", _flat)]


def local_grads(cache: Cache, form: str) -> LocalGrads:
    """∂h/∂z: of tanh it is 1 − h², of the logistic function h·(1 − h), of relu 0 or 1."""
    return LocalGrads(_activation(form).slope(cache.h))


class GateGrads(NamedTuple):
    """What the error of h becomes inside the step."""

    dz: Annotated[
        Array,
        Note(
            "∂L/∂zₜ", "n1", "The error before the activation", "z is the sum that h was made from: slope times ∂L/∂h."
        ),
    ]


def gate_grads(w: Weights, cache: Cache, local: LocalGrads, grad: State) -> GateGrads:
    """Through the squeeze: ∂L/∂z from the whole ∂L/∂h; all arrays (n, m)."""
    return GateGrads(grad.h * local.slope)


def grad_previous_state(w: Weights, cache: Cache, grad: State, gates: GateGrads) -> State:
    """What the step before hears of the error, through time: ∂L/∂h₋."""
    return State(through(w.Whh, gates.dz))


def grad_input(w: Weights, gates: GateGrads) -> Array:
    """What the inputs hear of the error: ∂L/∂x, (k, m)."""
    return w.Wxh.T @ gates.dz


def weight_grads(w: Weights, x: Array, cache: Cache, gates: GateGrads) -> dict[str, Array | None]:
    """What these columns add to the gradient of each weight that the step used."""
    return {
        "Wxh": gates.dz @ x.T,
        "Whh": recurrent_grad(w.Whh, gates.dz, cache.h_before),
        "bh": bias_grad(w.bh, gates.dz),
    }


STAGES: tuple[Stage, ...] = ()
PICTURES: dict[str, str] = {}
QUESTIONS: tuple[Asked, ...] = ()


def flow_sentence(
    w: Weights, cache: Cache, local: LocalGrads, form: str, regime: str, shown: Callable[[float], str]
) -> str:
    """Whh and the slopes: what a step back can stretch an error by, and what it lets through."""
    largest, radius = float(np.linalg.norm(w.Whh, 2)), float(np.abs(np.linalg.eigvals(w.Whh)).max())
    slope, most = {"tanh": ("1 − h²", "1"), "logistic": ("h·(1 − h)", "¼")}.get(form, ("of " + form, "1"))
    closing = {
        "vanishing": "Neither is above 1, so every step loses."
        if largest <= 1
        else "The slopes take more than Whh gives.",
        "exploding": "On the whole Whh gives more than the slopes take.",
        "steady": "Here the two balance.",
        "uneven": "Some steps stretch the error, others let it fade.",
    }
    off = "0 where a unit is off" if form == "relu" else "near 0 where a unit is saturated"
    return (
        f"Why: Whh alone stretches an error at most {shown(largest)} times (spectral radius {shown(radius)}), and the "
        f"slopes {slope} let through {shown(float(local.slope.mean()))} of it on average "
        f"({'always 1' if form == 'linear' else f'at most {most}; {off}'}). {closing[regime]}{_saturation(w, cache, form, regime)}"
    )


def _saturation(w: Weights, cache: Cache, form: str, regime: str) -> str:
    """Why one positive number for all units, as the article has, cannot explode however large it is.

    Where h has settled, h = tanh z with z = Whh·h + c. A c that is not below 0 means Whh ≤ z / tanh z, so a step back multiplies by Whh·(1 − tanh² z) ≤ z / (sinh z · cosh z) = 2z / sinh 2z, which is below 1 for all z > 0.
    """
    if form != "tanh" or regime == "exploding" or w.Whh.shape != (1, 1) or not (w.Whh > 1 and (cache.h > 0).all()):
        return ""
    return (
        " A larger Whh does not help: it also makes the sum z before tanh larger, and then the slope falls faster than "
        "Whh grows (tanh saturates). Where h has settled, and the letter and the bias do not pull it down, the two together are "
        "at most 2z / sinh 2z: 0.55 for z = 1, 0.15 for z = 2, below 1 for every z. For a network that does explode, see --example exploding."
    )
