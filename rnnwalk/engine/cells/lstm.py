"""The LSTM cell: a memory c that a forget gate empties and an input gate fills, and an output gate that shows it.

f = σ(Wxf·x + Whf·h₋ + bf), i = σ(Wxi·x + Whi·h₋ + bi), o = σ(Wxo·x + Who·h₋ + bo), g = tanh(Wxg·x + Whg·h₋ + bg),
c = f⊙c₋ + i⊙g, h = o⊙tanh(c).

Sources: Hochreiter & Schmidhuber (1997), "Long short-term memory", with the forget gate of Gers et al. (2000).
"""

from collections.abc import Callable
from typing import Annotated, NamedTuple

import numpy as np

from rnnwalk.engine.cells import gates
from rnnwalk.engine.cells.cell import BIAS, BY, WHY, Asked, Course, Stage, into
from rnnwalk.engine.functions import bias_grad, plus, sigmoid, total
from rnnwalk.engine.notes import Array, Note

NAME = "lstm"
TITLE, A_TITLE = "LSTM cell", "an LSTM cell"
CARRIES = "the cell state c, its long memory, and the hidden state h, what it shows of it: columns of {numbers}"
FORMS = {"lstm": ""}
FORM_ONLY_WEIGHTS: dict[str, str] = {}
JACOBIANS = {"lstm": "Jᵀ, which leads from hₜ and cₜ back to hₜ₋₁ and cₜ₋₁, through all gates"}
ARTICLE_STEPS: dict[str, tuple[str, str]] = {}
FORGET_BIAS = "bf"
COURSE = Course({"i": "i", "u": "i", "f": "f", "o": "o", "c": "g"}, stacked="ufo")


class Weights(NamedTuple):
    """The learned numbers: three gates and a candidate, each with matrices and a bias of its own."""

    Wxi: Annotated[Array, Note("Wxi", "nk", "input to input gate", into)]
    Whi: Annotated[Array, Note("Whi", "nn", "hidden to input gate", gates.HIDDEN)]
    bi: Annotated[Array | None, Note("bi", "n1", "bias of the input gate", BIAS)]
    Wxf: Annotated[Array, Note("Wxf", "nk", "input to forget gate", into)]
    Whf: Annotated[Array, Note("Whf", "nn", "hidden to forget gate", gates.HIDDEN)]
    bf: Annotated[Array | None, Note("bf", "n1", "bias of the forget gate", BIAS)]
    Wxg: Annotated[Array, Note("Wxg", "nk", "input to candidate", into)]
    Whg: Annotated[
        Array, Note("Whg", "nn", "hidden to candidate", "from each unit of h₋ to each unit of the candidate")
    ]
    bg: Annotated[Array | None, Note("bg", "n1", "bias of the candidate", BIAS)]
    Wxo: Annotated[Array, Note("Wxo", "nk", "input to output gate", into)]
    Who: Annotated[Array, Note("Who", "nn", "hidden to output gate", gates.HIDDEN)]
    bo: Annotated[Array | None, Note("bo", "n1", "bias of the output gate", BIAS)]
    Why: Annotated[Array, WHY]
    by: Annotated[Array | None, BY]


class State(NamedTuple):
    """What one time step hands to the next."""

    h: Annotated[Array, Note("hₜ", "n1", "initial hidden state", "What was shown before the first {letter}: nothing.")]
    c: Annotated[Array, Note("cₜ", "n1", "initial cell state", "The memory before the first {letter}: empty.")]


class Step(NamedTuple):
    """What one time step computes, in order; it has the State that the next one starts from."""

    zf: Annotated[Array, Note("zfₜ", "n1", "Before the forget gate", gates.weighed, "forget gate")]
    f: Annotated[
        Array,
        Note(
            "fₜ",
            "n1",
            "The forget gate",
            "How much of each memory stays: 0 throws it away, 1 keeps it all.",
            "forget gate",
        ),
    ]
    zi: Annotated[Array, Note("ziₜ", "n1", "Before the input gate", gates.weighed, "input gate")]
    i: Annotated[
        Array,
        Note(
            "iₜ",
            "n1",
            "The input gate",
            "How much of the candidate is stored: 0 is nothing, 1 is all of it.",
            "input gate",
        ),
    ]
    zg: Annotated[Array, Note("zgₜ", "n1", "Before the candidate", gates.weighed, "candidate")]
    g: Annotated[
        Array, Note("gₜ", "n1", "The candidate", "What could be stored now, squeezed into −1 … 1.", "candidate")
    ]
    kept: Annotated[Array, Note("=", "n1", "What is kept", "The old memory, each number times its forget gate.")]
    added: Annotated[Array, Note("=", "n1", "What is added", "The candidate, each number times its input gate.")]
    c: Annotated[
        Array,
        Note(
            "cₜ",
            "n1",
            "The new cell state",
            "A plain sum: memories and errors pass through it without a squeeze.",
            "memory",
        ),
    ]
    zo: Annotated[Array, Note("zoₜ", "n1", "Before the output gate", gates.weighed, "output gate")]
    o: Annotated[
        Array, Note("oₜ", "n1", "The output gate", "How much of each memory is shown to the outside.", "output gate")
    ]
    tanh_c: Annotated[Array, Note("=", "n1", "The memory, squeezed", "tanh brings the memory into −1 … 1.")]
    h: Annotated[
        Array, Note("hₜ", "n1", "The new hidden state", "What the output gate lets through of the memory.", "memory")
    ]


