"""The GRU cell in the three forms that the world uses, which give different numbers from the same weights.

- chung2014: n = tanh(Wxn·x + Whn·(r⊙h₋) + bn), h = z⊙n + (1 − z)⊙h₋
- cho2014:   the same n, h = (1 − z)⊙n + z⊙h₋ (Keras with reset_after=False)
- pytorch:   n = tanh(Wxn·x + bn + r⊙(Whn·h₋ + bhn)), h = (1 − z)⊙n + z⊙h₋ (PyTorch, cuDNN, Keras by default)

Sources: Chung et al. (2014), "Empirical evaluation of gated recurrent neural networks on sequence modeling";
Cho et al. (2014), "Learning phrase representations using RNN encoder-decoder"; the manual of torch.nn.GRU.
"""

from typing import Annotated, Any, NamedTuple

import numpy as np

from rnnwalk.engine.functions import bias_share, plus, sigmoid, total
from rnnwalk.engine.notes import Array, Note

TITLE = "GRU cell"
FORMS = ("chung2014", "cho2014", "pytorch")  # the first is the default
ONLY = {"bhn": "pytorch"}  # weights that one form alone has

_IN = "a row for each hidden unit, a column for each symbol: x picks one column"
_HIDDEN = "from each of the n units of h₋ to each unit of the gate"
_BIAS = "one number for each hidden unit"


class Weights(NamedTuple):
    """The learned numbers: two gates and a candidate, each with matrices and a bias of its own."""

    Wxr: Annotated[Array, Note("Wxr", "nk", "input to reset gate", _IN)]
    Whr: Annotated[Array, Note("Whr", "nn", "hidden to reset gate", _HIDDEN)]
    br: Annotated[Array | None, Note("br", "n1", "bias of the reset gate", _BIAS)]
    Wxz: Annotated[Array, Note("Wxz", "nk", "input to update gate", _IN)]
    Whz: Annotated[Array, Note("Whz", "nn", "hidden to update gate", _HIDDEN)]
    bz: Annotated[Array | None, Note("bz", "n1", "bias of the update gate", _BIAS)]
    Wxn: Annotated[Array, Note("Wxn", "nk", "input to candidate", _IN)]
    Whn: Annotated[
        Array, Note("Whn", "nn", "hidden to candidate", "from each of the n units of h₋ to each unit of the candidate")
    ]
    bn: Annotated[Array | None, Note("bn", "n1", "bias of the candidate", _BIAS)]
    bhn: Annotated[Array | None, Note("bhn", "n1", "bias of the candidate's memory", _BIAS + "; r weighs it too")]
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


_SUM = "Letter and memory are weighed and added, with the bias."


class Step(NamedTuple):
    """What one time step computes, in order; it has the State that the next one starts from."""

    zr: Annotated[Array, Note("zrₜ", "n1", "Before the reset gate", _SUM)]
    r: Annotated[
        Array, Note("rₜ", "n1", "The reset gate", "How much of the old memory the candidate sees: 0 is a fresh start.")
    ]
    zz: Annotated[Array, Note("zzₜ", "n1", "Before the update gate", _SUM)]
    z: Annotated[Array, Note("zₜ", "n1", "The update gate", "How old memory and candidate are mixed.")]
    rest: Annotated[Array, Note("=", "n1", "The other share", "z is one share of the mixture, this is the other.")]
    u: Annotated[
        Array | None,
        Note("uₜ", "n1", "What the memory brings", "In this form the memory is weighed by Whn before it is reset."),
    ]
    reset: Annotated[Array, Note("=", "n1", "The memory, reset", "Each number times its reset gate.")]
    zn: Annotated[Array, Note("znₜ", "n1", "Before the candidate", "Letter and reset memory are added, with the bias.")]
    n: Annotated[Array, Note("nₜ", "n1", "The candidate", "What h could become now, squeezed into −1 … 1.")]
    new: Annotated[Array, Note("=", "n1", "What is new", "The candidate, each number times its share.")]
    old: Annotated[Array, Note("=", "n1", "What is kept", "The old memory, each number times the other share.")]
    h: Annotated[Array, Note("hₜ", "n1", "The new hidden state", "A mixture: the two shares make 1.")]


