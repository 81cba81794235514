"""The minimal gated unit, a cell that rnnwalk does not come with: one gate is all it has.

f = σ(Wxf·x + Whf·h₋ + bf), n = tanh(Wxn·x + Whn·(f⊙h₋) + bn), h = (1 − f)⊙h₋ + f⊙n.

Source: Zhou, Wu, Zhang & Zhou (2016), "Minimal gated unit for recurrent neural networks".
"""

from collections.abc import Callable
from typing import Annotated, NamedTuple

import numpy as np

from rnnwalk.engine.cells import gates
from rnnwalk.engine.cells.cell import BIAS, BY, H0, WHY, Asked, Course, Stage, into
from rnnwalk.engine.functions import bias_grad, plus, sigmoid, total
from rnnwalk.engine.notes import Array, Note

NAME = "mgu"
TITLE, A_TITLE = "MGU cell", "an MGU cell"
CARRIES = "the hidden state h, a column of {numbers}"
FORMS = {"mgu": ""}
FORM_ONLY_WEIGHTS: dict[str, str] = {}
JACOBIANS = {"mgu": "Jᵀ, which leads from hₜ back to hₜ₋₁, through gate, candidate and what is kept"}
ARTICLE_STEPS: dict[str, tuple[str, str]] = {}
FORGET_BIAS = ""  # bf is none: a large one lets every memory go
COURSE = Course({"f": "f", "c": "n"}, stacked="f")


class Weights(NamedTuple):
    """The learned numbers: a gate and a candidate, each with matrices and a bias of its own."""

    Wxf: Annotated[Array, Note("Wxf", "nk", "input to forget gate", into)]
    Whf: Annotated[Array, Note("Whf", "nn", "hidden to forget gate", gates.HIDDEN)]
    bf: Annotated[Array | None, Note("bf", "n1", "bias of the forget gate", BIAS)]
    Wxn: Annotated[Array, Note("Wxn", "nk", "input to candidate", into)]
    Whn: Annotated[Array, Note("Whn", "nn", "hidden to candidate", "from each unit of h₋ to each of the candidate")]
    bn: Annotated[Array | None, Note("bn", "n1", "bias of the candidate", BIAS)]
    Why: Annotated[Array, WHY]
    by: Annotated[Array | None, BY]


class State(NamedTuple):
    """What one time step hands to the next."""

    h: Annotated[Array, H0]


class Step(NamedTuple):
    """What one time step computes, in order; it has the State that the next one starts from."""

    zf: Annotated[Array, Note("zfₜ", "n1", "Before the forget gate", gates.weighed, "forget gate")]
    f: Annotated[Array, Note("fₜ", "n1", "The forget gate", "How much of h is made anew.", "forget gate")]
    seen: Annotated[Array, Note("=", "n1", "What is seen again", "The memory that the candidate is made from.")]
    zn: Annotated[Array, Note("znₜ", "n1", "Before the candidate", gates.weighed, "candidate")]
    n: Annotated[Array, Note("nₜ", "n1", "The candidate", "What h could become, within −1 … 1.", "candidate")]
    rest: Annotated[Array, Note("=", "n1", "The other share", "What the gate leaves as it was.", "forget gate")]
    kept: Annotated[Array, Note("=", "n1", "What is kept", "The old memory, each number times the other share.")]
    new: Annotated[Array, Note("=", "n1", "What is new", "The candidate, each number times its gate.")]
    h: Annotated[Array, Note("hₜ", "n1", "The new hidden state", "A mixture: the two shares make 1.", "memory")]


class ProjectedInput(NamedTuple):
    """What the inputs bring to gate and candidate; it does not recur."""

    f: Array
    n: Array


def project_input(w: Weights, x: Array) -> ProjectedInput:
    """The part of the inputs x (k, m); any number of columns."""
    return ProjectedInput(w.Wxf @ x, w.Wxn @ x)  # each (n, m)