class ProjectedInput(NamedTuple):
    """What the inputs bring to each gate; it does not recur."""

    f: Array
    i: Array
    g: Array
    o: Array


def project_input(w: Weights, x: Array) -> ProjectedInput:
    """The part of the inputs x (k, m); any number of columns."""
    return ProjectedInput(w.Wxf @ x, w.Wxi @ x, w.Wxg @ x, w.Wxo @ x)  # each (n, m)


def step(w: Weights, projected: ProjectedInput, before: State | Step, form: str) -> Step:
    """One time step from the state before; all arrays (n, m)."""
    zf = plus(projected.f + w.Whf @ before.h, w.bf)
    zi = plus(projected.i + w.Whi @ before.h, w.bi)
    zg = plus(projected.g + w.Whg @ before.h, w.bg)
    zo = plus(projected.o + w.Who @ before.h, w.bo)
    f, i, g, o = sigmoid(zf), sigmoid(zi), np.tanh(zg), sigmoid(zo)
    kept = f * before.c
    added = i * g
    c = kept + added
    tanh_c = np.tanh(c)
    h = o * tanh_c
    return Step(zf, f, zi, i, zg, g, kept, added, c, zo, o, tanh_c, h)


class Cache(NamedTuple):
    """What the way back needs of a time step."""

    f: Array
    i: Array
    g: Array
    o: Array
    tanh_c: Array
    c_before: Array
    h: Array
    h_before: Array


def cache(step: Step, before: State | Step, form: str) -> Cache:
    """What the way back needs of a step."""
    return Cache(step.f, step.i, step.g, step.o, step.tanh_c, before.c, step.h, before.h)


class LocalGrads(NamedTuple):
    """How steep each way through the step was; known from the forward pass."""

    slope_c: Annotated[
        Array,
        Note("slope_cₜ", "n1", "From memory to h", "How h changes with c: through the output gate and the squeeze."),
    ]
    slope_f: Annotated[
        Array,
        Note(
            "slope_fₜ",
            "n1",
            "From forget gate to memory",
            "How c changes with zf: in proportion to the old memory, a quarter of it at most; less where the gate is saturated.",
        ),
    ]
    slope_i: Annotated[
        Array,
        Note(
            "slope_iₜ",
            "n1",
            "From input gate to memory",
            "How c changes with zi: in proportion to the candidate, a quarter of it at most; less where the gate is saturated.",
        ),
    ]
    slope_g: Annotated[
        Array,
        Note(
            "slope_gₜ",
            "n1",
            "From candidate to memory",
            "How c changes with zg: as much as the input gate lets in, and less where the candidate is saturated.",
        ),
    ]
    slope_o: Annotated[
        Array,
        Note(
            "slope_oₜ",
            "n1",
            "From output gate to h",
            "How h changes with zo: in proportion to tanh(c), a quarter of it at most; less where the gate is saturated.",
        ),
    ]


def local_grads(cache: Cache, form: str) -> LocalGrads:
    """The slope of each way: that of a gate σ is σ·(1 − σ), that of tanh 1 − tanh²."""
    f, i, g, o = cache.f, cache.i, cache.g, cache.o
    return LocalGrads(
        o * (1 - cache.tanh_c**2),
        cache.c_before * (f * (1 - f)),
        g * (i * (1 - i)),
        i * (1 - g**2),
        cache.tanh_c * (o * (1 - o)),
    )


class GateGrads(NamedTuple):
    """What the error of h becomes inside the step."""

    dc_own: Annotated[
        Array, Note("∂L/∂cₜᵒʷⁿ", "n1", "The error of the memory, from h", "What was wrong with h, handed on to c.")
    ]
    dc_time: Annotated[
        Array,
        Note(
            "∂L/∂cₜᵗⁱᵐᵉ",
            "n1",
            "The error of the memory that arrives through time",
            "The next {letter}'s forget gate kept a share of this memory, so that share of its error comes back: no matrix, no "
            "squeeze in between. After the last {letter} there is none.",
        ),
    ]
    dc: Annotated[
        Array,
        Note(
            "∂L/∂cₜ",
            "n1",
            "The whole error of the memory",
            "The error reaches c in both ways, so the two parts are added.",
        ),
    ]
    dzf: Annotated[Array, Note("∂L/∂zfₜ", "n1", "The error before the forget gate", "Its slope times ∂L/∂c.")]
    dzi: Annotated[Array, Note("∂L/∂ziₜ", "n1", "The error before the input gate", "Its slope times ∂L/∂c.")]
    dzg: Annotated[Array, Note("∂L/∂zgₜ", "n1", "The error before the candidate", "Its slope times ∂L/∂c.")]
    dzo: Annotated[Array, Note("∂L/∂zoₜ", "n1", "The error before the output gate", "Its slope times ∂L/∂h.")]


