"""The LSTM cell: a memory c that a forget gate empties and an input gate fills, and an output gate that shows it.

Sources: Hochreiter & Schmidhuber (1997), "Long short-term memory", with the forget gate of Gers et al. (2000).
"""

from typing import Annotated, Any, NamedTuple

import numpy as np

from rnnwalk.engine.functions import bias_share, plus, sigmoid, total
from rnnwalk.engine.notes import Array, Note

TITLE = "LSTM cell"
FORMS = ("lstm",)
ONLY: dict[str, str] = {}  # weights that one form alone has

_IN = "a row for each hidden unit, a column for each symbol: x picks one column"
_HIDDEN = "from each of the n units of h₋ to each unit of the gate"
_BIAS = "one number for each hidden unit"


class Weights(NamedTuple):
    """The learned numbers: three gates and a candidate, each with matrices and a bias of its own."""

    Wxi: Annotated[Array, Note("Wxi", "nk", "input to input gate", _IN)]
    Whi: Annotated[Array, Note("Whi", "nn", "hidden to input gate", _HIDDEN)]
    bi: Annotated[Array | None, Note("bi", "n1", "bias of the input gate", _BIAS)]
    Wxf: Annotated[Array, Note("Wxf", "nk", "input to forget gate", _IN)]
    Whf: Annotated[Array, Note("Whf", "nn", "hidden to forget gate", _HIDDEN)]
    bf: Annotated[Array | None, Note("bf", "n1", "bias of the forget gate", _BIAS)]
    Wxg: Annotated[Array, Note("Wxg", "nk", "input to candidate", _IN)]
    Whg: Annotated[
        Array, Note("Whg", "nn", "hidden to candidate", "from each of the n units of h₋ to each unit of the candidate")
    ]
    bg: Annotated[Array | None, Note("bg", "n1", "bias of the candidate", _BIAS)]
    Wxo: Annotated[Array, Note("Wxo", "nk", "input to output gate", _IN)]
    Who: Annotated[Array, Note("Who", "nn", "hidden to output gate", _HIDDEN)]
    bo: Annotated[Array | None, Note("bo", "n1", "bias of the output gate", _BIAS)]
    Why: Annotated[
        Array,
        Note("Why", "on", "hidden to output", "a row for each symbol to be scored, a column for each hidden unit"),
    ]
    by: Annotated[Array | None, Note("by", "o1", "output bias", "one number for each symbol to be scored")]


class State(NamedTuple):
    """What one time step hands to the next."""

    h: Annotated[Array, Note("hₜ", "n1", "initial hidden state", "What was shown before the first letter: nothing.")]
    c: Annotated[Array, Note("cₜ", "n1", "initial cell state", "The memory before the first letter: empty.")]


_SUM = "Letter and memory are weighed and added, with the bias."


class Step(NamedTuple):
    """What one time step computes, in order; it has the State that the next one starts from."""

    zf: Annotated[Array, Note("zfₜ", "n1", "Before the forget gate", _SUM)]
    f: Annotated[
        Array, Note("fₜ", "n1", "The forget gate", "How much of each memory stays: 0 throws it away, 1 keeps it all.")
    ]
    zi: Annotated[Array, Note("ziₜ", "n1", "Before the input gate", _SUM)]
    i: Annotated[
        Array, Note("iₜ", "n1", "The input gate", "How much of the candidate is stored: 0 is nothing, 1 is all of it.")
    ]
    zg: Annotated[Array, Note("zgₜ", "n1", "Before the candidate", _SUM)]
    g: Annotated[Array, Note("gₜ", "n1", "The candidate", "What could be stored now, squeezed into −1 … 1.")]
    kept: Annotated[Array, Note("=", "n1", "What is kept", "The old memory, each number times its forget gate.")]
    added: Annotated[Array, Note("=", "n1", "What is added", "The candidate, each number times its input gate.")]
    c: Annotated[
        Array, Note("cₜ", "n1", "The new cell state", "A plain sum: through it memories and errors pass unsqueezed.")
    ]
    zo: Annotated[Array, Note("zoₜ", "n1", "Before the output gate", _SUM)]
    o: Annotated[Array, Note("oₜ", "n1", "The output gate", "How much of each memory is shown to the outside.")]
    tanh_c: Annotated[Array, Note("=", "n1", "The memory, squeezed", "tanh brings the memory into −1 … 1.")]
    h: Annotated[Array, Note("hₜ", "n1", "The new hidden state", "What the output gate lets through of the memory.")]


