"""The GRU cell in the three forms that the world uses, which give different numbers from the same weights.

r = σ(Wxr·x + Whr·h₋ + br), z = σ(Wxz·x + Whz·h₋ + bz), and then

- chung2014: n = tanh(Wxn·x + Whn·(r⊙h₋) + bn), h = z⊙n + (1 − z)⊙h₋
- cho2014:   the same n, h = (1 − z)⊙n + z⊙h₋ (Keras with reset_after=False)
- pytorch:   n = tanh(Wxn·x + bn + r⊙(Whn·h₋ + bhn)), h = (1 − z)⊙n + z⊙h₋ (PyTorch, cuDNN, Keras by default)

Sources: Chung et al. (2014), "Empirical evaluation of gated recurrent neural networks on sequence modeling";
Cho et al. (2014), "Learning phrase representations using RNN encoder-decoder"; the manual of torch.nn.GRU.
"""

from collections.abc import Callable
from typing import Annotated, NamedTuple

import numpy as np

from rnnwalk.engine.cells import gates
from rnnwalk.engine.cells.cell import BIAS, BY, H0, WHY, Asked, Course, Stage, into
from rnnwalk.engine.functions import bias_grad, plus, sigmoid, total
from rnnwalk.engine.notes import Array, Context, Note

NAME = "gru"
TITLE, A_TITLE = "GRU cell", "a GRU cell"
CARRIES = "the hidden state h, a column of {numbers}"
FORMS = {
    "chung2014": "n = tanh(Wxn·x + Whn·(r⊙h₋) + bn) and h = z⊙n + (1 − z)⊙h₋ (the source article's; z is the share of what is new)",
    "cho2014": "the same n, but h = (1 − z)⊙n + z⊙h₋ (Keras with reset_after=False; z is the share of what is kept)",
    "pytorch": "n = tanh(Wxn·x + bn + r⊙(Whn·h₋ + bhn)) and h = (1 − z)⊙n + z⊙h₋ (PyTorch, cuDNN, Keras by default: r comes after Whn)",
}
FORM_ONLY_WEIGHTS = {"bhn": "pytorch"}
JACOBIANS = dict.fromkeys(
    FORMS,
    "Jᵀ, which leads from hₜ back to hₜ₋₁, through both gates, the candidate, and the share that is kept",
)
ARTICLE_STEPS: dict[str, tuple[str, str]] = {}
FORGET_BIAS = ""
COURSE = Course({"u": "z", "z": "z", "r": "r", "a": "n", "c": "n"}, stacked="ur", others={"u": "v"})


class Weights(NamedTuple):
    """The learned numbers: two gates and a candidate, each with matrices and a bias of its own."""

    Wxr: Annotated[Array, Note("Wxr", "nk", "input to reset gate", into)]
    Whr: Annotated[Array, Note("Whr", "nn", "hidden to reset gate", gates.HIDDEN)]
    br: Annotated[Array | None, Note("br", "n1", "bias of the reset gate", BIAS)]
    Wxz: Annotated[Array, Note("Wxz", "nk", "input to update gate", into)]
    Whz: Annotated[Array, Note("Whz", "nn", "hidden to update gate", gates.HIDDEN)]
    bz: Annotated[Array | None, Note("bz", "n1", "bias of the update gate", BIAS)]
    Wxn: Annotated[Array, Note("Wxn", "nk", "input to candidate", into)]
    Whn: Annotated[
        Array, Note("Whn", "nn", "hidden to candidate", "from each unit of h₋ to each unit of the candidate")
    ]
    bn: Annotated[Array | None, Note("bn", "n1", "bias of the candidate", BIAS)]
    bhn: Annotated[Array | None, Note("bhn", "n1", "bias of the candidate's memory", BIAS + "; r multiplies it, too")]
    Why: Annotated[Array, WHY]
    by: Annotated[Array | None, BY]


class State(NamedTuple):
    """What one time step hands to the next."""

    h: Annotated[Array, H0]


def _reset_sum(now: Context) -> str:
    bias = ", with the bias" if now.biased else ""
    if now.form == "pytorch":
        return f"The {now.read} is multiplied by its weights, as the memory was before, and the two are added{bias}."
    return f"{now.Read} and reset memory are multiplied by their weights and added{bias}."


def _renewed(now: Context) -> str:
    return f"The candidate, each number times {'its' if now.form == 'chung2014' else 'the other'} share."


def _kept(now: Context) -> str:
    return f"The old memory, each number times {'the other' if now.form == 'chung2014' else 'its'} share."