class Kept(NamedTuple):
    """What the way back needs of a time step. fresh, keep: the shares of the candidate and of the old memory."""

    r: Array
    fresh: Array
    keep: Array
    u: Array | None
    reset: Array
    n: Array
    h: Array
    h_before: Array


class Slopes(NamedTuple):
    """How steep each way through the step was; known from the forward pass."""

    slope_z: Annotated[
        Array,
        Note("slope_zₜ", "n1", "From update gate to h", "How h answers to zz: what the mixture swaps, where z moves."),
    ]
    slope_n: Annotated[
        Array,
        Note("slope_nₜ", "n1", "From candidate to h", "How h answers to zn: the candidate's share, where n moves."),
    ]
    slope_r: Annotated[
        Array,
        Note(
            "slope_rₜ",
            "n1",
            "From reset gate to the reset memory",
            "How it answers to zr: what r weighs, where r moves.",
        ),
    ]


class Back(NamedTuple):
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


class Drive(NamedTuple):
    """What the inputs bring to each gate; it does not recur."""

    r: Array
    z: Array
    n: Array


def drive(w: Weights, x: Array) -> Drive:
    """The part of the inputs x (k, m); any number of columns."""
    return Drive(w.Wxr @ x, w.Wxz @ x, w.Wxn @ x)  # each (n, m)


def step(w: Any, drive: Any, before: Any, form: str) -> Any:
    """One time step from the state before; all arrays (n, m)."""
    if isinstance(w, Stacked):
        return _step_stacked(w, drive, before, form)
    zr = plus(drive.r + w.Whr @ before.h, w.br)
    r = sigmoid(zr)
    zz = plus(drive.z + w.Whz @ before.h, w.bz)
    z = sigmoid(zz)
    u, reset, zn = candidate(w, drive.n, w.bn, r, before.h, form)
    n = np.tanh(zn)
    return Step(zr, r, zz, z, *mixed(z, u, reset, zn, n, before.h, form))


def candidate(w: Any, drive: Array, bn: Array | None, r: Array, h: Array, form: str) -> tuple[Any, Array, Array]:
    """The candidate before its tanh: the memory is reset after (pytorch) or before it is weighed by Whn."""
    if form == "pytorch":
        u = plus(w.Whn @ h, w.bhn)
        reset = r * u
        return u, reset, plus(drive + reset, bn)
    reset = r * h
    return None, reset, plus(drive + w.Whn @ reset, bn)


def mixed(z: Array, u: Any, reset: Array, zn: Any, n: Array, h: Array, form: str) -> tuple[Any, ...]:
    """The rest of a Step: z is the share of the candidate (chung2014) or that of the old memory."""
    rest = 1 - z
    new, old = (z * n, rest * h) if form == "chung2014" else (rest * n, z * h)
    return rest, u, reset, zn, n, new, old, new + old


def kept(step: Step, before: Any, form: str) -> Kept:
    """What the way back needs of a step."""
    fresh, keep = (step.z, step.rest) if form == "chung2014" else (step.rest, step.z)
    return Kept(step.r, fresh, keep, step.u, step.reset, step.n, step.h, before.h)


def slopes(kept: Kept, form: str) -> Slopes:
    """The slope of each way: that of a gate σ is σ·(1 − σ), that of tanh 1 − tanh²."""
    r, n, h = kept.r, kept.n, kept.h_before
    swapped = n - h if form == "chung2014" else h - n
    weighed = h if kept.u is None else kept.u
    return Slopes(swapped * (kept.fresh * kept.keep), kept.fresh * (1 - n**2), weighed * (r * (1 - r)))


def back(w: Any, kept: Kept, slopes: Slopes, dh: Array, later: State) -> Any:
    """Into the gates: ∂L/∂z of each from ∂L/∂h."""
    dzn = dh * slopes.slope_n
    dzz = dh * slopes.slope_z
    if kept.u is None:
        dreset, du = w.Whn.T @ dzn, None
        dzr = dreset * slopes.slope_r
    else:
        dreset, du = None, dzn * kept.r
        dzr = dzn * slopes.slope_r
    if isinstance(w, Stacked):
        return StackedBack(np.concatenate([dzr, dzz, dzn], axis=0), dreset, du)
    return Back(dzn, dzz, dreset, dzr, du)