def gate_grads(w: Weights, cache: Cache, local: LocalGrads, grad: State) -> GateGrads:
    """Into the gates: ∂L/∂z of each from ∂L/∂h and from ∂L/∂c, part of which arrives through time."""
    dc_own = grad.h * local.slope_c
    dc = dc_own + grad.c
    dzf = dc * local.slope_f
    dzi = dc * local.slope_i
    dzg = dc * local.slope_g
    dzo = grad.h * local.slope_o
    return GateGrads(dc_own, grad.c, dc, dzf, dzi, dzg, dzo)


def grad_previous_state(w: Weights, cache: Cache, grad: State, gates: GateGrads) -> State:
    """What the step before hears of the error, through time: ∂L/∂h₋ through every gate, ∂L/∂c₋ through f alone."""
    through = total(w.Whf.T @ gates.dzf, w.Whi.T @ gates.dzi, w.Whg.T @ gates.dzg, w.Who.T @ gates.dzo)
    return State(through, gates.dc * cache.f)


def grad_input(w: Weights, gates: GateGrads) -> Array:
    """What the inputs hear of the error: ∂L/∂x, (k, m)."""
    return w.Wxi.T @ gates.dzi + w.Wxf.T @ gates.dzf + w.Wxg.T @ gates.dzg + w.Wxo.T @ gates.dzo


def weight_grads(w: Weights, x: Array, cache: Cache, gates: GateGrads) -> dict[str, Array | None]:
    """What these columns add to the gradient of each weight that the step used."""
    h = cache.h_before
    return {
        "Wxi": gates.dzi @ x.T,
        "Whi": gates.dzi @ h.T,
        "bi": bias_grad(w.bi, gates.dzi),
        "Wxf": gates.dzf @ x.T,
        "Whf": gates.dzf @ h.T,
        "bf": bias_grad(w.bf, gates.dzf),
        "Wxg": gates.dzg @ x.T,
        "Whg": gates.dzg @ h.T,
        "bg": bias_grad(w.bg, gates.dzg),
        "Wxo": gates.dzo @ x.T,
        "Who": gates.dzo @ h.T,
        "bo": bias_grad(w.bo, gates.dzo),
    }


STAGES: tuple[Stage, ...] = (
    Stage("Forget", "The forget gate decides how much of each old memory stays.", ("zf", "f")),
    Stage(
        "Decide what to store",
        "The candidate is what could be stored; the input gate decides how much of it is.",
        ("zi", "i", "zg", "g"),
    ),
    Stage("Update the memory", "What is kept and what is added make the new memory c.", ("kept", "added", "c")),
    Stage("Output", "The output gate decides how much of the memory is shown, as h.", ("zo", "o", "tanh_c", "h")),
)
PICTURES = {
    "lstm": """\
          1 forget          3 update            4 output
  c₋ ═══════ ⊙ ═══════════════ + ══════════════════╤═══════════════► [c]
             │                 │                   │
             │                 ⊙                 tanh
             │             ┌───┴───┐               │
            [f]           [i]     [g]      [o]──── ⊙ ──────────────► [h]
             │             │       │        │
             σ             σ     tanh       σ
             │             │       │        │
  h₋, x ─────┴─────────────┴───────┴────────┘
                        2 store

  ═ the memory   ⊙ times, number by number   σ the sigmoid, 0 to 1"""
}
QUESTIONS: tuple[Asked, ...] = (
    *gates.QUESTIONS,
    Asked(
        "What does c keep that h does not?",
        "c is the memory itself. From step to step it is only multiplied by f and added to, so a number in it can stay as "
        "it is over many {letter}s, and may grow beyond 1. h = o⊙tanh(c) is what is shown of it now: where the output gate "
        "is shut, h is nearly 0 while c still holds what it held (rnnwalk walk --example secret).",
    ),
    Asked(
        "Are these “four sigmoid layers”?",
        "No, though one often reads it. There are four layers, each with matrices and a bias of its own: three sigmoids, for the "
        "gates f, i and o, and one tanh, for the candidate g. The tanh of c has no weights, so it is no layer.",
    ),
)


def flow_sentence(
    w: Weights, cache: Cache, local: LocalGrads, form: str, regime: str, shown: Callable[[float], str]
) -> str:
    """The forget gate is what an error loses on its way through c."""
    opened = gates.kept(cache.f, shown)
    advice = {
        "vanishing": " Only f near 1 keeps it: --forget-bias 5 draws such a network.",
        "exploding": " What grows is the error on its other way, through h: Whf, Whi, Whg and Who stretch it.",
    }.get(regime, "")
    return (
        "The memory c goes back through the forget gate alone, with no matrix and no squeeze in between: f is "
        f"{opened}, and about that share of ∂L/∂c survives a step.{advice}"
    )