class Step(NamedTuple):
    """What one time step computes, in order; it has the State that the next one starts from."""

    zr: Annotated[Array, Note("zrₜ", "n1", "Before the reset gate", gates.weighed, "reset gate")]
    r: Annotated[
        Array,
        Note(
            "rₜ",
            "n1",
            "The reset gate",
            "How much of the old memory the candidate sees: 0 is a fresh start.",
            "reset gate",
        ),
    ]
    zz: Annotated[Array, Note("zzₜ", "n1", "Before the update gate", gates.weighed, "update gate")]
    z: Annotated[Array, Note("zₜ", "n1", "The update gate", "How old memory and candidate are mixed.", "update gate")]
    rest: Annotated[
        Array, Note("=", "n1", "The other share", "z is one share of the mixture, this is the other.", "update gate")
    ]
    u: Annotated[
        Array | None,
        Note("uₜ", "n1", "What the memory brings", "In this form the memory is multiplied by Whn before it is reset."),
    ]
    reset: Annotated[Array, Note("=", "n1", "The memory, reset", "Each number times its reset gate.")]
    zn: Annotated[Array, Note("znₜ", "n1", "Before the candidate", _reset_sum, "candidate")]
    n: Annotated[
        Array, Note("nₜ", "n1", "The candidate", "What h could become now, squeezed into −1 … 1.", "candidate")
    ]
    new: Annotated[Array, Note("=", "n1", "What is new", _renewed)]
    old: Annotated[Array, Note("=", "n1", "What is kept", _kept)]
    h: Annotated[Array, Note("hₜ", "n1", "The new hidden state", "A mixture: the two shares make 1.", "memory")]


class ProjectedInput(NamedTuple):
    """What the inputs bring to each gate; it does not recur."""

    r: Array
    z: Array
    n: Array


def project_input(w: Weights, x: Array) -> ProjectedInput:
    """The part of the inputs x (k, m); any number of columns."""
    return ProjectedInput(w.Wxr @ x, w.Wxz @ x, w.Wxn @ x)  # each (n, m)


def step(w: Weights, projected: ProjectedInput, before: State | Step, form: str) -> Step:
    """One time step from the state before; all arrays (n, m)."""
    zr = plus(projected.r + w.Whr @ before.h, w.br)
    r = sigmoid(zr)
    zz = plus(projected.z + w.Whz @ before.h, w.bz)
    z = sigmoid(zz)
    u: Array | None = None
    if form == "pytorch":  # the memory is reset after it is weighed by Whn
        u = plus(w.Whn @ before.h, w.bhn)
        reset = r * u
        zn = plus(projected.n + reset, w.bn)
    else:  # it is reset before
        reset = r * before.h
        zn = plus(projected.n + w.Whn @ reset, w.bn)
    n = np.tanh(zn)
    rest = 1 - z
    new, old = (z * n, rest * before.h) if form == "chung2014" else (rest * n, z * before.h)
    return Step(zr, r, zz, z, rest, u, reset, zn, n, new, old, new + old)


class Cache(NamedTuple):
    """What the way back needs of a time step. fresh, keep: the shares of the candidate and of the old memory."""

    r: Array
    fresh: Array
    keep: Array
    u: Array | None
    reset: Array
    n: Array
    h: Array
    h_before: Array


def cache(step: Step, before: State | Step, form: str) -> Cache:
    """What the way back needs of a step."""
    fresh, keep = (step.z, step.rest) if form == "chung2014" else (step.rest, step.z)
    return Cache(step.r, fresh, keep, step.u, step.reset, step.n, step.h, before.h)


class LocalGrads(NamedTuple):
    """How steep each way through the step was; known from the forward pass."""

    slope_z: Annotated[
        Array,
        Note(
            "slope_zₜ",
            "n1",
            "From update gate to h",
            "How h changes with zz: in proportion to how far candidate and old memory are apart, a quarter of it at most.",
        ),
    ]
    slope_n: Annotated[
        Array,
        Note(
            "slope_nₜ",
            "n1",
            "From candidate to h",
            "How h changes with zn: by the candidate's share, where the candidate is not saturated.",
        ),
    ]
    slope_r: Annotated[
        Array,
        Note(
            "slope_rₜ",
            "n1",
            "From reset gate to the reset memory",
            "How it changes with zr: in proportion to what r multiplies, a quarter of it at most; less where the gate is saturated.",
        ),
    ]


def local_grads(cache: Cache, form: str) -> LocalGrads:
    """The slope of each way: that of a gate σ is σ·(1 − σ), that of tanh 1 − tanh²."""
    r, n, h = cache.r, cache.n, cache.h_before
    swapped = n - h if form == "chung2014" else h - n
    weighed = h if cache.u is None else cache.u
    return LocalGrads(swapped * (cache.fresh * cache.keep), cache.fresh * (1 - n**2), weighed * (r * (1 - r)))


class GateGrads(NamedTuple):
    """What the error of h becomes inside the step."""

    dzn: Annotated[Array, Note("∂L/∂znₜ", "n1", "The error before the candidate", "Its slope times ∂L/∂h.")]
    dzz: Annotated[Array, Note("∂L/∂zzₜ", "n1", "The error before the update gate", "Its slope times ∂L/∂h.")]
    dreset: Annotated[
        Array | None,
        Note("∂L/∂resetₜ", "n1", "The error of the reset memory", "Whnᵀ hands the error of the candidate back to it."),
    ]
    dzr: Annotated[
        Array,
        Note("∂L/∂zrₜ", "n1", "The error before the reset gate", "Its slope times the error of the reset memory."),
    ]
    du: Annotated[
        Array | None,
        Note("∂L/∂uₜ", "n1", "The error of what the memory brings", "The reset gate lets this much of it through."),
    ]