class Kept(NamedTuple):
    """What the way back needs of a time step."""

    f: Array
    i: Array
    g: Array
    o: Array
    tanh_c: Array
    c_before: Array
    h: Array
    h_before: Array


class Slopes(NamedTuple):
    """How steep each way through the step was; known from the forward pass."""

    slope_c: Annotated[
        Array,
        Note("slope_cₜ", "n1", "From memory to h", "How h answers to c: through the output gate and the squeeze."),
    ]
    slope_f: Annotated[
        Array,
        Note("slope_fₜ", "n1", "From forget gate to memory", "How c answers to zf: the old memory, where f moves."),
    ]
    slope_i: Annotated[
        Array, Note("slope_iₜ", "n1", "From input gate to memory", "How c answers to zi: the candidate, where i moves.")
    ]
    slope_g: Annotated[
        Array, Note("slope_gₜ", "n1", "From candidate to memory", "How c answers to zg: the input gate, where g moves.")
    ]
    slope_o: Annotated[
        Array, Note("slope_oₜ", "n1", "From output gate to h", "How h answers to zo: the memory, where o moves.")
    ]


class Back(NamedTuple):
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
            "The next letter kept f of this memory, so f of its error comes back: no matrix, no squeeze in between.",
        ),
    ]
    dc: Annotated[
        Array, Note("∂L/∂cₜ", "n1", "The whole error of the memory", "Both ways lead back to c, so both parts add up.")
    ]
    dzf: Annotated[Array, Note("∂L/∂zfₜ", "n1", "The error before the forget gate", "Its slope times ∂L/∂c.")]
    dzi: Annotated[Array, Note("∂L/∂ziₜ", "n1", "The error before the input gate", "Its slope times ∂L/∂c.")]
    dzg: Annotated[Array, Note("∂L/∂zgₜ", "n1", "The error before the candidate", "Its slope times ∂L/∂c.")]
    dzo: Annotated[Array, Note("∂L/∂zoₜ", "n1", "The error before the output gate", "Its slope times ∂L/∂h.")]


class Drive(NamedTuple):
    """What the inputs bring to each gate; it does not recur."""

    f: Array
    i: Array
    g: Array
    o: Array


def drive(w: Weights, x: Array) -> Drive:
    """The part of the inputs x (k, m); any number of columns."""
    return Drive(w.Wxf @ x, w.Wxi @ x, w.Wxg @ x, w.Wxo @ x)  # each (n, m)


def step(w: Any, drive: Any, before: Any, form: str) -> Any:
    """One time step from the state before; all arrays (n, m)."""
    if isinstance(w, Stacked):
        return _step_stacked(w, drive, before)
    zf = plus(drive.f + w.Whf @ before.h, w.bf)
    zi = plus(drive.i + w.Whi @ before.h, w.bi)
    zg = plus(drive.g + w.Whg @ before.h, w.bg)
    zo = plus(drive.o + w.Who @ before.h, w.bo)
    f, i, g, o = sigmoid(zf), sigmoid(zi), np.tanh(zg), sigmoid(zo)
    kept, added, c, tanh_c, h = remember(f, i, g, o, before.c)
    return Step(zf, f, zi, i, zg, g, kept, added, c, zo, o, tanh_c, h)


def remember(f: Array, i: Array, g: Array, o: Array, c: Array) -> tuple[Array, ...]:
    """c = f⊙c₋ + i⊙g and h = o⊙tanh(c), with what is in between."""
    kept = f * c
    added = i * g
    c = kept + added
    tanh_c = np.tanh(c)
    return kept, added, c, tanh_c, o * tanh_c


def kept(step: Step, before: Any, form: str) -> Kept:
    """What the way back needs of a step."""
    return Kept(step.f, step.i, step.g, step.o, step.tanh_c, before.c, step.h, before.h)


def slopes(kept: Kept, form: str) -> Slopes:
    """The slope of each way: that of a gate σ is σ·(1 − σ), that of tanh 1 − tanh²."""
    f, i, g, o = kept.f, kept.i, kept.g, kept.o
    return Slopes(
        o * (1 - kept.tanh_c**2),
        kept.c_before * (f * (1 - f)),
        g * (i * (1 - i)),
        i * (1 - g**2),
        kept.tanh_c * (o * (1 - o)),
    )