def step(w: Weights, projected: ProjectedInput, before: State | Step, form: str) -> Step:
    """One time step from the state before; all arrays (n, m)."""
    zf = plus(projected.f + w.Whf @ before.h, w.bf)
    f = sigmoid(zf)
    seen = f * before.h
    zn = plus(projected.n + w.Whn @ seen, w.bn)
    n = np.tanh(zn)
    rest = 1 - f
    kept, new = rest * before.h, f * n
    return Step(zf, f, seen, zn, n, rest, kept, new, kept + new)


class Cache(NamedTuple):
    """What the way back needs of a time step."""

    f: Array
    seen: Array
    n: Array
    rest: Array
    h: Array
    h_before: Array


def cache(step: Step, before: State | Step, form: str) -> Cache:
    """What the way back needs of a step."""
    return Cache(step.f, step.seen, step.n, step.rest, step.h, before.h)


class LocalGrads(NamedTuple):
    """How steep each way through the step was; known from the forward pass."""

    slope_n: Annotated[Array, Note("slope_nₜ", "n1", "From candidate to h", "How h changes with zn: f, where n moves.")]
    slope_f: Annotated[Array, Note("slope_fₜ", "n1", "From forget gate to h", "How h changes with zf: what f swaps.")]
    slope_s: Annotated[Array, Note("slope_sₜ", "n1", "From forget gate to what is seen", "How it changes with zf.")]


def local_grads(cache: Cache, form: str) -> LocalGrads:
    """The slope of each way: that of the gate σ is σ·(1 − σ), that of tanh 1 − tanh²."""
    slope = cache.f * cache.rest
    return LocalGrads(cache.f * (1 - cache.n**2), (cache.n - cache.h_before) * slope, cache.h_before * slope)


class GateGrads(NamedTuple):
    """What the error of h becomes inside the step."""

    dzn: Annotated[Array, Note("∂L/∂znₜ", "n1", "The error before the candidate", "Its slope times ∂L/∂h.")]
    dseen: Annotated[Array, Note("∂L/∂seenₜ", "n1", "The error of what is seen", "Whnᵀ hands it back.")]
    dzf: Annotated[Array, Note("∂L/∂zfₜ", "n1", "The error before the forget gate", "From h and from what is seen.")]


def gate_grads(w: Weights, cache: Cache, local: LocalGrads, grad: State) -> GateGrads:
    """Into the gate, which is used twice: ∂L/∂zf from ∂L/∂h and from what the candidate saw."""
    dzn = grad.h * local.slope_n
    dseen = w.Whn.T @ dzn
    return GateGrads(dzn, dseen, grad.h * local.slope_f + dseen * local.slope_s)


def grad_previous_state(w: Weights, cache: Cache, grad: State, gates: GateGrads) -> State:
    """What the step before hears of the error, through time: ∂L/∂h₋ as kept, as seen, and through the gate."""
    return State(total(grad.h * cache.rest, gates.dseen * cache.f, w.Whf.T @ gates.dzf))


def grad_input(w: Weights, gates: GateGrads) -> Array:
    """What the inputs hear of the error: ∂L/∂x, (k, m)."""
    return w.Wxf.T @ gates.dzf + w.Wxn.T @ gates.dzn


def weight_grads(w: Weights, x: Array, cache: Cache, gates: GateGrads) -> dict[str, Array | None]:
    """What these columns add to the gradient of each weight that the step used."""
    return {
        "Wxf": gates.dzf @ x.T,
        "Whf": gates.dzf @ cache.h_before.T,
        "bf": bias_grad(w.bf, gates.dzf),
        "Wxn": gates.dzn @ x.T,
        "Whn": gates.dzn @ cache.seen.T,
        "bn": bias_grad(w.bn, gates.dzn),
    }


STAGES: tuple[Stage, ...] = ()
PICTURES: dict[str, str] = {}
QUESTIONS: tuple[Asked, ...] = gates.QUESTIONS


def flow_sentence(
    w: Weights, cache: Cache, local: LocalGrads, form: str, regime: str, shown: Callable[[float], str]
) -> str:
    """The share that is kept is what an error loses on its way straight through h."""
    kept = gates.kept(cache.rest, shown)
    return f"What the gate leaves alone goes straight back: 1 − f is {kept}; the rest passes the candidate."
