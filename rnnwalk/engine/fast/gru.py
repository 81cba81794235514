"""The GRU for the learner: the matrices of gates and candidate on top of each other (r, z, n), one product for all."""

from typing import NamedTuple

import numpy as np

from rnnwalk.engine.cells import gru
from rnnwalk.engine.cells.gru import Cache, LocalGrads, State, Weights
from rnnwalk.engine.fast.cell import by_columns, prepare_stacked
from rnnwalk.engine.functions import bias_grad, plus, sigmoid
from rnnwalk.engine.notes import Array

cache, local_grads = gru.cache, gru.local_grads


class Stacked(NamedTuple):
    """Wx: (3n, k); Wh: of the gates alone, (2n, n); b: (3n, 1)."""

    Wx: Array
    Wh: Array
    Whn: Array
    b: Array | None
    bhn: Array | None
    Why: Array
    by: Array | None


class Step(NamedTuple):
    """What is used again of a time step: all that ``gru.cache`` reads."""

    r: Array
    z: Array
    rest: Array
    u: Array | None
    reset: Array
    n: Array
    h: Array


class Gates(NamedTuple):
    """dz: of r, z and n on top of each other."""

    dz: Array
    dreset: Array | None
    du: Array | None


def fits(w: Weights) -> bool:
    """Whether the gates and the candidate all have a bias, or none."""
    return len({bias is None for bias in (w.br, w.bz, w.bn)}) == 1


def stack(w: Weights) -> Stacked:
    """The weights of gates and candidate on top of each other."""
    biases = [bias for bias in (w.br, w.bz, w.bn) if bias is not None]
    Wx, Wh = np.concatenate([w.Wxr, w.Wxz, w.Wxn]), np.concatenate([w.Whr, w.Whz])
    return Stacked(Wx, Wh, w.Whn, np.concatenate(biases) if biases else None, w.bhn, w.Why, w.by)


def unstack(w: Stacked) -> Weights:
    """The weights of each gate again: views."""
    n = w.Whn.shape[0]
    r, z, c = slice(0, n), slice(n, 2 * n), slice(2 * n, 3 * n)
    br, bz, bn = (None, None, None) if w.b is None else (w.b[r], w.b[z], w.b[c])
    return Weights(w.Wx[r], w.Wh[r], br, w.Wx[z], w.Wh[z], bz, w.Wx[c], w.Whn, bn, w.bhn, w.Why, w.by)


def prepare(w: Stacked, x: Array) -> tuple[Array, Stacked]:
    """All that does not recur, of all letters at once, and the weights for the steps."""
    prepared, loop = prepare_stacked(w, x)
    return prepared, loop._replace(Whn=by_columns(w.Whn))


def step(w: Stacked, prepared: Array, before: State | Step, form: str) -> Step:
    """One time step from the state before."""
    size = w.Whn.shape[0]
    gates = sigmoid(prepared[: 2 * size] + w.Wh @ before.h)
    r, z = gates[:size], gates[size:]
    u: Array | None = None
    if form == "pytorch":
        u = weighed = plus(w.Whn @ before.h, w.bhn)
        reset = recalled = r * weighed
    else:
        reset = r * before.h
        recalled = w.Whn @ reset
    n, rest = np.tanh(prepared[2 * size :] + recalled), 1 - z
    h = z * n + rest * before.h if form == "chung2014" else rest * n + z * before.h
    return Step(r, z, rest, u, reset, n, h)


def gate_grads(w: Stacked, cache: Cache, local: LocalGrads, grad: State) -> Gates:
    """∂L/∂z of gates and candidate on top of each other."""
    own = gru.gate_grads(w, cache, local, grad)  # type: ignore[arg-type]  # of the weights it needs Whn alone
    return Gates(np.concatenate([own.dzr, own.dzz, own.dzn], axis=0), own.dreset, own.du)


def grad_previous_state(w: Stacked, cache: Cache, grad: State, gates: Gates) -> State:
    """What the step before hears of the error, through time."""
    through = gru.through_candidate(w.Whn, cache.r, gates.dreset, gates.du)
    return State(grad.h * cache.keep + through + w.Wh.T @ gates.dz[: w.Wh.shape[0]])


def grad_input(w: Stacked, gates: Gates) -> Array:
    """What the inputs hear of the error: ∂L/∂x, (k, N)."""
    return w.Wx.T @ gates.dz


def weight_grads(w: Stacked, x: Array, cache: Cache, gates: Gates) -> dict[str, Array | None]:
    """What these columns add to the gradients of the stacked weights."""
    h, size = cache.h_before, w.Wh.shape[0]
    return {
        "Wx": gates.dz @ x.T,
        "Wh": gates.dz[:size] @ h.T,
        "b": bias_grad(w.b, gates.dz),
        "Whn": gates.dz[size:] @ cache.reset.T if gates.du is None else gates.du @ h.T,
        "bhn": None if gates.du is None else bias_grad(w.bhn, gates.du),
    }