def back(w: Any, kept: Kept, slopes: Slopes, dh: Array, later: State) -> Any:
    """Into the gates: ∂L/∂z of each from ∂L/∂h and from ∂L/∂c, part of which arrives through time."""
    dc_own = dh * slopes.slope_c
    dc = dc_own + later.c
    dzf = dc * slopes.slope_f
    dzi = dc * slopes.slope_i
    dzg = dc * slopes.slope_g
    dzo = dh * slopes.slope_o
    if isinstance(w, Stacked):
        return StackedBack(dc, np.concatenate([dzf, dzi, dzo, dzg], axis=0))
    return Back(dc_own, later.c, dc, dzf, dzi, dzg, dzo)


def earlier(w: Any, kept: Kept, dh: Array, back: Any) -> State:
    """What the step before hears of the error, through time: ∂L/∂h₋ through every gate, ∂L/∂c₋ through f alone."""
    if isinstance(w, Stacked):
        return State(w.Wh.T @ back.dz, back.dc * kept.f)
    through = total(w.Whf.T @ back.dzf, w.Whi.T @ back.dzi, w.Whg.T @ back.dzg, w.Who.T @ back.dzo)
    return State(through, back.dc * kept.f)


def shares(w: Any, x: Array, kept: Kept, back: Any) -> dict[str, Array | None]:
    """What these columns add to the gradient of each weight that the step used."""
    if isinstance(w, Stacked):
        return {"Wx": back.dz @ x.T, "Wh": back.dz @ kept.h_before.T, "b": bias_share(w.b, back.dz)}
    found: dict[str, Array | None] = {}
    for gate, bias, dz in (
        ("i", w.bi, back.dzi),
        ("f", w.bf, back.dzf),
        ("g", w.bg, back.dzg),
        ("o", w.bo, back.dzo),
    ):
        found |= {f"Wx{gate}": dz @ x.T, f"Wh{gate}": dz @ kept.h_before.T, f"b{gate}": bias_share(bias, dz)}
    return found


# The fast form: the gates' matrices on top of each other (f, i, o, then g), so that one product serves all four.


class Stacked(NamedTuple):
    """Wx: (4n, k); Wh: (4n, n); b: (4n, 1)."""

    Wx: Array
    Wh: Array
    b: Array | None
    Why: Array
    by: Array | None


class StackedBack(NamedTuple):
    """dz: of f, i, o, g on top of each other."""

    dc: Array
    dz: Array


def stack(w: Weights) -> Any:
    """The weights for the fast form; as they are where only some gates have a bias."""
    biases = [w.bf, w.bi, w.bo, w.bg]
    missing = sum(bias is None for bias in biases)
    if missing not in (0, 4):
        return w
    b: Array | None = None if missing else np.concatenate(biases)  # type: ignore[arg-type]
    return Stacked(
        np.concatenate([w.Wxf, w.Wxi, w.Wxo, w.Wxg]), np.concatenate([w.Whf, w.Whi, w.Who, w.Whg]), b, w.Why, w.by
    )


def unstack(w: Any) -> Weights:
    """The weights of each gate again: views."""
    if not isinstance(w, Stacked):
        return w
    n = w.Wh.shape[1]
    rows = {gate: slice(at * n, at * n + n) for at, gate in enumerate("fiog")}
    parts = {
        name: None if whole is None else whole[rows[gate]]
        for gate in "ifgo"
        for name, whole in ((f"Wx{gate}", w.Wx), (f"Wh{gate}", w.Wh), (f"b{gate}", w.b))
    }
    return Weights(**parts, Why=w.Why, by=w.by)  # type: ignore[arg-type]


def prepare(w: Any, x: Array) -> tuple[Any, Any]:
    """For the fast form: all that does not recur, so the biases too, and the weights that are left for the steps."""
    if isinstance(w, Stacked):
        return plus(w.Wx @ x, w.b), w
    return drive(w, x), w


def _step_stacked(w: Stacked, drive: Array, before: Any) -> Any:
    n = w.Wh.shape[1]
    z = drive + w.Wh @ before.h
    gates, g = sigmoid(z[: 3 * n]), np.tanh(z[3 * n :])
    f, i, o = gates[:n], gates[n : 2 * n], gates[2 * n :]
    kept, added, c, tanh_c, h = remember(f, i, g, o, before.c)
    return Step(None, f, None, i, None, g, kept, added, c, None, o, tanh_c, h)  # type: ignore[arg-type]