def earlier(w: Any, kept: Kept, dh: Array, back: Any) -> State:
    """What the step before hears of the error, through time: ∂L/∂h₋ directly and through every gate."""
    direct = dh * kept.keep
    through = w.Whn.T @ back.du if back.dreset is None else back.dreset * kept.r
    if isinstance(w, Stacked):
        return State(direct + through + w.Wh.T @ back.dz[: w.Wh.shape[0]])
    return State(total(direct, through, w.Whr.T @ back.dzr, w.Whz.T @ back.dzz))


def shares(w: Any, x: Array, kept: Kept, back: Any) -> dict[str, Array | None]:
    """What these columns add to the gradient of each weight that the step used."""
    h = kept.h_before
    if isinstance(w, Stacked):
        gates = w.Wh.shape[0]
        dzn = back.dz[gates:]
        found = {"Wx": back.dz @ x.T, "Wh": back.dz[:gates] @ h.T, "b": bias_share(w.b, back.dz)}
    else:
        dzn = back.dzn
        found = {"Wxr": back.dzr @ x.T, "Whr": back.dzr @ h.T, "br": bias_share(w.br, back.dzr)}
        found |= {"Wxz": back.dzz @ x.T, "Whz": back.dzz @ h.T, "bz": bias_share(w.bz, back.dzz)}
        found |= {"Wxn": dzn @ x.T, "bn": bias_share(w.bn, dzn)}
    found["Whn"] = dzn @ kept.reset.T if kept.u is None else back.du @ h.T
    found["bhn"] = None if kept.u is None else bias_share(w.bhn, back.du)
    return found


# The fast form: the matrices of gates and candidate on top of each other (r, z, n), so that one product serves all.


class Stacked(NamedTuple):
    """Wx: (3n, k); Wh: of the gates alone, (2n, n); b: (3n, 1)."""

    Wx: Array
    Wh: Array
    Whn: Array
    b: Array | None
    bhn: Array | None
    Why: Array
    by: Array | None


class StackedBack(NamedTuple):
    """dz: of r, z and n on top of each other."""

    dz: Array
    dreset: Array | None
    du: Array | None


def stack(w: Weights) -> Any:
    """The weights for the fast form; as they are where only some of them have a bias."""
    biases = [w.br, w.bz, w.bn]
    missing = sum(bias is None for bias in biases)
    if missing not in (0, 3):
        return w
    b: Array | None = None if missing else np.concatenate(biases)  # type: ignore[arg-type]
    Wx, Wh = np.concatenate([w.Wxr, w.Wxz, w.Wxn]), np.concatenate([w.Whr, w.Whz])
    return Stacked(Wx, Wh, w.Whn, b, w.bhn, w.Why, w.by)


def unstack(w: Any) -> Weights:
    """The weights of each gate again: views."""
    if not isinstance(w, Stacked):
        return w
    n = w.Whn.shape[0]
    r, z, c = slice(0, n), slice(n, 2 * n), slice(2 * n, 3 * n)
    br, bz, bn = (None, None, None) if w.b is None else (w.b[r], w.b[z], w.b[c])
    return Weights(w.Wx[r], w.Wh[r], br, w.Wx[z], w.Wh[z], bz, w.Wx[c], w.Whn, bn, w.bhn, w.Why, w.by)


def prepare(w: Any, x: Array) -> tuple[Any, Any]:
    """For the fast form: all that does not recur, so the biases too, and the weights that are left for the steps."""
    return (plus(w.Wx @ x, w.b) if isinstance(w, Stacked) else drive(w, x)), w


def _step_stacked(w: Stacked, drive: Array, before: Any, form: str) -> Any:
    size = w.Whn.shape[0]
    gates = sigmoid(drive[: 2 * size] + w.Wh @ before.h)
    r, z = gates[:size], gates[size:]
    u, reset, zn = candidate(w, drive[2 * size :], None, r, before.h, form)
    return Step(None, r, None, z, *mixed(z, u, reset, zn, np.tanh(zn), before.h, form))  # type: ignore[arg-type]