def gate_grads(w: Weights, cache: Cache, local: LocalGrads, grad: State) -> GateGrads:
    """Into the gates: ∂L/∂z of each from ∂L/∂h."""
    dzn = grad.h * local.slope_n
    dzz = grad.h * local.slope_z
    if cache.u is None:
        dreset = w.Whn.T @ dzn
        return GateGrads(dzn, dzz, dreset, dreset * local.slope_r, None)
    du = dzn * cache.r
    return GateGrads(dzn, dzz, None, dzn * local.slope_r, du)


def grad_previous_state(w: Weights, cache: Cache, grad: State, gates: GateGrads) -> State:
    """What the step before hears of the error, through time: ∂L/∂h₋ directly and through every gate."""
    direct = grad.h * cache.keep
    return State(
        total(
            direct, through_candidate(w.Whn, cache.r, gates.dreset, gates.du), w.Whr.T @ gates.dzr, w.Whz.T @ gates.dzz
        )
    )


def through_candidate(Whn: Array, r: Array, dreset: Array | None, du: Array | None) -> Array:
    """What the candidate hands back to h₋: through Whn last (pytorch, which has ∂L/∂u) or through the reset gate last."""
    if du is not None:
        return Whn.T @ du
    assert dreset is not None
    return dreset * r


def grad_input(w: Weights, gates: GateGrads) -> Array:
    """What the inputs hear of the error: ∂L/∂x, (k, m)."""
    return w.Wxr.T @ gates.dzr + w.Wxz.T @ gates.dzz + w.Wxn.T @ gates.dzn


def weight_grads(w: Weights, x: Array, cache: Cache, gates: GateGrads) -> dict[str, Array | None]:
    """What these columns add to the gradient of each weight that the step used."""
    h = cache.h_before
    return {
        "Wxr": gates.dzr @ x.T,
        "Whr": gates.dzr @ h.T,
        "br": bias_grad(w.br, gates.dzr),
        "Wxz": gates.dzz @ x.T,
        "Whz": gates.dzz @ h.T,
        "bz": bias_grad(w.bz, gates.dzz),
        "Wxn": gates.dzn @ x.T,
        "bn": bias_grad(w.bn, gates.dzn),
        "Whn": gates.dzn @ cache.reset.T if gates.du is None else gates.du @ h.T,
        "bhn": None if gates.du is None else bias_grad(w.bhn, gates.du),
    }


STAGES: tuple[Stage, ...] = (
    Stage("Reset", "The reset gate decides how much of the old memory the candidate sees.", ("zr", "r")),
    Stage("Decide how much to renew", "The update gate shares out h between old and new.", ("zz", "z", "rest")),
    Stage("Make a candidate", "The candidate is what h could become.", ("u", "reset", "zn", "n")),
    Stage("Mix old and new", "The shares of the two make the new hidden state.", ("new", "old", "h")),
)
_PICTURE = """\
                       4 mix
  h₋ ═════╤═══════════════ ⊙ ═══════════════ + ═════════► [h]
          │                │                 │
          │               {old}                ⊙
          │                │             ┌───┴───┐
          │                │            {new}      │
          │                └─────────────┤       │
          │                             [z]     [n]
          │                              σ     tanh
          └{Whn}─ ⊙ ──────────────────── │ ──────┤
                 │                       │       │
                [r]                      │       │
                 σ                       │       │
  h₋, x ─────────┴───────────────────────┘       └──── x
              1 reset                2 renew   3 candidate

  ═ the memory   ⊙ times, number by number   σ the sigmoid, 0 to 1"""
PICTURES = {
    "chung2014": _PICTURE.format(old="1−z", new=" │ ", Whn="─────"),
    "cho2014": _PICTURE.format(old=" │ ", new="1−z", Whn="─────"),
    "pytorch": _PICTURE.format(old=" │ ", new="1−z", Whn="─Whn─"),
}


def _which(now: Context) -> str:
    shares = "candidate" if now.form == "chung2014" else "old memory"
    place = "after" if now.form == "pytorch" else "before"
    return (
        f"{now.form}. Two things tell the three apart: what z multiplies, here the {shares} (the candidate in chung2014, the "
        f"old memory in cho2014 and pytorch), and where r acts, here {place} Whn (after it in pytorch alone). The same "
        "weights may give different numbers in each: --form all shows them side by side."
    )


QUESTIONS: tuple[Asked, ...] = (*gates.QUESTIONS, Asked("Which of the three GRUs is this?", _which))


def flow_sentence(
    w: Weights, cache: Cache, local: LocalGrads, form: str, regime: str, shown: Callable[[float], str]
) -> str:
    """The share that is kept is what an error loses on its way straight through h."""
    share, kept = "1 − z" if form == "chung2014" else "z", gates.kept(cache.keep, shown)
    grown = " There Whr, Whz and Whn stretch it: that is what grows." if regime == "exploding" else ""
    return (
        f"The old memory goes back through its own share of the mixture, {share}, which is {kept}; the rest "
        f"has to pass the gates and the candidate.{grown}"
    )
